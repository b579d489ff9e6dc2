"""The outbox: commit-safe order, positions, and delivery that neither loses nor doubles."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import psycopg
import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.dead_letters import Redelivered, redeliver
from app.core.delivery import RESTS, STRIDE, deliver
from app.core.events import START, Event, Position, Recorded, Subscriber
from app.core.notify_listener import WakeUp, wake_on_notify
from tests.support.waiting import eventually

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class ThingHappened(Event):
    """For these tests only."""

    type: Literal["thing.happened"] = "thing.happened"
    number: int


@pytest.fixture
async def journal(connection: AnyConnection) -> AnyConnection:
    """A table that a subscriber writes to."""
    await connection.execute("CREATE TABLE journal (number int)")
    return connection


async def record(database: Database, number: int, *topics: str) -> None:
    async with unit_of_work(database) as session:
        await events.record(session, ThingHappened(number=number), topics=topics)


async def record_many(connection: AnyConnection, count: int) -> None:
    await connection.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        " SELECT 'thing.happened', now(), '{}', jsonb_build_object('number', n)"
        " FROM generate_series(0, %s - 1) AS n",
        (count,),
    )


async def parked_numbers(connection: AnyConnection) -> list[int]:
    cursor = await connection.execute(
        "SELECT (payload->>'number')::int AS number FROM core.parked_events ORDER BY 1"
    )
    return [row["number"] for row in await cursor.fetchall()]


async def numbers(connection: AnyConnection, after: Position = START) -> list[int]:
    found = await events.read(connection, after, limit=100)
    return [one.payload["number"] for one in found]


async def test_an_event_lives_and_dies_with_its_transaction(
    database: Database, connection: AnyConnection
) -> None:
    with pytest.raises(RuntimeError):
        async with unit_of_work(database) as session:
            await events.record(session, ThingHappened(number=1))
            raise RuntimeError
    assert await numbers(connection) == []
    await record(database, 2)
    assert await numbers(connection) == [2]


async def test_an_event_comes_back_as_its_class_with_its_topics(
    database: Database, connection: AnyConnection
) -> None:
    await record(database, 7, "wall", "thread:x")
    (found,) = await events.read(connection, START, limit=1, topics=["wall"])
    assert found.event() == ThingHappened(number=7)
    assert found.topics == ("wall", "thread:x")
    assert await events.read(connection, START, limit=1, topics=["me:y"]) == []


async def test_one_that_commits_late_is_never_jumped_over(
    database: Database, connection: AnyConnection
) -> None:
    async with database.sessions() as late:
        await events.record(late, ThingHappened(number=1))
        await record(database, 2)
        assert await numbers(connection) == [], "the later one waits for the earlier"
        position = await events.now(database.pool)
        await late.execute(text("COMMIT"))
    assert await numbers(connection) == [1, 2]
    assert await numbers(connection, position) == [1, 2]


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
    assert await parked_numbers(journal) == []


async def test_a_kind_of_event_that_only_the_next_release_knows_is_passed_by(
    database: Database, journal: AnyConnection
) -> None:
    for number, type_ in enumerate(("thing.happened", "thing.undone", "thing.happened")):
        await record_as_next_release(journal, type_, number)
    assert await deliver(database, writer()) == 2
    assert await written(journal) == [0, 2]
    assert "thing.undone" not in events.registry()


def test_a_field_that_the_class_does_not_have_is_still_never_written() -> None:
    with pytest.raises(ValidationError):
        ThingHappened.model_validate({"number": 1, "mood": "calm"})


@pytest.mark.parametrize("limit", [1, 100])
async def test_transactions_are_in_the_order_of_their_numbers_and_not_of_their_digits(
    database: Database, connection: AnyConnection, limit: int
) -> None:
    for number in range(4):
        await record(database, number)
    await connection.execute(
        "UPDATE core.events SET xid = (array['9', '10', '99', '100'])[id]::xid8"
    )
    found, after = [], START
    while batch := await events.read(connection, after, limit=limit):
        found += [one.payload["number"] for one in batch]
        after = batch[-1].position
    assert found == [0, 1, 2, 3]
    ahead, _ = await events.read_ahead(connection, START, limit=limit)
    assert [one.payload["number"] for one in ahead] == [0, 1, 2, 3][:limit]


async def test_a_position_names_what_a_reader_has_seen(
    database: Database, connection: AnyConnection
) -> None:
    await record(database, 1)
    position = await events.now(database.pool)
    await record(database, 2)
    assert await numbers(connection, position) == [2]
    assert Position.parse(str(position)) == position


@pytest.mark.parametrize(
    "text_", ["", "1", "-", "a-b", "1-2-3", "١-٢", "-1--1", "9" * 30 + "-1", f"1-{1 << 63}"]
)
def test_a_position_that_is_none_of_ours_is_refused(text_: str) -> None:
    with pytest.raises(events.BadPositionError):
        Position.parse(text_)


def writer(*, fails_on: int | None = None) -> Subscriber:
    async def handle(session: AsyncSession, found: Sequence[Recorded]) -> None:
        for one in found:
            if one.payload["number"] == fails_on:
                raise ValueError("not this one")
            await session.execute(
                text("INSERT INTO journal VALUES (:number)"), {"number": one.payload["number"]}
            )

    return Subscriber("writer", frozenset({"thing.happened"}), handle)


async def written(connection: AnyConnection) -> list[int]:
    cursor = await connection.execute("SELECT number FROM journal ORDER BY ctid")
    return [row["number"] for row in await cursor.fetchall()]


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
    cursor = await journal.execute("SELECT subscriber, error FROM core.parked_events")
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
        if await parked_numbers(journal):
            break
    assert wakes == len(RESTS) + 1
    assert await parked_numbers(journal) == [150]
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
    assert await parked_numbers(journal) == [0, 7, 59]
    assert await written(journal) == [n for n in range(1, 59) if n != 7]
    assert handed < 150, "halving, not one by one"


async def test_an_event_that_breaks_its_transaction_is_found_and_parked_like_any_other(
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
    assert await parked_numbers(journal) == [33]
    assert await written(journal) == [33, *(n for n in range(50) if n != 33)]


async def test_an_event_that_costs_the_connection_is_found_and_parked_like_any_other(
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
    assert await parked_numbers(journal) == [13]
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
    assert await parked_numbers(journal) == [], "a first failure is no fifth"
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


async def test_what_was_parked_is_handed_over_again_and_stays_when_it_still_fails(
    database: Database, journal: AnyConnection
) -> None:
    async def dead_letters() -> list[int]:
        cursor = await journal.execute("SELECT event_id FROM core.parked_events ORDER BY 1")
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


@pytest.fixture
async def bell(database: Database) -> AsyncIterator[WakeUp]:
    made = WakeUp()
    task = asyncio.create_task(wake_on_notify(database, made))
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_commit_wakes_whoever_listens_also_after_the_ear_was_cut(
    database: Database, connection: AnyConnection, bell: WakeUp
) -> None:
    async def ears() -> list[int]:
        cursor = await connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            " AND datname = current_database()"
        )
        return [row["pid"] for row in await cursor.fetchall()]

    # The application listens too: cut one alone and the other would be taken for its successor.
    first = await eventually(ears, until=lambda pids: len(pids) == 2)
    await bell.wait(5)
    await record(database, 1)
    await asyncio.wait_for(bell.wait(30), 10)
    await connection.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", (first,))
    await eventually(ears, until=lambda pids: len(pids) == len(first) and {*pids}.isdisjoint(first))
    await asyncio.wait_for(bell.wait(30), 10)
    await record(database, 2)
    await asyncio.wait_for(bell.wait(30), 10)


async def test_a_dropped_connection_costs_a_read_nothing(
    database: Database, connection: AnyConnection
) -> None:
    await events.now(database.pool)
    with pytest.raises(psycopg.errors.AdminShutdown):
        async with database.pool.connection() as victim:
            await connection.execute("SELECT pg_terminate_backend(%s)", (victim.info.backend_pid,))
            await victim.execute("SELECT 1")
    assert await events.now(database.pool)
