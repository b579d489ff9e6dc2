"""A sanction on a person: in force at once, told, appealed, and held by the database."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.community import posts
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from tests.moderation.factories import case_about, written
from tests.moderation.sanctioned import SUSPEND, decided, is_intact, own, proposal, suspended
from tests.people import People, SignedIn, id_of

NO_POSTING = {"kind": "no_posting", "days": 7}
READ_FIRST = {"kind": "read_first", "days": 7}


async def test_a_warning_is_told_with_its_reason_and_holds_nothing(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    await decided(rowan, sky, sam, {"kind": "warn", "days": None})
    notices = {one["kind"]: one for one in await rowan.notices()}
    assert "take care with what you write" in notices["sanction"]["text"]
    assert notices["sanction"]["reason"] == "It may be hard to read for someone on a bad day."
    assert "in trouble" not in notices["decision"]["text"], "where it is not true it is not said"
    (one,) = await own(rowan)
    assert (one["kind"], one["state"], one["can_appeal"]) == ("warn", "given", True)
    assert (await rowan.post("/posts", body="I understand.")).status_code == 201
    assert await is_intact(sam)


async def test_who_may_not_write_reads_and_reacts_and_the_database_holds_it(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, database: Database
) -> None:
    mine = id_of(await rowan.publish("Before."))
    theirs = id_of(await sky.publish())
    case_id = await decided(rowan, sky, sam, NO_POSTING)
    hidden = (await sam.get(f"/cases/{case_id}"))["subject"]["id"]
    right = await rowan.client.put(f"/api/v1/posts/{hidden}", json={"body": "Put right."})
    assert (right.status_code, right.json()["state"]) == (200, "hidden")
    for answer in (
        await rowan.post("/posts", body="Hello."),
        await rowan.post(f"/posts/{theirs}/replies", body="Hello."),
        await rowan.client.put(f"/api/v1/posts/{mine}", json={"body": "After."}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "posting-limited")
    assert (await rowan.put(f"/posts/{theirs}/reactions/i_hear_you")).status_code < 300
    assert (await rowan.client.get("/api/v1/wall")).status_code == 200
    assert (await rowan.delete(f"/posts/{mine}")).status_code == 204
    with pytest.raises(psycopg.errors.CheckViolation, match="limited"):
        await written(people, rowan)
    me = await rowan.get("/me")
    assert (me["standing"]["suspended"], me["standing"]["no_posting"] is not None) == (None, True)
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert (await rowan.get("/me"))["standing"]["no_posting"] is None
        assert (await rowan.post("/posts", body="Back.")).status_code == 201
    assert await is_intact(sam)


async def test_what_is_read_first_waits_for_a_moderator_and_is_opened_by_one(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, database: Database
) -> None:
    root = id_of(await sky.publish())
    await decided(rowan, sky, sam, READ_FIRST)
    made = await rowan.post(f"/posts/{root}/replies", body="Thinking of you.")
    assert (made.status_code, made.json()["state"]) == (201, "hidden")
    post_id = made.json()["id"]
    assert (await sky.client.get(f"/api/v1/posts/{post_id}")).status_code == 404
    assert (await sky.get(f"/posts/{root}"))["reply_count"] == 0
    assert (await rowan.get(f"/posts/{post_id}"))["state"] == "hidden"
    (case,) = [one for one in await sam.queue() if one["subject"]["id"] == post_id]
    assert case["is_premoderated"]
    await sam.claim(case["id"])
    acts = (await sam.get(f"/cases/{case['id']}"))["acts"]
    assert {act["act"] for act in acts if act["allowed"]} == {"nothing", "fold", "hide", "restore"}
    assert (await sam.decide(case["id"], "restore")).status_code == 201
    assert (await sky.get(f"/posts/{post_id}"))["state"] == "visible"
    changed = await rowan.client.put(f"/api/v1/posts/{post_id}", json={"body": "Something else."})
    assert changed.json()["type"] == "posting-limited", "or it would be read by nobody first"
    async with unit_of_work(database) as session:
        by_hand = await posts.publish(session, author_id=rowan.member_id, body="Words.")
    assert (await sky.client.get(f"/api/v1/posts/{by_hand.id}")).status_code == 404
    assert await is_intact(sam)


@pytest.mark.parametrize(
    ("answer", "state", "opens"),
    [
        ({"kind": "upheld"}, "in_force", False),
        ({"kind": "shortened", "days": 7}, "in_force", False),
        ({"kind": "lifted"}, "lifted", True),
    ],
)
async def test_an_appeal_is_answered_by_a_third_moderator(
    people: People,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    answer: dict[str, Any],
    state: str,
    opens: bool,
) -> None:
    await suspended(rowan, sky, sam, ash)
    (one,) = await own(rowan)
    path = f"/me/sanctions/{one['id']}/appeal"
    assert (await rowan.post(path, words="It was a quote.")).status_code == 201
    wren = await people.moderator("Wren")
    (case,) = await wren.queue()
    for part in (sam, ash):
        assert (await part.claim(case["id"])).status_code == 403, "they decided before"
    await wren.claim(case["id"])
    detail = await wren.get(f"/cases/{case['id']}")
    assert (detail["appealed_sanction_id"], detail["appeal"]["words"]) == (
        one["id"],
        "It was a quote.",
    )
    silent = await wren.decide(case["id"])
    assert silent.status_code == 422, "an appeal is answered"
    assert (await wren.decide(case["id"], answer=answer)).status_code == 201
    (after,) = await own(rowan)
    assert (after["state"], after["answer"], after["can_appeal"]) == (state, answer["kind"], False)
    assert ((await rowan.client.get("/api/v1/wall")).status_code == 200) is opens
    if answer["kind"] == "shortened":
        assert after["ends_at"] < one["ends_at"]
    assert (await rowan.post(path)).json()["type"] == "nothing-to-appeal"
    assert await is_intact(wren)


async def test_another_length_than_there_is_is_refused(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    for wanted in ({"kind": "suspend", "days": 3}, {"kind": "no_posting", "days": None}):
        assert (await sam.decide(case_id, "hide", sanction=wanted)).status_code == 422
    nobody = await sam.decide(case_id, "hide", answer={"kind": "lifted"})
    assert nobody.status_code == 422, "nobody appeals"


async def test_another_member_knows_nothing_of_it(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    await decided(rowan, sky, sam, NO_POSTING)
    (one,) = await own(rowan)
    assert await own(sky) == []
    answer = await sky.post(f"/me/sanctions/{one['id']}/appeal")
    assert (answer.status_code, answer.json()["type"]) == (404, "sanction-not-found")
    assert (await sky.client.get("/api/v1/sanctions/proposed")).status_code == 403


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE moderation.sanctions SET days = 30", "a sanction in case"),
        ("UPDATE moderation.sanction_changes SET changed_at = now()", "a sanction in case"),
        ("DELETE FROM moderation.sanction_changes", "tells of a sanction that is not there"),
    ],
)
async def test_a_sanction_that_was_touched_shows(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
    statement: str,
    why: str,
) -> None:
    await suspended(rowan, sky, sam, ash)
    with pytest.raises(Exception, match="append-only"):
        await connection.execute(statement)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(statement)
    await connection.execute("SET session_replication_role = origin")
    found = await sam.check_log()
    assert why in str(found["why"])


async def test_the_database_wants_another_person_to_confirm(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    await decided(rowan, sky, sam, SUSPEND)
    with pytest.raises(psycopg.errors.CheckViolation, match="by_another"):
        await connection.execute(
            "INSERT INTO moderation.sanction_changes (id, sanction_id, proposed_by, kind,"
            " moderator_id, changed_at) SELECT gen_random_uuid(), id, moderator_id, 'confirmed',"
            " moderator_id, now() FROM moderation.sanctions"
        )


async def test_that_the_community_was_closed_is_told_once_and_again_after_it_was_open(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn, connection: AnyConnection
) -> None:
    async def told() -> int:
        cursor = await connection.execute(
            "SELECT payload ->> 'member_id' AS who FROM core.events"
            " WHERE type = 'account.suspended'"
        )
        assert {row["who"] for row in await cursor.fetchall()} <= {str(rowan.member_id)}
        return cursor.rowcount

    await decided(rowan, sky, sam, {"kind": "warn", "days": None})
    await decided(rowan, sky, sam, SUSPEND)
    assert await told() == 0, "it is only proposed"
    path = f"/sanctions/{(await proposal(ash))['id']}/confirm"
    assert (await ash.post(path)).status_code == 204
    assert await told() == 1
    with clock.at(clock.now() + timedelta(days=15)):
        await suspended(rowan, sky, sam, ash)
    assert await told() == 2
