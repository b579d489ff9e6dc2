"""What holds events back is seen, in whatever database of the cluster it is."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from psycopg import sql

from app.core import xmin_horizon
from app.core.db import AnyConnection, Database
from app.core.xmin_horizon import Holder
from tests.core.factories import numbers, record
from tests.support import databases

BLIND = "alongside_test_blind"


@pytest.fixture
def elsewhere(postgres: str) -> Iterator[psycopg.Connection]:
    """Another database of the same server, that is none of ours."""
    url = databases.clone(postgres, "template1")
    with psycopg.connect(url) as connection:
        yield connection
    databases.drop(postgres, url)


async def holders(connection: AnyConnection) -> list[Holder]:
    cursor = await connection.execute(xmin_horizon.HOLDERS)
    return xmin_horizon.read(await cursor.fetchall())


async def test_a_writer_in_another_database_holds_events_back_and_is_named(
    database: Database, connection: AnyConnection, elsewhere: psycopg.Connection
) -> None:
    assert [one for one in await holders(connection) if one.kind != "events"] == []
    elsewhere.execute("SELECT pg_current_xact_id()")
    await record(database, 1)
    assert await numbers(connection) == [], "the cluster has one horizon"
    cause, wait = await holders(connection)
    assert (cause.kind, cause.database) == ("transaction", elsewhere.info.dbname)
    assert cause.name == str(elsewhere.info.backend_pid)
    assert (wait.kind, wait.database) == ("events", connection.info.dbname)
    assert f"pg_terminate_backend({cause.name})" in cause.words
    elsewhere.rollback()
    assert await numbers(connection) == [1]
    assert await holders(connection) == []


async def test_one_that_only_reads_holds_nothing_back(
    connection: AnyConnection, elsewhere: psycopg.Connection
) -> None:
    elsewhere.execute("SELECT 1")
    assert await holders(connection) == []


@asynccontextmanager
async def blind(connection: AnyConnection) -> AsyncIterator[None]:
    """A role that sees no sessions but its own, as on a server that others share."""
    role = sql.Identifier(BLIND)
    await connection.execute(sql.SQL("CREATE ROLE {}").format(role))
    await connection.execute(sql.SQL("GRANT USAGE ON SCHEMA core TO {}").format(role))
    await connection.execute(sql.SQL("GRANT SELECT ON core.events TO {}").format(role))
    await connection.execute(sql.SQL("SET ROLE {}").format(role))
    try:
        yield
    finally:
        await connection.execute("RESET ROLE")
        await connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
        await connection.execute(sql.SQL("DROP ROLE {}").format(role))


async def test_whoever_may_not_see_the_writer_sees_that_events_wait(
    database: Database,
    connection: AnyConnection,
    elsewhere: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xmin_horizon, "ALARM_SECONDS", 0.0)
    elsewhere.execute("SELECT pg_current_xact_id()")
    await record(database, 1)
    async with blind(connection):
        (wait,) = await holders(connection)
    assert (wait.kind, wait.seconds > 0) == ("events", True)
    worst = xmin_horizon.worst([wait])
    assert worst is not None
    assert "pg_read_all_stats" in worst.words


def test_from_a_minute_on_it_is_an_alarm_and_the_cause_is_told_before_the_wait() -> None:
    def of(kind: xmin_horizon.Kind, seconds: float) -> Holder:
        return Holder(kind, "other", "7", seconds)

    assert not of("transaction", 59.9).is_alarming
    assert of("transaction", 60).is_alarming
    rows = [
        {"kind": kind, "database": "other", "name": "7", "seconds": seconds}
        for kind, seconds in (("events", 300.0), ("transaction", 5.0), ("slot", 90.0))
    ]
    assert xmin_horizon.worst(xmin_horizon.read(rows)) == of("slot", 90.0)
    assert xmin_horizon.worst([of("transaction", 5.0), of("events", 300.0)]) == of("events", 300.0)
    assert xmin_horizon.worst([]) is None
    assert "pg_drop_replication_slot('7')" in of("slot", 90).words
