"""What the outbox keeps: told by `/metrics` and `alongside doctor` before it grows or runs out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import psycopg
from prometheus_client import Gauge
from psycopg_pool import PoolTimeout

from app.core import db
from app.core.logs import logger

OLDEST = Gauge("alongside_events_oldest_days", "Age of the oldest event that is kept, in days")
AHEAD = Gauge(
    "alongside_events_ahead_days",
    "For so many days from today partitions of events are made; below 7 the worker does not",
)
OVERDUE = Gauge(
    "alongside_events_overdue_days",
    "For so many days the oldest partition of events could have been dropped and was not",
)
STRAYS = Gauge(
    "alongside_events_strays", "Events that came while their week had no partition, 1,000 at most"
)

#: Partitions are made hourly: one that is missing for longer is missing because nobody makes it.
LEAST_AHEAD: Final = timedelta(days=7)
#: Longer than a worker rests between two rounds, or a backup reads.
LONGEST_OVERDUE: Final = timedelta(days=2)

STATE_SQL: Final = """
    SELECT (now() AT TIME ZONE 'UTC')::date AS today,
      (SELECT recorded_on FROM core.events e ORDER BY e.xid, e.id LIMIT 1) AS oldest_on,
      (SELECT max(ends_on) FROM core.event_partitions) AS made_until,
      (SELECT min(ends_on) FROM core.event_partitions) AS oldest_ends_on,
      (SELECT count(*) FROM (SELECT FROM core.events_other LIMIT 1000) AS stray)::integer AS strays,
      (SELECT subscriber FROM core.cursors c ORDER BY c.xid, c.id LIMIT 1) AS slowest,
      (SELECT NOT core.event_partition_is_passed(name)
        AND EXISTS (SELECT FROM core.cursors c WHERE (c.xid, c.id) < (
          SELECT e.xid, e.id FROM core.events e WHERE e.recorded_on < p.ends_on
          ORDER BY e.xid DESC, e.id DESC LIMIT 1))
        FROM core.event_partitions p ORDER BY ends_on LIMIT 1) AS is_waited_for
"""


@dataclass(frozen=True, slots=True)
class EventsState:
    """What is kept, made ahead and overdue, in days of the database's clock."""

    today: date
    oldest_on: date | None
    made_until: date | None
    oldest_ends_on: date | None
    strays: int
    #: The subscriber whose cursor is last, and whether it holds the oldest partition.
    slowest: str | None
    is_waited_for: bool | None

    @property
    def ahead(self) -> timedelta:
        """For how long from today partitions are made."""
        return (self.made_until or self.today) - self.today

    def overdue(self, keep_days: int) -> timedelta:
        """For how long the oldest partition could have been dropped."""
        if self.oldest_ends_on is None:
            return timedelta()
        return max(timedelta(), self.today - self.oldest_ends_on - timedelta(days=keep_days))

    def trouble(self, keep_days: int) -> str | None:
        """What is wrong and what to do, in a sentence."""
        if self.ahead < LEAST_AHEAD:
            return (
                f"partitions are made until {self.made_until} only: is `alongside worker` running?"
            )
        if self.overdue(keep_days) <= LONGEST_OVERDUE:
            return None
        kept = f"events before {self.oldest_ends_on} should be gone"
        if self.is_waited_for:
            return (
                f"{kept}, and {self.slowest} has not passed them: is `alongside worker` running? A "
                f"subscriber that is no more is forgotten by alongside events forget {self.slowest}"
            )
        return f"{kept}: does the worker's log say that events are in use?"


async def measure(pool: db.Pool, *, keep_days: int) -> None:
    """Set the gauges; a database that is away leaves them as they are."""
    try:
        (row,) = await db.fetch(pool, STATE_SQL)
    except (psycopg.Error, PoolTimeout, OSError) as error:
        logger.warning("events can't be looked at", error=type(error).__name__)
        return
    state = EventsState(**row)
    OLDEST.set((state.today - (state.oldest_on or state.today)).days)
    AHEAD.set(state.ahead.days)
    OVERDUE.set(state.overdue(keep_days).days)
    STRAYS.set(state.strays)
