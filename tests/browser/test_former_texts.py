"""What a post said before is there for the moderators of its case, a page at a time."""

from playwright.async_api import expect

from app.community import posts, publishing
from app.core.db import unit_of_work
from app.identity.roles import Role
from tests.browser.staff import staff
from tests.browser.windows import Windows
from tests.people import someone

LAST = 25


async def test_a_moderator_reads_all_that_a_post_has_said(windows: Windows) -> None:
    rowan = await someone(windows.database, windows.settings, name="Rowan")
    async with unit_of_work(windows.database) as session:
        made = await publishing.publish(session, author_id=rowan.member_id, body="Words 1.")
    for number in range(2, LAST + 1):
        async with unit_of_work(windows.database) as session:
            post = await posts.get(session, made.id, lock=True)
            await posts.edit(session, post, body=f"Words {number}.")
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    opened = await sam.context.request.post(
        f"{windows.server.origin}/api/v1/cases",
        data={"post_id": str(made.id)},
        headers={"Origin": windows.server.origin},
    )
    await sam.goto(f"/moderation/cases/{(await opened.json())['id']}")
    await sam.get_by_role("button", name="Open it").click()
    await expect(sam.get_by_text(f"Words {LAST}.", exact=True)).to_be_visible()
    await expect(sam.get_by_text("Words 14.", exact=True)).to_have_count(0)
    await sam.get_by_role("button", name="Show the other versions").click()
    await expect(sam.get_by_text("Words 14.", exact=True)).to_be_visible()
    await expect(sam.get_by_text("Words 5.", exact=True)).to_have_count(0)
    earlier = sam.get_by_role("button", name="Show earlier versions")
    await earlier.click()
    await expect(sam.get_by_text("Words 1.", exact=True)).to_be_visible()
    await expect(earlier).to_have_count(0)
    shown = await sam.get_by_text("Words ").all_inner_texts()
    assert sorted(shown) == sorted(f"Words {number}." for number in range(1, LAST + 1))
