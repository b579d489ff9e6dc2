"""Whether letters leave: what `/metrics` and `alongside doctor` tell from the first failure on."""

from dataclasses import dataclass
from typing import Final

import psycopg
from prometheus_client import Gauge
from psycopg_pool import PoolTimeout

from app.core import db
from app.core.logs import logger

FAILING = Gauge(
    "alongside_letters_failing", "E-mails that failed at least once and are tried again"
)
LOST = Gauge("alongside_letters_lost", "E-mails given up after the last try")
OLDEST = Gauge("alongside_letters_oldest_seconds", "Age of the oldest e-mail that waits to leave")

#: A letter that left has no job any more.
STATE_SQL: Final = """
    SELECT count(*) FILTER (WHERE j.status = 'failed')::integer AS lost,
      count(*) FILTER (WHERE j.status IN ('todo', 'doing') AND j.attempts > 0)::integer AS failing,
      coalesce(extract(epoch FROM now() - min(e.at)
        FILTER (WHERE j.status IN ('todo', 'doing'))), 0)::float AS oldest_seconds
    FROM procrastinate_jobs j
    LEFT JOIN LATERAL (
      SELECT min(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
    WHERE j.task_name = 'core:send_letter'
"""


@dataclass(frozen=True, slots=True)
class LetterState:
    """How many letters were given up, how many failed and are tried again, the oldest's age."""

    lost: int
    failing: int
    oldest_seconds: float


async def measure(pool: db.Pool) -> None:
    """Set the gauges; a database that is away leaves them as they are."""
    try:
        (row,) = await db.fetch(pool, STATE_SQL)
    except (psycopg.Error, PoolTimeout, OSError) as error:
        logger.warning("e-mails can't be counted", error=type(error).__name__)
        return
    state = LetterState(**row)
    LOST.set(state.lost)
    FAILING.set(state.failing)
    OLDEST.set(state.oldest_seconds)
