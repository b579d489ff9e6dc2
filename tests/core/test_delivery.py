"""Delivery to subscribers: each event once, a bad one set aside, the rest goes on."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, events
from app.core.db import AnyConnection, Database
from app.core.dead_letters import Redelivered, redeliver
from app.core.delivery import RESTS, STRIDE, deliver
from app.core.events import Event, Recorded, Subscriber
from tests.core.factories import (
    ThingHappened,
    dead_letter_numbers,
    journal,
    record,
    record_many,
    writer,
    written,
)
from tests.support.waiting import eventually

__all__ = ["journal"]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def record_as_next_release(connection: AnyConnection, type_: str, number: int) -> None:
    """With a field that this release does not know."""
    await connection.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload) VALUES (%s, now(),"
        " ARRAY['wall'], jsonb_build_object('type', %s::text, 'number', %s::int, 'mood', 'calm'))",
        (type_, type_, number),
    )


async def test_an_event_of_the_next_release_is_taken_without_what_is_new_in_it(
    database: Database, journal: AnyConnection
) -> None:
    await record_as_next_release(journal, "thing.happened", 1)
    taken: list[Event] = []

    async def handle(_: AsyncSession, found: Sequence[Recorded]) -> None:
        taken.extend(one.event() for one in found)

    await deliver(database, Subscriber("writer", frozenset({"thing.happened"}), handle))
    assert taken == [ThingHappened(number=1)]
    assert await dead_letter_numbers(journal) == []


async def test_a_kind_of_event_that_only_the_next_release_knows_is_passed_by(
    database: Database, journal: AnyConnection
) -> None:
    for number, type_ in enumerate(("thing.happened", "thing.undone", "thing.happened")):
        await record_as_next_release(journal, type_, number)
    assert await deliver(database, writer()) == 2
    assert await written(journal) == [0, 2]
    assert "thing.undone" not in events.registry()


async def test_a_subscriber_gets_each_event_once_and_in_order(
    database: Database, journal: AnyConnection
) -> None:
    for number in range(5):
        await record(database, number)
    assert await deliver(database, writer(), batch=3) == 3
    assert await deliver(database, writer(), batch=3) == 2
    assert await deliver(database, writer(), batch=3) == 0
    assert await written(journal) == [0, 1, 2, 3, 4]


async def test_a_cursor_follows_past_what_is_none_of_its_own_and_misses_nothing(
    database: Database, journal: AnyConnection
) -> None:
    rare = Subscriber("rare", frozenset({"thing.happened"}), writer().handle)
    await journal.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        " SELECT 'other.happened', now(), '{}', '{}' FROM generate_series(1, %s)",
        (STRIDE + 1,),
    )
    async with database.sessions() as late:
        await events.record(late, ThingHappened(number=1))
        await deliver(database, rare)
        cursor = await journal.execute("SELECT id FROM core.cursors WHERE subscriber = 'rare'")
        assert await cursor.fetchone() == {"id": STRIDE + 1}
        await late.execute(text("COMMIT"))
    assert await deliver(database, rare) == 1
    assert await written(journal) == [1]


async def test_many_workers_share_a_cursor_without_doubling(
    database: Database, journal: AnyConnection
) -> None:
    for number in range(40):
        await record(database, number)

    async def work() -> None:
        while await deliver(database, writer(), batch=7) > 0:
            pass

    await asyncio.gather(*(work() for _ in range(4)))

    async def all_written() -> list[int]:
        await work()
        return await written(journal)

    assert await eventually(all_written, until=lambda found: len(found) >= 40) == list(range(40))


async def test_a_failure_rolls_back_what_the_handler_wrote(
    database: Database, journal: AnyConnection
) -> None:
    for number in range(3):
        await record(database, number)
    await deliver(database, writer(fails_on=1))
    assert await written(journal) == [0], "the one before it went; it and the rest wait"


async def test_an_event_that_can_never_be_taken_is_dead_letter_and_the_rest_goes_on(
    database: Database, journal: AnyConnection
) -> None:
    for number in range(3):
        await record(database, number)
    for minutes in range(0, 60, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await deliver(database, writer(fails_on=1))
    assert await written(journal) == [0, 2]
    cursor = await journal.execute("SELECT subscriber, error FROM core.dead_letters")
    (letter,) = await cursor.fetchall()
    assert letter["subscriber"] == "writer"
    assert "not this one" in letter["error"]


async def test_a_bad_minute_costs_no_event_for_each_rest_is_longer(
    database: Database, journal: AnyConnection
) -> None:
    await record(database, 1)
    tried: list[int] = []

    async def handle(session: AsyncSession, found: Sequence[Recorded]) -> None:
        tried.append(int((clock.now() - NOON).total_seconds()))
        if clock.now() < NOON + timedelta(minutes=2):
            raise ValueError("the disk is full")
        await writer().handle(session, found)

    for seconds in range(0, 200, 10):
        with clock.at(NOON + timedelta(seconds=seconds)):
            await deliver(database, Subscriber("writer", frozenset({"thing.happened"}), handle))
    assert sorted(set(tried)) == [0, 10, 40, 130]
    assert await written(journal) == [1]
    assert sum(RESTS, timedelta()) > timedelta(minutes=5)


async def test_all_before_a_bad_event_go_at_the_first_wake_and_the_rest_once_it_is_dead_letter(
    database: Database, journal: AnyConnection
) -> None:
    await record_many(journal, 200)
    wakes = 0
    for minutes in range(0, 60, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await deliver(database, writer(fails_on=150))
            wakes += 1
        if minutes == 0:
            assert await written(journal) == list(range(150)), "in one wake, and in order"
        if await dead_letter_numbers(journal):
            break
    assert wakes == len(RESTS) + 1
    assert await dead_letter_numbers(journal) == [150]
    assert await written(journal) == [n for n in range(200) if n != 150]


async def test_several_bad_events_each_cost_their_own_rests_and_no_other_event(
    database: Database, journal: AnyConnection
) -> None:
    await record_many(journal, 60)
    handed = 0

    async def handle(session: AsyncSession, found: Sequence[Recorded]) -> None:
        nonlocal handed
        handed += 1
        await writer().handle(session, found)
        if any(one.payload["number"] in (0, 7, 59) for one in found):
            raise ValueError("not these")

    several = Subscriber("writer", frozenset({"thing.happened"}), handle)
    for minutes in range(0, 120, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await deliver(database, several)
    assert await dead_letter_numbers(journal) == [0, 7, 59]
    assert await written(journal) == [n for n in range(1, 59) if n != 7]
    assert handed < 150, "halving, not one by one"


async def test_an_event_that_breaks_its_transaction_is_found_and_set_aside_like_any_other(
    database: Database, journal: AnyConnection
) -> None:
    """By its commit: no savepoint sees that."""
    await journal.execute(
        "ALTER TABLE journal ADD CONSTRAINT few EXCLUDE USING btree"
        " (number WITH =) DEFERRABLE INITIALLY DEFERRED"
    )
    await journal.execute("INSERT INTO journal VALUES (33)")
    await record_many(journal, 50)
    for minutes in range(0, 60, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await deliver(database, writer())
        if minutes == 0:
            assert await written(journal) == [33, *range(33)]
    assert await dead_letter_numbers(journal) == [33]
    assert await written(journal) == [33, *(n for n in range(50) if n != 33)]


async def test_an_event_that_costs_the_connection_is_found_and_set_aside_like_any_other(
    database: Database, journal: AnyConnection
) -> None:
    await record_many(journal, 20)

    async def handle(session: AsyncSession, found: Sequence[Recorded]) -> None:
        await writer().handle(session, found)
        if any(one.payload["number"] == 13 for one in found):
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    fatal = Subscriber("writer", frozenset({"thing.happened"}), handle)
    for minutes in range(0, 60, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await deliver(database, fatal)
    assert await dead_letter_numbers(journal) == [13]
    assert await written(journal) == [n for n in range(20) if n != 13]


@pytest.mark.parametrize("failures", [1, 4, 5, 9])
async def test_failures_are_forgotten_at_every_success_also_when_there_is_nothing_to_take(
    database: Database, journal: AnyConnection, failures: int
) -> None:
    await record(database, 0)
    with clock.at(NOON):
        await deliver(database, writer())
    await journal.execute("UPDATE core.cursors SET failures = %s", (failures,))
    with clock.at(NOON + timedelta(hours=1)):
        assert await deliver(database, writer()) == 0
    cursor = await journal.execute("SELECT failures FROM core.cursors")
    assert await cursor.fetchone() == {"failures": 0}
    await record(database, 1)
    with clock.at(NOON + timedelta(hours=2)):
        await deliver(database, writer(fails_on=1))
    assert await dead_letter_numbers(journal) == [], "a first failure is no fifth"
    with clock.at(NOON + timedelta(hours=3)):
        await deliver(database, writer())
    assert await written(journal) == [0, 1]


@pytest.mark.parametrize("failures", [5, 70])
async def test_a_count_of_failures_past_all_rests_stops_nobody(
    database: Database, journal: AnyConnection, failures: int
) -> None:
    await record(database, 0)
    with clock.at(NOON):
        await deliver(database, writer(fails_on=0))
    await journal.execute("UPDATE core.cursors SET failures = %s", (failures,))
    with clock.at(NOON + timedelta(hours=1)):
        await deliver(database, writer())
    assert await written(journal) == [0]


async def test_a_dead_letter_is_handed_over_again_and_stays_when_it_still_fails(
    database: Database, journal: AnyConnection
) -> None:
    async def dead_letters() -> list[int]:
        cursor = await journal.execute("SELECT event_id FROM core.dead_letters ORDER BY 1")
        return [row["event_id"] for row in await cursor.fetchall()]

    async def never(_: AsyncSession, __: Sequence[Recorded]) -> None:
        raise ValueError

    for number in (1, 2):
        await record(database, number)
    for minutes in range(0, 60, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await deliver(database, Subscriber("writer", frozenset({"thing.happened"}), never))
    assert len(await dead_letters()) == 2
    assert await redeliver(database, writer(fails_on=1)) == Redelivered(taken=1, left=1)
    assert (await written(journal), len(await dead_letters())) == ([2], 1)
    assert await redeliver(database, writer()) == Redelivered(taken=1, left=0)
    assert await redeliver(database, writer()) == Redelivered(taken=0, left=0)
    assert (await written(journal), await dead_letters()) == ([2, 1], [])
