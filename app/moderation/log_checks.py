"""Checks of the log: a job of the worker makes them, and what they found is kept to be read.

A check goes on behind the newest line of the one before, and holds every decision against the log.
Once a week it reads every line again, for only that shows that an old line was changed.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, queue
from app.core.db import Database, unit_of_work
from app.moderation import log_verification
from app.moderation.log_models import CheckedLog

TASK: Final = "moderation:check_log"
WHOLE_EVERY: Final = timedelta(days=7)

logger = structlog.get_logger()

_LATEST: Final = """
    SELECT l.*, (SELECT w.checked_at FROM moderation.log_checks w WHERE w.is_whole AND w.is_intact
      ORDER BY w.place DESC LIMIT 1) AS whole_at
    FROM moderation.log_checks l ORDER BY l.place DESC LIMIT 1
"""
# What a worker that died was doing is done by nobody.
_IS_RUNNING: Final = """
    SELECT FROM procrastinate_jobs WHERE task_name = %s
      AND (status = 'todo' OR status = 'doing' AND worker_id IS NOT NULL) LIMIT 1
"""


async def ask(session: AsyncSession) -> None:
    """Let the worker check now; asking again while it waits asks for nothing more."""
    await queue.defer(session, TASK, only_one=TASK)


async def read(pool: db.Pool) -> dict[str, Any]:
    """What the last check found, and whether another is asked for or at work."""
    last = await _latest(pool)
    if last is not None:
        head = last["head_hash"]
        last |= {"head_hash": None if head is None else head.hex()}
    return {"is_running": bool(await db.fetch(pool, _IS_RUNNING, (TASK,))), "last": last}


async def run(database: Database) -> CheckedLog:
    """Check, and keep what was found. May run twice, and beside another."""
    began_at = clock.now()
    since = _head(await _latest(database.pool), began_at)
    found = await log_verification.check(database.pool, since=since)
    kept = CheckedLog(
        is_whole=since is None,
        began_at=began_at,
        checked_at=clock.now(),
        checked=found.checked,
        head_hash=None if found.head_hash is None else bytes.fromhex(found.head_hash),
        is_intact=found.is_intact,
        broken_seq=found.broken_seq,
        why=found.why,
    )
    async with unit_of_work(database) as session:
        session.add(kept)
    if not found.is_intact:
        logger.error("the moderation log is not as it was written", seq=found.broken_seq)
    return kept


async def _latest(pool: db.Pool) -> DictRow | None:
    rows = await db.fetch(pool, _LATEST)
    return rows[0] if rows else None


def _head(last: DictRow | None, now: datetime) -> log_verification.Head | None:
    """Where to go on; at the first line when the last check found something, or when every line
    was read a week ago."""
    if last is None or not last["is_intact"] or last["head_hash"] is None:
        return None
    if last["whole_at"] is None or now - last["whole_at"] >= WHOLE_EVERY:
        return None
    return log_verification.Head(last["checked"], last["head_hash"])
