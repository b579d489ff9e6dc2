"""Figures of the live part, served with all others at /metrics."""

import asyncio

import psycopg
from prometheus_client import Counter, Gauge
from psycopg_pool import PoolTimeout

from app.core import db, xmin_horizon
from app.core.logs import logger
from app.core.xmin_horizon import Holder

SOCKETS = Gauge("alongside_live_sockets", "Open live sockets of this process")
FRAMES = Counter("alongside_live_frames", "Event frames handed to sockets")
DROPPED = Counter("alongside_live_dropped", "Sockets let go because they were gone or too slow")
LAG = Gauge(
    "alongside_live_lag_seconds", "Age of the oldest event that is committed and not yet told"
)
OLDEST_TRANSACTION = Gauge(
    "alongside_oldest_transaction_seconds",
    "Age of the oldest open or prepared transaction that writes, in any database of the server, or "
    "the wait it causes; events of all others wait for it",
)
OLDEST_SLOT = Gauge(
    "alongside_oldest_replication_slot_seconds",
    "For how long a replication slot has held back the oldest transaction still needed",
)

LOOK_EVERY_SECONDS = 10.0


async def watch_transactions(pool: db.Pool, *, every: float = LOOK_EVERY_SECONDS) -> None:
    """Measure what holds events back again and again, and say so when it does for a minute."""
    while True:
        try:
            found = xmin_horizon.read(await db.fetch(pool, xmin_horizon.HOLDERS))
        except (psycopg.Error, PoolTimeout, OSError) as error:
            logger.warning("open transactions can't be seen", error=type(error).__name__)
        else:
            _tell(found)
        await asyncio.sleep(every)


def _tell(found: list[Holder]) -> None:
    slots = [one.seconds for one in found if one.kind == "slot"]
    others = [one.seconds for one in found if one.kind != "slot"]
    OLDEST_SLOT.set(max(slots, default=0.0))
    OLDEST_TRANSACTION.set(max(others, default=0.0))
    worst = xmin_horizon.worst(found)
    if worst is not None and worst.is_alarming:
        logger.error(
            "a transaction stays open",
            kind=worst.kind,
            database=worst.database,
            name=worst.name,
            seconds=round(worst.seconds),
            todo=worst.words,
        )
