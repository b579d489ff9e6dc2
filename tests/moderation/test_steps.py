"""What every step asks beside deciding, and how it stands in the case and in the log."""

from typing import Any

import pytest

from app.api.schemas.cases import CaseDetail
from app.core.db import AnyConnection
from app.identity.roles import Role
from tests.moderation.factories import House, Signed
from tests.moderation.step_taking import HELP, hand_over, held, reach_out, told


async def test_it_stands_in_the_case_and_in_the_log_which_vouches_for_the_words(
    house: House,
    rowan: Signed,
    sky: Signed,
    sam: Signed,
    ash: Signed,
    database_url: str,
    connection: AnyConnection,
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
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
    house: House,
    rowan: Signed,
    sky: Signed,
    sam: Signed,
    connection: AnyConnection,
    statement: str,
    why: str,
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    await reach_out(sam, case_id)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(statement)
    await connection.execute("SET session_replication_role = origin")
    found = await sam.check_log()
    assert not found["is_intact"]
    assert why in found["why"]


@pytest.mark.parametrize("step", [reach_out, hand_over])
async def test_a_step_asks_what_a_decision_asks(
    house: House, rowan: Signed, sky: Signed, sam: Signed, ash: Signed, step: Any
) -> None:
    await house.moderator("Lead", Role.SAFEGUARDING)
    post_id, case_id = await held(house, rowan, sky, sam)

    async def refused(one: Signed, **more: Any) -> tuple[int, str]:
        answer = await step(one, case_id, **more)
        return answer.status_code, answer.json()["type"]

    assert await refused(ash) == (409, "case-claimed")
    assert await refused(sky, version=1) == (403, "forbidden")
    assert await refused(sam, words="Short.") == (422, "invalid")
    assert await refused(sam, version=9) == (409, "case-changed")
    await house.edit(post_id, "It is better now.")
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
    house: House, sky: Signed, sam: Signed, ash: Signed, step: Any
) -> None:
    _, of_ash = await held(house, ash, sky, sam)
    _, by_ash = await held(house, sky, ash, sam)
    for case_id in (of_ash, by_ash):
        answer = await step(ash, case_id, version=1)
        assert (answer.status_code, answer.json()["type"]) == (403, "own-case")
