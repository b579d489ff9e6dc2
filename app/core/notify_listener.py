"""Listener for NOTIFY: wakes readers when an event was recorded, with a slow poll behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import psycopg

from app.core.db import Database
from app.core.events import CHANNEL
from app.core.logs import logger

POLL_SECONDS = 1.0


class WakeUp:
    """Rings for everyone waiting on it, once per wake."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake the one who waits, now or when it next waits."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, or `seconds` have passed.

        Not by `wait_for`, which in Python 3.11 swallows a cancellation that comes together with
        the ring: then whoever stops the task would wait for it for ever.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


async def wake_on_notify(database: Database, *bells: WakeUp) -> None:
    """Hold one connection that listens, and ring the bells; comes back by itself after a break."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                database.settings.url, autocommit=True, connect_timeout=5
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                _ring(bells)
                async for _ in connection.notifies():
                    _ring(bells)
        except (psycopg.Error, OSError) as error:
            logger.warning("listener connection lost; polling until it is back", error=str(error))
        await asyncio.sleep(POLL_SECONDS)


def _ring(bells: tuple[WakeUp, ...]) -> None:
    for bell in bells:
        bell.ring()


async def wakes(bell: WakeUp, *, poll_seconds: float = POLL_SECONDS) -> AsyncIterator[None]:
    """Once at the start, then whenever the bell rings or the poll comes round."""
    while True:
        yield
        await bell.wait(poll_seconds)
