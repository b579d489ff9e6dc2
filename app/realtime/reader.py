"""The one reader of the outbox in this process: it feeds the hub, in commit-safe order."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import PoolTimeout

from app.community import spaces
from app.core import clock, events
from app.core.db import AnyConnection, Database
from app.core.events import START, Position, Recorded
from app.core.logs import logger
from app.core.notify_listener import POLL_SECONDS, WakeUp
from app.realtime import block_cache, hidden_posts, metrics
from app.realtime.hub import RECENT, Hub

BATCH = 500
#: While events wait for a transaction that stays open, also one in another database of the server,
#: each act wakes the reader, and all it needs to know is whether they still wait.
FEW = 20
#: While a writer is still open below a committed event, nobody rings when it ends: look again
#: soon, then less and less often.
FIRST_LOOK_SECONDS = 0.004

_BEGINNING = f"""
    SELECT xid::text AS xid, id FROM core.events
    WHERE core.events.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY core.events.xid DESC, id DESC LIMIT {RECENT + 1}
"""  # noqa: S608 - a constant of ours


class Reader:
    """Reads whatever is new when the bell rings, and tells the hub."""

    def __init__(self, database: Database, hub: Hub, bell: WakeUp) -> None:
        self._database = database
        self._hub = hub
        self._bell = bell
        self._after = START
        self._has_begun = False
        self._waits = False
        #: Set once the hub knows the recent past; sockets wait for it.
        self.is_ready = asyncio.Event()

    async def run(self) -> None:
        """Read until cancelled; a database that is away is asked again."""
        pause = POLL_SECONDS
        while True:
            try:
                waiting_since = await self._catch_up()
            except (psycopg.Error, PoolTimeout, OSError) as error:
                logger.warning("live events can't be read", error=type(error).__name__)
                pause = POLL_SECONDS
                await self._replace_dead_connections()
            else:
                self.is_ready.set()
                pause = self._next_pause(pause, waiting_since)
            await self._bell.wait(pause)

    async def _replace_dead_connections(self) -> None:
        with suppress(psycopg.Error, PoolTimeout, OSError):
            await self._database.pool.check()

    def _next_pause(self, last: float, waiting_since: datetime | None) -> float:
        if waiting_since is None:
            metrics.LAG.set(0)
            return POLL_SECONDS
        metrics.LAG.set(max(0.0, (clock.now() - waiting_since).total_seconds()))
        return FIRST_LOOK_SECONDS if last >= POLL_SECONDS else min(last * 2, POLL_SECONDS / 2)

    async def _catch_up(self) -> datetime | None:
        """Tell all that can be told; returns since when something committed waits for others."""
        limit = FEW if self._waits else BATCH
        while True:
            async with self._database.pool.connection() as connection:
                if not self._has_begun:
                    begins_at = await _beginning(connection)
                    self._hub.names.begin(await spaces.wall(connection))
                    self._hub.hidden.begin(await hidden_posts.read(connection))
                    self._hub.apart.begin(await block_cache.read(connection))
                    self._begin(begins_at)
                found, waiting_since = await events.read_ahead(connection, self._after, limit=limit)
            for event in found:
                self._after = event.position
                if self._publish(event):
                    # Lets the loop hand the bytes to the kernel before the next event, so that
                    # a long batch does not look like slow clients.
                    await asyncio.sleep(0)
            if len(found) < limit:
                self._waits = waiting_since is not None
                return waiting_since
            limit = BATCH

    def _begin(self, position: Position) -> None:
        self._has_begun = True
        self._after = position
        self._hub.begin(position)

    def _publish(self, event: Recorded) -> int:
        """One event that can't be told must not silence all that follow."""
        try:
            return self._hub.publish(event)
        except Exception:
            logger.exception("event not told", event_id=event.id, type=event.type)
            return 0


async def _beginning(connection: AnyConnection) -> Position:
    """Where to begin so that those who come back are told what they missed: RECENT events ago."""
    rows = await _rows(connection, _BEGINNING, ())
    if not rows:
        return START
    oldest = Position(int(rows[-1]["xid"]), rows[-1]["id"])
    is_whole_history = len(rows) <= RECENT and oldest.id == 1
    return START if is_whole_history else oldest


async def _rows(
    connection: AnyConnection, query: LiteralString, parameters: tuple[Any, ...]
) -> list[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchall()
