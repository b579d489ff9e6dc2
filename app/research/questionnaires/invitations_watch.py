"""Whether everybody who is due is invited: what `/metrics` tells from the first one missed on."""

from typing import Final

import psycopg
from prometheus_client import Gauge
from psycopg_pool import PoolTimeout

from app.core import db
from app.core.logs import logger

MISSING = Gauge(
    "alongside_invitation_looks_failed",
    "Looks at who is due for an invitation, of the last day, in which somebody was missed",
)

#: A job that did all of its work is gone.
_FAILED: Final = """
    SELECT count(*) AS looks FROM procrastinate_jobs j
    WHERE j.task_name = 'research:invite' AND j.status = 'failed' AND EXISTS (
      SELECT FROM procrastinate_events e
      WHERE e.job_id = j.id AND e.at > now() - interval '1 day')
"""


async def measure(pool: db.Pool) -> None:
    """Set the gauge; a database that is away leaves it as it is."""
    try:
        (row,) = await db.fetch(pool, _FAILED)
    except (psycopg.Error, PoolTimeout, OSError) as error:
        logger.warning("invitations can't be counted", error=type(error).__name__)
        return
    MISSING.set(row["looks"])
