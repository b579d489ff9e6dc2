"""A backup restored into a cluster that counts its transactions from the beginning."""

import psycopg

from app.core import db, dead_letters, events, migrations
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.core.events import START, Subscriber
from app.core.outbox_restore import make_partitions, settle_events
from tests.core.factories import numbers, record, writer, written
from tests.support import databases
from tests.support.aging import without_partitions

FAR = 1 << 40


async def come_from_elsewhere(connection: AnyConnection) -> None:
    """As `pg_restore` leaves it: the numbers of the old cluster, far above those of this one."""
    await connection.execute(
        "UPDATE core.events SET xid = (xid::text::bigint + %s)::text::xid8", (FAR,)
    )
    await connection.execute(
        "UPDATE core.cursors SET xid = (xid::text::bigint + %s)::text::xid8", (FAR,)
    )


async def test_events_of_a_backup_are_not_waited_for(
    database: Database, connection: AnyConnection, database_url: str
) -> None:
    for number in (1, 2):
        await record(database, number)
    await come_from_elsewhere(connection)
    await record(database, 3)
    assert await numbers(connection) == [3], "the others wait for a number that is far away"
    assert settle_events(database_url)
    await record(database, 4)
    assert await numbers(connection, START) == [1, 2, 3, 4]
    assert str(await events.now(database.pool)).endswith("-4")


async def test_a_subscriber_goes_on_where_it_was(
    database: Database, connection: AnyConnection, database_url: str
) -> None:
    await connection.execute("CREATE TABLE journal (number int)")
    subscriber: Subscriber = writer()
    for number in (1, 2, 3):
        await record(database, number)
    assert await deliver(database, subscriber, batch=2) == 2
    await come_from_elsewhere(connection)
    assert settle_events(database_url)
    await record(database, 4)
    assert await deliver(database, subscriber) == 2
    assert await written(connection) == [1, 2, 3, 4]


async def test_a_restore_into_the_same_cluster_changes_nothing(
    database: Database, connection: AnyConnection, database_url: str
) -> None:
    await record(database, 1)
    (before,) = await events.read(connection, START, limit=1)
    assert not settle_events(database_url)
    assert await events.read(connection, START, limit=1) == [before]


async def test_a_subscriber_that_was_ahead_of_all_that_is_kept_does_not_wait(
    database: Database, connection: AnyConnection, database_url: str
) -> None:
    await connection.execute("CREATE TABLE journal (number int)")
    await record(database, 1)
    assert await deliver(database, writer()) == 1
    await come_from_elsewhere(connection)
    await connection.execute("DELETE FROM core.events")
    assert settle_events(database_url)
    await record(database, 2)
    assert await deliver(database, writer()) == 1
    assert await written(connection) == [1, 2]


async def test_what_was_set_aside_before_the_backup_is_handed_over_after_the_restore(
    database: Database, connection: AnyConnection, database_url: str
) -> None:
    await connection.execute("CREATE TABLE journal (number int)")
    await record(database, 1)
    (event,) = await events.read(connection, START, limit=1)
    async with unit_of_work(database) as session:
        await dead_letters.keep(await db.driver(session), "writer", event, "boom")
    await come_from_elsewhere(connection)
    await connection.execute("DELETE FROM core.events")
    settle_events(database_url)
    assert (await dead_letters.redeliver(database, writer())).taken == 1
    assert await written(connection) == [1]


async def test_an_old_backup_has_partitions_for_today(
    database: Database, connection: AnyConnection, database_url: str
) -> None:
    without_partitions(database_url)
    make_partitions(database_url)
    await record(database, 1)
    cursor = await connection.execute("SELECT count(*) AS stray FROM core.events_other")
    assert await cursor.fetchone() == {"stray": 0}


def test_a_backup_of_an_earlier_release_is_settled_too(postgres: str) -> None:
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, "community_0007")
    with psycopg.connect(url) as owner:
        owner.execute(
            "INSERT INTO core.events (xid, type, occurred_at, topics, payload)"
            " VALUES (%s::text::xid8, 'thing.happened', now(), '{}', '{}')",
            (str(FAR),),
        )
    assert settle_events(url)
    make_partitions(url)
    databases.drop(postgres, url)
