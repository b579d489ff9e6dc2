"""A suspension: proposed by one moderator, confirmed by another, told, appealed, and over."""

import base64
from datetime import datetime, timedelta

import orjson
import psycopg
import pytest

from app.community.choices import ReactionKind
from app.core import clock, mail
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.moderation import sanctions
from tests.moderation.factories import case_about, written
from tests.moderation.sanctioned import SUSPEND, decided, is_intact, own, proposal, suspended
from tests.people import People, SignedIn, id_of


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


async def test_a_month_is_thirty_days(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    now = clock.now()
    with clock.at(now):
        await suspended(rowan, sky, sam, ash, days=30)
    (one,) = await own(rowan)
    assert datetime.fromisoformat(one["ends_at"]) - now == timedelta(days=30)
    for days, status in ((15, 403), (29.99, 403), (30.01, 200)):  # each keeps the sign-in open
        with clock.at(now + timedelta(days=days)):
            assert (await rowan.client.get("/api/v1/wall")).status_code == status


async def test_for_good_is_told_as_such_and_never_runs_out(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn, database: Database
) -> None:
    await suspended(rowan, sky, sam, ash, days=None)
    (one,) = await own(rowan)
    assert (one["state"], one["is_for_good"], one["ends_at"]) == ("in_force", True, None)
    assert (await rowan.get("/me"))["standing"]["suspended"] == {"until": None}
    now = clock.now()
    for days in range(20, 800, 20):
        with clock.at(now + timedelta(days=days)):
            assert (await rowan.client.get("/api/v1/wall")).status_code == 403
            async with unit_of_work(database) as session:
                assert not await sanctions.tell_over(session)
    appealed = await rowan.post(f"/me/sanctions/{one['id']}/appeal", words="I have changed.")
    assert appealed.status_code == 201
    assert await is_intact(sam)


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
