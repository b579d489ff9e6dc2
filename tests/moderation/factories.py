"""Posts that stand, and cases about them."""

from uuid import UUID

from app.community import posts
from app.core.db import unit_of_work
from tests.people import People, SignedIn


async def written(people: People, author: SignedIn, body: str = "A hard day.") -> UUID:
    """A post that was never asked of the API: no allowance and no standing is looked at."""
    async with unit_of_work(people.app.state.database) as session:
        made = await posts.publish(session, author_id=author.member_id, body=body)
    return made.id


async def case_about(
    post_id: UUID | str, reporter: SignedIn, moderator: SignedIn, *, is_claimed: bool = True
) -> str:
    """A case about the post, claimed unless said otherwise; returns its id."""
    answer = await reporter.flag(post_id)
    assert answer.status_code == 201, answer.text
    (case_id,) = (
        str(case["id"]) for case in await moderator.queue() if case["subject"]["id"] == str(post_id)
    )
    if is_claimed:
        claimed = await moderator.claim(case_id)
        assert claimed.status_code == 200, claimed.text
    return case_id
