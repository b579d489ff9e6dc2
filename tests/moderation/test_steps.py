"""What every step asks beside deciding, and how it stands in the case and in the log."""

from typing import Any

import pytest

from app.api.schemas.cases import CaseDetail
from app.core.db import AnyConnection
from app.identity.roles import Role
from tests.moderation.step_taking import HELP, hand_over, held, reach_out, told
from tests.people import People, SignedIn


async def test_it_stands_in_the_case_and_in_the_log_which_vouches_for_the_words(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    database_url: str,
    connection: AnyConnection,
) -> None:
    _, case_id = await held(rowan, sky, sam)
    await reach_out(sam, case_id)
    detail = await ash.get(f"/cases/{case_id}")
    assert CaseDetail.model_validate(detail).model_dump(mode="json") == detail
    ((kind, words, who),) = [
        (step["kind"], step["words"], step["moderator_name"]) for step in detail["steps"]
    ]
    assert (kind, words, who) == ("reached_out", HELP, "Sam")
    line = (await ash.get("/moderation/log", act="reached_out"))["items"][0]
    assert line["actor"]["display_name"] == "Sam"
    assert HELP not in str(line), "the log holds no words"
    assert (await ash.check_log())["is_intact"]
    cursor = await connection.execute("SELECT type FROM core.events WHERE topics @> ARRAY['cases']")
    assert "case.reached_out" in [row["type"] for row in await cursor.fetchall()]
    with pytest.raises(Exception, match="append-only"):
        await connection.execute("UPDATE moderation.steps SET words = 'Something else.'")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE moderation.steps SET words = 'Other words here.'", "is not as line 3 says"),
        ("DELETE FROM moderation.steps", "line 3 tells of a step that is not there"),
        ("UPDATE moderation.steps SET id = gen_random_uuid()", "step"),
        (
            "DELETE FROM moderation.log WHERE act = 'reached_out'",
            "a step in case",
        ),
    ],
)
async def test_a_step_that_was_touched_shows(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    connection: AnyConnection,
    statement: str,
    why: str,
) -> None:
    _, case_id = await held(rowan, sky, sam)
    await reach_out(sam, case_id)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(statement)
    await connection.execute("SET session_replication_role = origin")
    found = await sam.check_log()
    assert not found["is_intact"]
    assert why in found["why"]


@pytest.mark.parametrize("step", [reach_out, hand_over])
async def test_a_step_asks_what_a_decision_asks(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn, step: Any
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    post_id, case_id = await held(rowan, sky, sam)

    async def refused(one: SignedIn, **more: Any) -> tuple[int, str]:
        answer = await step(one, case_id, **more)
        return answer.status_code, answer.json()["type"]

    assert await refused(ash) == (409, "case-claimed")
    assert await refused(sky, version=1) == (403, "forbidden")
    assert await refused(sam, words="Short.") == (422, "invalid")
    assert await refused(sam, version=9) == (409, "case-changed")
    await rowan.edit(post_id, "It is better now.")
    assert await refused(sam) == (409, "text-changed")
    await sam.get(f"/cases/{case_id}")
    await sam.delete(f"/cases/{case_id}/claim")
    assert await refused(sam) == (409, "lease-lost")
    await sam.claim(case_id)
    await sam.decide(case_id)
    assert await refused(sam) == (409, "already-decided")
    assert await told(rowan, "reach_out") == []


@pytest.mark.parametrize("step", [reach_out, hand_over])
async def test_nobody_takes_a_step_in_a_case_they_have_a_part_in(
    sky: SignedIn, sam: SignedIn, ash: SignedIn, step: Any
) -> None:
    _, of_ash = await held(ash, sky, sam)
    _, by_ash = await held(sky, ash, sam)
    for case_id in (of_ash, by_ash):
        answer = await step(ash, case_id, version=1)
        assert (answer.status_code, answer.json()["type"]) == (403, "own-case")
