"""Figures of the live part, served with all others at /metrics."""

import asyncio

import psycopg
from prometheus_client import Counter, Gauge
from psycopg_pool import PoolTimeout

from app.core import db
from app.core.logs import logger

SOCKETS = Gauge("alongside_live_sockets", "Open live sockets of this process")
FRAMES = Counter("alongside_live_frames", "Event frames handed to sockets")
DROPPED = Counter("alongside_live_dropped", "Sockets let go because they were gone or too slow")
LAG = Gauge(
    "alongside_live_lag_seconds", "Age of the oldest event that is committed and not yet told"
)
OLDEST_TRANSACTION = Gauge(
    "alongside_oldest_transaction_seconds",
    "Age of the oldest open transaction that writes; events of all others wait for it",
)

LOOK_EVERY_SECONDS = 10.0
#: An act takes milliseconds. One that is open so long holds back every live frame and every
#: subscriber, so someone should be told.
ALARM_SECONDS = 30.0

_OLDEST = """
    SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float AS seconds
    FROM pg_stat_activity WHERE backend_xid IS NOT NULL
"""


async def watch_transactions(pool: db.Pool, *, every: float = LOOK_EVERY_SECONDS) -> None:
    """Measure the oldest writing transaction again and again, and say so when it stays open."""
    while True:
        try:
            (row,) = await db.fetch(pool, _OLDEST)
        except (psycopg.Error, PoolTimeout, OSError) as error:
            logger.warning("open transactions can't be seen", error=type(error).__name__)
        else:
            OLDEST_TRANSACTION.set(row["seconds"])
            if row["seconds"] > ALARM_SECONDS:
                logger.error("a transaction stays open", seconds=round(row["seconds"]))
        await asyncio.sleep(every)
