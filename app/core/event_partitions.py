"""Partitions of the outbox: made ahead, and dropped once every subscriber has passed them.

The functions behind this belong to the owner of the tables and take nothing but a number, for the
servers own nothing (migration `core_0003`). Neither waits longer than a twentieth of a second for a
lock, because writers would wait behind it; it is asked for again a little later instead.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, LiteralString

import psycopg

from app.core import db
from app.core.db import Database, unit_of_work
from app.core.delivery import BATCH, deliver
from app.core.events import Subscriber
from app.core.logs import logger

#: Made so many weeks ahead: a worker may be away for two before events go to `events_other`.
WEEKS_AHEAD: Final = 2
EVERY: Final = timedelta(hours=1)
TRIES: Final = 5
PAUSE_SECONDS: Final = 1.0
#: Of the events that came while their week had no partition, so many are deleted at once.
STRAYS: Final = 1_000

_KNOW: Final = (
    "INSERT INTO core.cursors (subscriber) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
)
_MAKE: Final = "SELECT core.make_event_partitions(%s)"
_DROP: Final = "SELECT core.drop_event_partition(%s)"
# The last event of all stays: the stream would have no end to go on from.
_DELETE_STRAYS: Final = f"""
    DELETE FROM core.events_other WHERE id IN (
      SELECT o.id FROM core.events_other o
      WHERE o.recorded_on < (now() AT TIME ZONE 'UTC')::date - %s
        AND NOT EXISTS (SELECT FROM core.cursors c WHERE (c.xid, c.id) < (o.xid, o.id))
        AND EXISTS (SELECT FROM core.cursors)
        AND (o.xid, o.id) < (SELECT e.xid, e.id FROM core.events e
          WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot())
          ORDER BY e.xid DESC, e.id DESC LIMIT 1)
      LIMIT {STRAYS})
"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What one round did."""

    made: int
    dropped: tuple[str, ...]


async def keep_again_and_again(
    database: Database, subscribers: Sequence[Subscriber], *, keep_days: int
) -> None:
    """A round at the start and every hour, until cancelled; one that fails is left to the next."""
    while True:
        try:
            await keep(database, subscribers, keep_days=keep_days)
        except Exception:
            logger.exception("partitions of events are looked after later")
        await asyncio.sleep(EVERY.total_seconds())


async def keep(database: Database, subscribers: Sequence[Subscriber], *, keep_days: int) -> Upkeep:
    """Make what is missing ahead, and drop what is older than `keep_days` and passed by all.

    A cursor stays behind for as long as only events of other kinds follow, so each is moved up
    first; one that has never run is put at the beginning, where it holds everything.
    """
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        await connection.execute(_KNOW, ([one.name for one in subscribers],))
    made = await _once_free(database, _MAKE, WEEKS_AHEAD) or 0
    for subscriber in subscribers:
        while await deliver(database, subscriber, stride=0) == BATCH:
            pass
    dropped: list[str] = []
    while name := await _once_free(database, _DROP, keep_days):
        logger.info("events dropped", partition=name)
        dropped.append(name)
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        await connection.execute(_DELETE_STRAYS, (keep_days,))
    return Upkeep(made, tuple(dropped))


async def _once_free(database: Database, statement: LiteralString, number: int) -> Any:
    """What the function says, or None when the locks did not come free."""
    for _ in range(TRIES):
        try:
            async with unit_of_work(database) as session:
                connection = await db.driver(session)
                cursor = await connection.execute(statement, (number,))
                row = await cursor.fetchone()
                return row[0] if row else None
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            await asyncio.sleep(PAUSE_SECONDS)
    logger.warning("events are in use, their partitions are left for later")
    return None
