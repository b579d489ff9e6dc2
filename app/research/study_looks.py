"""Who looked at a study, counted once each: the first line of every flow of participants."""

from typing import Final
from uuid import UUID

from app.core import clock, db
from app.identity.pseudonyms import NOTE_LOOK
from app.research.schedule import PERIOD_DAYS

#: That a member looked stands apart, without a time; here only how many did in a period.
_NOTE: Final = f"""
    WITH new AS ({NOTE_LOOK})
    INSERT INTO research.look_counts (study_id, period, people)
    SELECT s.id, (research.local_date(%(now)s) - research.local_date(s.opened_at)) / %(days)s + 1, 1
    FROM new JOIN research.studies s ON s.id = new.study_id
    WHERE s.state = 'open'
    ON CONFLICT (study_id, period) DO UPDATE SET people = look_counts.people + 1
"""  # noqa: S608 - joins two constants

_IS_FIRST: Final = """
    SELECT 1 FROM research.studies s
    WHERE s.id = %(study_id)s AND s.state = 'open' AND NOT EXISTS (
      SELECT FROM identity.study_looks l
      WHERE l.study_id = s.id AND l.member_id = %(member_id)s)
"""


async def note(pool: db.Pool, study_id: UUID, *, member_id: UUID) -> None:
    """Count a member who looks at an open study for the first time."""
    asked = {"study_id": study_id, "member_id": member_id}
    if not await db.fetch(pool, _IS_FIRST, asked):
        return
    async with pool.connection() as connection:
        await connection.execute(_NOTE, {**asked, "now": clock.now(), "days": PERIOD_DAYS})
