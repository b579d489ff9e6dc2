"""Many flags by one member are one batch: they take one place, and one act decides them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.db import AnyConnection
from app.moderation.queue import BATCH_FROM
from tests.moderation.factories import written
from tests.people import KIND, People, SignedIn, id_of

NIGHT = datetime(2026, 11, 27, 3, tzinfo=UTC)


async def flood(people: People, rowan: SignedIn, sky: SignedIn, number: int) -> list[str]:
    """Sky worries about so many posts, as fast as they may."""
    found = []
    for at in range(number):
        with clock.at(NIGHT + timedelta(seconds=3 * at)):
            post_id = await written(people, rowan, f"Post {at}.")
            assert (await sky.worry(post_id)).status_code == 201
        found.append(str(post_id))
    return found


def read(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"case_id": one["id"], "version": one["version"], "revision": one["revision"]}
        for one in items
    ]


async def leave(moderator: SignedIn, case_id: str, items: list[dict[str, Any]]) -> Any:
    return await moderator.post(f"/cases/{case_id}/batch/decision", reason=KIND, cases=read(items))


async def test_what_three_people_worry_about_comes_before_the_sixty_of_one(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    posts = await flood(people, rowan, sky, 60)
    with clock.at(NIGHT + timedelta(minutes=4)):
        three = id_of(await rowan.publish("I can't any more."))
        for name in ("Wren", "Robin", "Moss"):
            await (await people.member(name)).worry(three)
    with clock.at(NIGHT + timedelta(minutes=5)):
        one = id_of(await rowan.publish("Nobody would notice."))
        await (await people.member("Ivy")).worry(one)
    page = await sam.get("/cases")
    first, batch, last = page["items"]
    assert page["next_cursor"] is None
    assert (first["subject"]["id"], first["worried_count"]) == (str(three), 3)
    assert first["batch"] is None
    assert batch["subject"]["id"] == posts[0]
    assert len(batch["batch"]["case_ids"]) == 60
    assert last["subject"]["id"] == str(one)


async def test_more_different_people_come_first_at_both_doors_and_pages_go_on(
    people: People, rowan: SignedIn, sam: SignedIn
) -> None:
    persons = [await people.member(f"Person {number}") for number in range(4)]
    expected = []
    for crowd in (1, 2, 3, 4):
        for kind in ("worried", "breaks_rules"):
            post_id = id_of(await rowan.publish())
            for person in persons[:crowd]:
                assert (await person.flag(post_id, kind)).status_code == 201
            expected.append((kind == "breaks_rules", -crowd, str(post_id)))
    order = [case["subject"]["id"] for case in await sam.queue()]
    assert order == [post_id for *_, post_id in sorted(expected)]


async def test_few_flags_by_one_member_stand_each_for_itself(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    await flood(people, rowan, sky, BATCH_FROM - 1)
    assert [case["batch"] for case in await sam.queue()] == [None] * (BATCH_FROM - 1)
    await flood(people, rowan, sky, 1)
    (case,) = await sam.queue()
    assert len(case["batch"]["case_ids"]) == BATCH_FROM


async def test_a_case_leaves_the_batch_when_someone_else_flags_it_or_a_moderator_takes_it(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    posts = await flood(people, rowan, sky, 6)
    await (await people.member("Wren")).flag(posts[3])
    rows = await sam.queue()
    assert [len(row["batch"]["case_ids"]) if row["batch"] else 1 for row in rows] == [5, 1]
    await ash.claim(rows[0]["id"])
    rows = await sam.queue()
    assert sorted(len(row["batch"]["case_ids"]) if row["batch"] else 1 for row in rows) == [1, 1, 4]


async def test_a_batch_is_decided_in_one_act_and_answered_once(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    posts = await flood(people, rowan, sky, 12)
    (row,) = await sam.queue()
    items = (await sam.get(f"/cases/{row['id']}/batch"))["items"]
    assert [item["subject"]["id"] for item in items] == posts
    answer = await leave(sam, row["id"], items)
    assert (answer.status_code, answer.json()) == (200, {"decided": 12, "left": 0})
    assert await sam.queue() == []
    assert len(await sam.queue("decided")) == 12
    (notice,) = await sky.notices()
    assert notice["kind"] == "report_answer"
    assert "12 things" in notice["text"]
    assert KIND in notice["text"]
    mine = (await sky.get("/me/reports"))["items"]
    assert {report["state"] for report in mine} == {"answered"}
    assert (await sam.check_log())["is_intact"]
    assert await rowan.notices() == [], "nothing was changed"


async def test_what_changed_since_it_was_read_stays_open(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    posts = await flood(people, rowan, sky, 6)
    (row,) = await sam.queue()
    items = (await sam.get(f"/cases/{row['id']}/batch"))["items"]
    await rowan.edit(posts[1], "Other words.")
    await (await people.member("Wren")).worry(posts[2])
    await ash.claim(items[3]["id"])
    assert (await leave(sam, row["id"], items)).json() == {"decided": 3, "left": 3}
    left = {case["subject"]["id"] for case in await sam.queue()}
    assert left == {posts[1], posts[2], posts[3]}
    again = await leave(sam, row["id"], items)
    assert (again.status_code, again.json()["type"]) == (409, "already-decided")


async def test_nobody_decides_a_batch_of_their_own_flags_or_about_their_own_posts(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    await flood(people, rowan, sam, 5)
    (row,) = await ash.queue()
    items = (await ash.get(f"/cases/{row['id']}/batch"))["items"]
    answer = await leave(sam, row["id"], items)
    assert (answer.status_code, answer.json()["type"]) == (403, "own-case")
    assert (await sam.client.get(f"/api/v1/cases/{row['id']}/batch")).status_code == 403
    assert (await sky.client.get(f"/api/v1/cases/{row['id']}/batch")).status_code == 403
    await flood(people, ash, sky, 5)
    (mine,) = [case for case in await sam.queue() if case["why_not"] is None]
    theirs = (await sam.get(f"/cases/{mine['id']}/batch"))["items"]
    refused = await leave(ash, row["id"], theirs)
    assert refused.json() == {"decided": 0, "left": 5}


@pytest.mark.parametrize("reason", ["", "short"])
async def test_a_batch_is_decided_with_a_reason(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, reason: str
) -> None:
    await flood(people, rowan, sky, 5)
    (row,) = await sam.queue()
    items = (await sam.get(f"/cases/{row['id']}/batch"))["items"]
    path = f"/cases/{row['id']}/batch/decision"
    assert (await sam.post(path, reason=reason, cases=read(items))).status_code == 422
