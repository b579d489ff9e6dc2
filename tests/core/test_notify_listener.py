"""PostgreSQL's wake-up: a commit is heard, also after the connection was cut."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from app.core import events
from app.core.db import AnyConnection, Database
from app.core.notify_listener import WakeUp, wake_on_notify
from tests.core.factories import record
from tests.support.waiting import eventually


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
