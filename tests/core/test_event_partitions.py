"""Old events go as whole partitions: never one that somebody still needs, and nobody waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from app.core import clock, event_partitions, events, logins
from app.core.db import AnyConnection, Database
from app.core.dead_letters import Redelivered, redeliver
from app.core.delivery import RESTS, STRIDE, deliver
from app.core.event_partitions import Upkeep, keep
from app.core.events import START, Position, Subscriber
from tests.core.factories import journal, numbers, record, record_many, writer, written
from tests.support.aging import age, without_partitions
from tests.support.logins import apart

__all__ = ["journal"]

DAYS = 14
NOTHING = Upkeep(made=0, dropped=())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_partitions, "PAUSE_SECONDS", 0.01)


@asynccontextmanager
async def as_servers(url: str) -> AsyncIterator[Database]:
    """The database as servers and workers sign in to it, owning nothing."""
    settings = apart(url)
    assert logins.prepare(settings)
    with psycopg.connect(url) as owner:
        owner.execute("GRANT INSERT ON journal TO alongside_app")
    database = Database(settings)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def partition_of(connection: AnyConnection, number: int) -> str:
    cursor = await connection.execute(
        "SELECT tableoid::regclass::text AS name FROM core.events WHERE payload->>'number' = %s",
        (str(number),),
    )
    (row,) = await cursor.fetchall()
    return str(row["name"])


async def a_history(database: Database, url: str, *, weeks: int = 4) -> list[str]:
    """Events 0 to 2, taken by the writer, and weeks later event 3."""
    for number in range(3):
        await record(database, number)
    assert await deliver(database, writer()) == 3
    names = age(url, weeks=weeks)
    await record(database, 3)
    return names


async def test_partitions_are_made_ahead_by_a_login_that_owns_nothing(
    database: Database, connection: AnyConnection, database_url: str
) -> None:
    await connection.execute("CREATE TABLE journal (number int)")
    old = await a_history(database, database_url)
    await connection.execute("DELETE FROM core.events WHERE recorded_on > now() - interval '1 day'")
    cursor = await connection.execute("SELECT name FROM core.event_partitions ORDER BY ends_on")
    for row in (await cursor.fetchall())[len(old) :]:
        await connection.execute(f"DROP TABLE core.{row['name']}")
    async with as_servers(database_url) as servers:
        assert await keep(servers, [writer()], keep_days=365) == Upkeep(made=3, dropped=())
        assert await keep(servers, [writer()], keep_days=365) == NOTHING
        await record(servers, 5)
    today = datetime.now(UTC).date()
    ends = today + timedelta(days=7 - today.weekday())
    assert await partition_of(connection, 5) == f"core.events_before_{ends:%Y_%m_%d}"


async def test_what_all_have_passed_and_the_days_cover_is_dropped_whole(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    old = await a_history(database, database_url)
    async with as_servers(database_url) as servers:
        assert await keep(servers, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))
    assert await numbers(journal) == [3]
    assert await written(journal) == [0, 1, 2, 3]


@pytest.mark.parametrize(("weeks", "is_dropped"), [(1, False), (2, False), (3, True)])
async def test_nothing_is_dropped_within_the_days(
    database: Database, journal: AnyConnection, database_url: str, weeks: int, is_dropped: bool
) -> None:
    await a_history(database, database_url, weeks=weeks)
    done = await keep(database, [writer()], keep_days=DAYS)
    # The week ends a day to a week after its events were recorded.
    assert bool(done.dropped) is is_dropped
    assert await numbers(journal) == ([3] if is_dropped else [0, 1, 2, 3])


async def test_one_cursor_that_lags_holds_all_though_nobody_serves_it(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    old = await a_history(database, database_url)
    found = await events.read(journal, START, limit=10)
    await journal.execute(
        "INSERT INTO core.cursors (subscriber, xid, id)"
        " VALUES ('switched.off', %s::text::xid8, %s)",
        (str(found[1].position.xid), found[1].id),
    )
    assert await keep(database, [writer()], keep_days=DAYS) == NOTHING
    await journal.execute(
        "UPDATE core.cursors SET xid = %s::text::xid8, id = %s WHERE subscriber = 'switched.off'",
        (str(found[2].position.xid), found[2].id),
    )
    assert await keep(database, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))


async def test_a_subscriber_that_has_never_run_gets_everything_before_it_goes(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    old = await a_history(database, database_url)
    await journal.execute("TRUNCATE journal")
    cut = Subscriber("cut.off", writer().types, writer().handle)
    async with database.sessions() as held:
        await held.execute(text("INSERT INTO core.cursors (subscriber) VALUES ('cut.off')"))
        await held.execute(text("COMMIT"))
        await held.execute(text("SELECT FROM core.cursors WHERE subscriber = 'cut.off' FOR UPDATE"))
        assert await keep(database, [writer(), cut], keep_days=DAYS) == NOTHING
        await held.execute(text("ROLLBACK"))
    assert await keep(database, [writer(), cut], keep_days=DAYS) == Upkeep(0, tuple(old))
    assert await written(journal) == [3, 0, 1, 2, 3], "the writer's last, and all of the other's"


async def test_a_subscriber_that_rests_after_a_failure_holds_what_it_has_to_take(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    await record(database, 1)
    age(database_url, weeks=4)
    await record(database, 2)
    assert await keep(database, [writer(fails_on=1)], keep_days=DAYS) == NOTHING
    assert await numbers(journal) == [1, 2]


async def test_events_of_other_kinds_do_not_keep_a_cursor_behind(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    """Fewer than a stride of them are not noted at each wake."""
    await journal.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        " SELECT 'other.happened', now(), '{}', '{}' FROM generate_series(1, %s)",
        (STRIDE // 2,),
    )
    old = age(database_url, weeks=4)
    await journal.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        " VALUES ('other.happened', now(), '{}', '{}')"
    )
    await deliver(database, writer())
    assert await keep(database, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))


async def test_the_last_event_of_all_stays_so_that_the_stream_has_an_end(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    await record(database, 1)
    position = await events.now(database.pool)
    old = age(database_url, weeks=9)
    assert await keep(database, [writer()], keep_days=DAYS) == NOTHING
    assert await events.now(database.pool) == position
    async with database.sessions() as open_:
        await open_.execute(text("SELECT pg_current_xact_id()"))
        await record(database, 2)
        assert await keep(database, [writer()], keep_days=DAYS) == NOTHING
        assert await events.now(database.pool) == position, "the next is not settled yet"
        await open_.execute(text("ROLLBACK"))
    assert await keep(database, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))


async def test_an_event_whose_week_has_no_partition_is_taken_all_the_same(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    without_partitions(database_url)
    await record(database, 1)
    assert await partition_of(journal, 1) == "core.events_other"
    assert await deliver(database, writer()) == 1
    done = await keep(database, [writer()], keep_days=DAYS)
    assert done.made == 2, "the coming weeks; this one stays where it began"
    await record(database, 2)
    assert await partition_of(journal, 2) == "core.events_other"
    assert await numbers(journal) == [1, 2]
    await journal.execute("UPDATE core.events_other SET recorded_on = recorded_on - 30")
    assert await keep(database, [writer()], keep_days=DAYS) == NOTHING
    assert await numbers(journal) == [2], "old and passed, but for the last of all"
    assert await written(journal) == [1, 2]


async def test_a_reader_in_mid_read_is_waited_for_and_keeps_what_it_reads(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    old = await a_history(database, database_url)
    async with (
        await psycopg.AsyncConnection.connect(database_url) as reading,
        reading.cursor(name="slow") as cursor,
    ):
        await cursor.execute("SELECT payload FROM core.events ORDER BY id")
        assert await cursor.fetchone() is not None
        done = await keep(database, [writer()], keep_days=DAYS)
        assert done == NOTHING
        await asyncio.wait_for(record(database, 4), 5)
        assert len(await cursor.fetchall()) == 3
    assert await keep(database, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))
    assert await numbers(journal) == [3, 4]


async def test_one_that_began_in_an_old_week_and_writes_last_keeps_its_event(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    old = await a_history(database, database_url)
    await deliver(database, writer())
    async with database.sessions() as late:
        await late.execute(
            text(
                "INSERT INTO core.events (type, occurred_at, topics, payload, recorded_on)"
                " VALUES ('thing.happened', now(), '{}', '{\"number\": 9}', current_date - 28)"
            )
        )
        assert await keep(database, [writer()], keep_days=DAYS) == NOTHING
        await late.execute(text("COMMIT"))
    assert await keep(database, [writer()], keep_days=DAYS) == NOTHING, "it is the last of all"
    assert await written(journal) == [0, 1, 2, 3, 9]
    await record(database, 10)
    assert await keep(database, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))


async def test_many_write_and_read_while_partitions_are_made_and_dropped(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    """Every event reaches the subscriber once and in order, and a reader misses none."""
    for week in range(5):
        await record(database, week)
        await deliver(database, writer())
        age(database_url, weeks=1)
    age(database_url, weeks=4)
    await record(database, 5)
    read: list[int] = []
    dropped: list[str] = []
    is_over = False

    async def write(first: int) -> None:
        for number in range(first, first + 60):
            async with database.sessions() as session:
                await events.record(session, _happened(number))
                await asyncio.sleep(0)
                await session.execute(text("COMMIT"))

    async def listen() -> None:
        after = START
        async with database.pool.connection() as own:
            while True:
                was_over = is_over
                found, waits_since = await events.read_ahead(own, after, limit=7)
                read.extend(one.payload["number"] for one in found)
                after = found[-1].position if found else after
                if was_over and not found and waits_since is None:
                    return
                await asyncio.sleep(0)

    async def upkeep() -> None:
        while not is_over or len(dropped) < 5:
            dropped.extend((await keep(database, [writer()], keep_days=DAYS)).dropped)

    listening, keeping = asyncio.create_task(listen()), asyncio.create_task(upkeep())
    await asyncio.gather(*(write(first) for first in range(100, 600, 100)))
    is_over = True
    await asyncio.wait_for(asyncio.gather(listening, keeping), 60)
    while await deliver(database, writer()):
        pass
    fresh = {*range(5, 6), *(n for first in range(100, 600, 100) for n in range(first, first + 60))}
    assert len(dropped) == 5
    assert sorted(n for n in read if n >= 5) == sorted(fresh)
    taken = await written(journal)
    assert sorted(taken) == sorted([*range(5), *fresh])
    assert [n for n in taken if n >= 5] == await numbers_of_all(journal)


async def numbers_of_all(connection: AnyConnection) -> list[int]:
    found = await events.read(connection, START, limit=10_000)
    return [one.payload["number"] for one in found]


def _happened(number: int) -> events.Event:
    return events.registry()["thing.happened"].model_validate({"number": number})


async def test_what_was_set_aside_is_handed_over_after_its_partition_is_gone(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    await record(database, 1, "wall")
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for minutes in range(0, 5 * (len(RESTS) + 1), 5):
        with clock.at(noon + timedelta(minutes=minutes)):
            await deliver(database, writer(fails_on=1))
    old = age(database_url, weeks=4)
    await record(database, 2)
    assert await keep(database, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))
    assert await numbers(journal) == [2]
    assert await redeliver(database, writer(fails_on=1)) == Redelivered(taken=0, left=1)
    assert await redeliver(database, writer()) == Redelivered(taken=1, left=0)
    assert await written(journal) == [2, 1]


async def test_one_set_aside_by_the_release_before_is_kept_whole_when_its_partition_goes(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    await record(database, 1, "wall")
    await journal.execute(
        "INSERT INTO core.dead_letters (subscriber, event_id, failed_at, error)"
        " SELECT 'writer', id, now(), 'boom' FROM core.events"
    )
    last = await events.now(database.pool)
    await journal.execute(
        "INSERT INTO core.cursors (subscriber, xid, id) VALUES ('writer', %s::text::xid8, %s)",
        (str(last.xid), last.id),
    )
    old = age(database_url, weeks=4)
    await record(database, 2)
    assert await keep(database, [writer()], keep_days=DAYS) == Upkeep(0, tuple(old))
    cursor = await journal.execute(
        "SELECT xid::text || '-' || event_id AS at, topics FROM core.dead_letters"
    )
    assert await cursor.fetchall() == [{"at": str(last), "topics": ["wall"]}]
    assert await redeliver(database, writer()) == Redelivered(taken=1, left=0)
    assert await written(journal) == [2, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT core.drop_event_partition(0)",
        "SELECT core.drop_event_partition(NULL)",
        "SELECT core.make_event_partitions(0)",
        "SELECT core.make_event_partitions(9)",
    ],
)
async def test_the_owners_functions_take_no_number_that_could_do_harm(
    connection: AnyConnection, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        await connection.execute(statement.encode())


async def test_a_partition_is_named_or_it_is_not_looked_at(connection: AnyConnection) -> None:
    cursor = await connection.execute(
        "SELECT core.event_partition_is_passed('cursors') AS found,"
        " core.event_partition_is_passed('events_other') AS other"
    )
    assert await cursor.fetchone() == {"found": False, "other": False}


async def test_a_position_from_before_stays_valid(
    database: Database, journal: AnyConnection, database_url: str
) -> None:
    await a_history(database, database_url)
    after = (await events.read(journal, START, limit=10))[1].position
    assert await numbers(journal, after) == [2, 3]
    await keep(database, [writer()], keep_days=DAYS)
    assert await numbers(journal, after) == [3]
    assert Position.parse(str(after)) == after
    await record_many(journal, 1)
    assert await numbers(journal, after) == [3, 0]
