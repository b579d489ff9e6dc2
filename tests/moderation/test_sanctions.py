"""What a decision means for a person: in force at once or by two, told, appealed, and over."""

import base64
from datetime import timedelta
from typing import Any

import orjson
import psycopg
import pytest

from app.community import posts
from app.community.choices import ReactionKind
from app.core import clock, mail
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.moderation import sanctions
from tests.moderation.factories import case_about, written
from tests.people import People, SignedIn, id_of

SUSPEND = {"kind": "suspend", "days": 14}
NO_POSTING = {"kind": "no_posting", "days": 7}
READ_FIRST = {"kind": "read_first", "days": 7}


async def decided(
    author: SignedIn,
    reporter: SignedIn,
    moderator: SignedIn,
    sanction: dict[str, Any],
) -> str:
    """A case about a post, decided with a sanction; returns its id."""
    case_id = await case_about(id_of(await author.publish()), reporter, moderator)
    answer = await moderator.decide(case_id, "hide", sanction=sanction)
    assert answer.status_code == 201, answer.text
    return case_id


async def own(person: SignedIn) -> list[dict[str, Any]]:
    return list((await person.get("/me/sanctions"))["items"])


async def proposal(moderator: SignedIn) -> dict[str, Any]:
    (one,) = (await moderator.get("/sanctions/proposed"))["items"]
    return dict(one)


async def suspended(author: SignedIn, reporter: SignedIn, first: SignedIn, second: SignedIn) -> str:
    """A member who is suspended for two weeks by two; returns the case."""
    case_id = await decided(author, reporter, first, SUSPEND)
    path = f"/sanctions/{(await proposal(second))['id']}/confirm"
    assert (await second.post(path)).status_code == 204
    return case_id


async def is_intact(moderator: SignedIn) -> bool:
    found = await moderator.check_log()
    return bool(found["is_intact"]) or pytest.fail(found["why"])


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


async def test_a_suspension_needs_another_moderator_and_until_then_nothing_holds(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    case_id = await decided(rowan, sky, sam, SUSPEND)
    assert await own(rowan) == [], "nobody is told of what is only proposed"
    assert (await rowan.get("/me"))["standing"]["suspended"] is None
    assert (await rowan.client.get("/api/v1/wall")).status_code == 200
    waiting = await proposal(ash)
    assert (waiting["case_id"], waiting["author_name"], waiting["allowed"]) == (
        case_id,
        "Rowan",
        True,
    )
    path = f"/sanctions/{waiting['id']}/confirm"
    refused = await sam.post(path)
    assert (refused.status_code, refused.json()["type"]) == (403, "own-proposal")
    assert not (await proposal(sam))["allowed"]
    for _ in range(2):
        assert (await ash.post(path)).status_code == 204, "again, the same answer"
    assert (await ash.get("/sanctions/proposed"))["items"] == []
    (one,) = await own(rowan)
    assert (one["state"], one["is_for_good"]) == ("in_force", False)
    (shown,) = (await ash.get(f"/cases/{case_id}"))["sanctions"]
    assert (shown["moderator_name"], shown["second_name"]) == ("Sam", "Ash")
    assert await is_intact(sam)


async def test_neither_who_flagged_nor_the_author_confirms(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    await decided(ash, sky, sam, SUSPEND)
    assert (await ash.get("/sanctions/proposed"))["items"] == []
    wren = await people.moderator("Wren")
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, wren, sam)
    await sam.decide(case_id, "hide", sanction=SUSPEND)
    (found,) = [
        one for one in (await wren.get("/sanctions/proposed"))["items"] if one["case_id"] == case_id
    ]
    assert not found["allowed"]
    answer = await wren.post(f"/sanctions/{found['id']}/confirm")
    assert answer.status_code == 403


async def test_a_second_moderator_who_does_not_agree_ends_it(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    case_id = await decided(rowan, sky, sam, SUSPEND)
    waiting = await proposal(ash)
    path = f"/sanctions/{waiting['id']}"
    assert (await ash.post(f"{path}/decline", reason="Short.")).status_code == 422
    why = "This was a first time, a warning is enough."
    assert (await ash.post(f"{path}/decline", reason=why)).status_code == 204
    late = await ash.post(f"{path}/confirm")
    assert (late.status_code, late.json()["type"]) == (409, "sanction-settled")
    assert await own(rowan) == []
    (shown,) = (await ash.get(f"/cases/{case_id}"))["sanctions"]
    assert shown["state"] == "declined"
    assert await is_intact(sam)


async def test_a_suspended_member_reaches_help_appeal_data_and_the_way_out_and_nothing_else(
    people: People,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
) -> None:
    theirs = id_of(await sky.publish())
    await suspended(rowan, sky, sam, ash)
    for answer in (
        await rowan.client.get("/api/v1/wall"),
        await rowan.client.get(f"/api/v1/posts/{theirs}"),
        await rowan.client.get("/api/v1/search", params={"q": "day"}),
        await rowan.post("/posts", body="Hello."),
        await rowan.put(f"/posts/{theirs}/reactions/i_hear_you"),
        await rowan.flag(theirs),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "account-suspended")
    me = await rowan.get("/me")
    assert me["standing"]["suspended"]["until"] is not None
    (one,) = await own(rowan)
    assert one["reason"] == "It may be hard to read for someone on a bad day."
    appealed = await rowan.post(f"/me/sanctions/{one['id']}/appeal", words="It was a quote.")
    assert appealed.status_code == 201
    assert (await rowan.client.get("/api/v1/me/data")).status_code != 403
    assert (await rowan.client.get("/api/v1/sessions")).status_code == 200
    for statement in (
        "INSERT INTO community.reactions (post_id, member_id, kind, created_at)"
        f" VALUES ('{theirs}', '{rowan.member_id}', '{ReactionKind.I_HEAR_YOU}', now())",
        "INSERT INTO moderation.reports (id, case_id, reporter_id, is_worried, revision,"
        " created_at) SELECT gen_random_uuid(), id, "
        f"'{rowan.member_id}', true, 1, now() FROM moderation.cases LIMIT 1",
    ):
        with pytest.raises(psycopg.errors.CheckViolation, match="suspended"):
            await connection.execute(statement)
    with pytest.raises(psycopg.errors.CheckViolation, match="suspended"):
        await written(people, rowan)


async def test_the_member_is_written_to_without_a_word_of_why(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    await decided(rowan, sky, sam, SUSPEND)
    await connection.execute("DELETE FROM procrastinate_jobs")
    waiting = await proposal(ash)
    for _ in range(2):
        await ash.post(f"/sanctions/{waiting['id']}/confirm")
    cursor = await connection.execute("SELECT args FROM procrastinate_jobs")
    (box,) = [base64.b64decode(row["args"]["box"]) for row in await cursor.fetchall()]
    letter = orjson.loads(Encryption(settings.secrets).open(box, purpose=mail.PURPOSE))
    assert "Please sign in" in letter["text"]
    for word in ("suspen", "bad day", "Rowan"):
        assert word not in str(letter), "it is read on locked screens"


async def test_it_ends_by_itself_and_an_update_says_so_once(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn, database: Database
) -> None:
    await suspended(rowan, sky, sam, ash)
    with clock.at(clock.now() + timedelta(days=14, seconds=1)):
        assert (await rowan.client.get("/api/v1/wall")).status_code == 200, "nothing has run"
        assert (await rowan.post("/posts", body="Back.")).status_code == 201
        for told in (True, False):
            async with unit_of_work(database) as session:
                assert await sanctions.tell_over(session) is told
        (first, *_) = await rowan.notices()
        assert (first["kind"], first["text"]) == (
            "sanction",
            "Your account is open again. Welcome back.",
        )
        assert (await own(rowan))[0]["state"] == "over"
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


async def test_who_is_suspended_is_not_written_to_as_if_they_read_it(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    other = id_of(await rowan.publish())
    await suspended(rowan, sky, sam, ash)
    case_id = await case_about(other, sky, sam)
    detail = await sam.get(f"/cases/{case_id}")
    (reach,) = [one for one in detail["next_steps"] if one["kind"] == "reached_out"]
    assert (reach["allowed"], detail["author_reads_here"]) == (False, True)
    sent = await sam.post(
        f"/cases/{case_id}/reach-out", words="I hope you are well.", version=detail["version"]
    )
    assert sent.json()["type"] == "cannot-reach"


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
