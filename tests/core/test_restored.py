"""A backup restored into a cluster that counts its transactions from the beginning."""

from app.core import events
from app.core.db import AnyConnection, Database
from app.core.delivery import deliver
from app.core.events import START, Subscriber
from app.core.restored import settle_events
from tests.core.test_events import numbers, record, writer, written

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
