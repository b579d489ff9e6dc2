"""Waiting for a condition instead of sleeping for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.core.db import AnyConnection

Found = TypeVar("Found")

PATIENCE_SECONDS = 60.0


async def eventually(
    look: Callable[[], Awaitable[Found]],
    *,
    until: Callable[[Found], bool] = bool,
    seconds: float = PATIENCE_SECONDS,
) -> Found:
    """Look until the answer satisfies `until`; fails with the last answer when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        found = await look()
        if until(found):
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"still {found!r} after {seconds} seconds")
        await asyncio.sleep(0.02)


def eventually_sync(
    look: Callable[[], Found],
    *,
    until: Callable[[Found], bool] = bool,
    seconds: float = PATIENCE_SECONDS,
) -> Found:
    """The same for code without a loop."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if until(found):
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"still {found!r} after {seconds} seconds")
        time.sleep(0.02)


async def ended(running: asyncio.Task[Found]) -> Found:
    """What a task returned; fails when it goes on, so that nobody waits for it for ever."""
    return await asyncio.wait_for(running, PATIENCE_SECONDS)


async def waiting(connection: AnyConnection) -> int:
    """How many others in this database wait for a lock."""
    cursor = await connection.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    (row,) = await cursor.fetchall()
    return int(row["count"])
