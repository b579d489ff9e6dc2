"""Reading: visible seconds that the browser sends in batches. What was read is not kept."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import psycopg

from app.core import clock, db
from app.core.logs import logger
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research.registry import MAX_READ_SECONDS

MAX_ITEMS: Final = 50

#: One statement for one batch: members read all the time. For everyone who takes part in nothing
#: it ends at an empty index look-up.
_RECORD: Final = f"""
    INSERT INTO research.activities (study_id, participant_id, occurred_at, kind, version,
      actor_role, seconds)
    SELECT p.study_id, p.id, %(now)s, 'read', 2, 'member', s
    FROM ({LINKS_OF_MEMBER}) l
    JOIN research.participants p ON p.id = l.participant_id
    CROSS JOIN unnest(%(seconds)s::integer[]) s
    WHERE research.may_record(p.id, 'activity', %(now)s)
    ORDER BY p.id
"""  # noqa: S608 - joins two constants

_IS_RECORDED: Final = f"""
    SELECT EXISTS (SELECT FROM ({LINKS_OF_MEMBER}) l
      WHERE research.may_record(l.participant_id, 'activity', %(now)s)) AS is_recorded
"""  # noqa: S608 - joins two constants


async def is_recorded(pool: db.Pool, member_id: UUID) -> bool:
    """Whether any study may note what this member reads now: only then does the browser count."""
    (row,) = await db.fetch(pool, _IS_RECORDED, {"now": clock.now(), "member_id": member_id})
    return bool(row["is_recorded"])


async def record(pool: db.Pool, *, member_id: UUID, seconds: Sequence[int]) -> None:
    """Keep how long each of several posts was in view, in every study of the member that may know.

    A consent taken back in this very moment makes the database refuse the batch; then there is
    nothing to keep, and nothing to tell the reader.
    """
    capped = [min(value, MAX_READ_SECONDS) for value in seconds if value > 0]
    if not capped:
        return
    values = {"now": clock.now(), "member_id": member_id, "seconds": capped}
    try:
        async with pool.connection() as connection:
            await connection.execute(_RECORD, values)
    except psycopg.errors.CheckViolation as error:
        if error.diag.constraint_name != "consent_in_force":
            raise
        logger.info("reading came after a withdrawal and was not kept")
