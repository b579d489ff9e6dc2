"""A break: the account stays as it is, nobody else is told, coming back ends it."""

import asyncio
from datetime import datetime, timedelta

import psycopg
import pytest
from fastapi import FastAPI

from app.community import breaks, members
from app.community.choices import BreakLength
from app.community.subscribers import SUBSCRIBER
from app.core import clock, events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.identity.events import AccountClosed
from tests.people import Json, SignedIn, signed_in


async def _take(member: SignedIn, length: str) -> Json:
    answer = await member.client.put("/api/v1/me/break", json={"length": length})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def _told(connection: AnyConnection) -> list[tuple[str, list[str], Json]]:
    cursor = await connection.execute(
        "SELECT type, topics, payload FROM core.events WHERE type LIKE 'break.%%' ORDER BY id"
    )
    return [(row["type"], row["topics"], row["payload"]) for row in await cursor.fetchall()]


@pytest.mark.parametrize(("length", "days"), [("day", 1), ("week", 7), ("month", 30)])
async def test_a_break_lasts_as_long_as_was_chosen(
    rowan: SignedIn, database: Database, length: str, days: int
) -> None:
    assert (await rowan.get("/me"))["on_break"] is None
    before = clock.now()
    taken = await _take(rowan, length)
    ends_at = datetime.fromisoformat(taken["ends_at"])
    assert before <= ends_at - timedelta(days=days) <= clock.now()
    assert (await rowan.get("/me"))["on_break"] == taken
    for moment, end in ((ends_at - timedelta(seconds=1), ends_at), (ends_at, None)):
        with clock.at(moment):
            assert (await members.show_own(database.pool, rowan.member_id))["break_ends_at"] == end


async def test_coming_back_ends_it_and_once_more_changes_nothing(
    rowan: SignedIn, connection: AnyConnection
) -> None:
    await _take(rowan, "week")
    for _ in range(2):
        answer = await rowan.client.delete("/api/v1/me/break")
        assert answer.status_code == 204
    assert (await rowan.get("/me"))["on_break"] is None
    topics = [f"me:{rowan.member_id}"]
    assert [(kind, to) for kind, to, _ in await _told(connection)] == [
        ("break.taken", topics),
        ("break.ended", topics),
    ]


async def test_another_length_is_another_end_and_no_second_break(
    rowan: SignedIn, connection: AnyConnection
) -> None:
    first, second = await _take(rowan, "week"), await _take(rowan, "day")
    assert second["ends_at"] < first["ends_at"]
    assert (await rowan.get("/me"))["on_break"] == second
    (told,) = await _told(connection)
    assert (told[0], told[2]["length"]) == ("break.taken", "week")


async def test_a_break_that_ran_out_makes_room_for_the_next(
    rowan: SignedIn, connection: AnyConnection
) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        await _take(rowan, "day")
    await rowan.client.delete("/api/v1/me/break")
    await _take(rowan, "day")
    assert [kind for kind, _, _ in await _told(connection)] == ["break.taken", "break.taken"]
    cursor = await connection.execute(
        "SELECT ended_at = ends_at AS ran_out FROM community.breaks ORDER BY started_at"
    )
    assert [row["ran_out"] for row in await cursor.fetchall()] == [True, None]


async def test_of_many_at_once_one_break_begins(rowan: SignedIn, connection: AnyConnection) -> None:
    await asyncio.gather(*(_take(rowan, "week") for _ in range(8)))
    assert len(await _told(connection)) == 1


async def test_nobody_else_is_told(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish("Good night.")
    seen = await sky.get(f"/members/{rowan.member_id}")
    await _take(rowan, "week")
    assert await sky.get(f"/members/{rowan.member_id}") == seen
    assert (await sky.get(f"/posts/{post['id']}"))["author"] == {**post["author"], "is_me": False}
    assert (await sky.get("/me"))["on_break"] is None


@pytest.mark.parametrize("body", [{}, {"length": "year"}, {"length": "day", "why": "tired"}])
async def test_a_break_of_no_known_length_is_refused(rowan: SignedIn, body: Json) -> None:
    answer = await rowan.client.put("/api/v1/me/break", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid")
    assert (await rowan.get("/me"))["on_break"] is None


async def test_closing_the_account_leaves_no_break_behind(
    app: FastAPI, database: Database, connection: AnyConnection
) -> None:
    leaver, other = await signed_in(app), await signed_in(app)
    closed = AccountClosed(
        account_id=leaver.account_id, member_id=leaver.member_id, erase_study_data=False
    )
    async with leaver.client, other.client, unit_of_work(database) as session:
        for member in (leaver, other):
            await breaks.take(session, member.member_id, BreakLength.WEEK)
        await events.record(session, closed)
    await deliver(database, SUBSCRIBER)
    cursor = await connection.execute("SELECT member_id FROM community.breaks")
    assert await cursor.fetchall() == [{"member_id": other.member_id}]


async def test_the_database_holds_one_open_break_a_member(
    rowan: SignedIn, connection: AnyConnection
) -> None:
    await _take(rowan, "week")
    with pytest.raises(psycopg.errors.UniqueViolation):
        await connection.execute(
            "INSERT INTO community.breaks (id, member_id, started_at, ends_at)"
            " VALUES (gen_random_uuid(), %s, now(), now() + interval '1 day')",
            (rowan.member_id,),
        )
