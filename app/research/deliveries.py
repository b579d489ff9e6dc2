"""Events that became rows: what keeps a second delivery from adding any, without a row that names
an event."""

from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.programme.events import AttendanceRecorded, AttendanceTakenBack

#: What a delivery is known by.
KEY: Final = "study_id, event_id, participant_id, kind"

#: Deliveries of attendance have the types of their events for kinds; all others are of acts.
OF_ATTENDANCE: Final = (AttendanceRecorded.event_type, AttendanceTakenBack.event_type)

#: An event that became a row stands there until the cursor of its subscriber has passed it; one
#: that the outbox keeps no more was passed. Rows that someone else is at are left to them or to
#: the next time: this waits for nobody.
_FORGET_PASSED: Final = """
    DELETE FROM research.deliveries d USING (
      SELECT p.study_id, p.event_id, p.participant_id, p.kind FROM research.deliveries p
      JOIN core.cursors c ON c.subscriber = CASE WHEN p.kind = ANY (%(of_attendance)s)
        THEN 'research.attendance' ELSE 'research.activity' END
      LEFT JOIN core.events e ON e.id = p.event_id
      WHERE e.id IS NULL OR (e.xid, e.id) <= (c.xid, c.id)
      FOR UPDATE OF p SKIP LOCKED) passed
    WHERE d.study_id = passed.study_id AND d.event_id = passed.event_id
      AND d.participant_id = passed.participant_id AND d.kind = passed.kind
"""

#: Everyone locks what recording needs first and participants afterwards, each in one order, so that
#: a withdrawal waits for this batch or this batch sees it. Whatever the filter lets through, the
#: trigger checks again.
_LOCK: Final = (
    "SELECT 1 FROM research.recording_states WHERE participant_id = ANY (%(everyone)s)"
    " ORDER BY participant_id FOR UPDATE",
    "SELECT 1 FROM research.participants WHERE id = ANY (%(everyone)s) ORDER BY id FOR SHARE",
)


async def begin(session: AsyncSession, participant_ids: Collection[str]) -> None:
    """Lock the participants of a batch and forget what was passed: afterwards, for an erasure that
    is waited for takes its own deliveries away."""
    connection = await db.driver(session)
    for statement in _LOCK if participant_ids else ():
        await connection.execute(statement, {"everyone": list(participant_ids)})
    await forget_passed(session)


async def forget_passed(session: AsyncSession) -> None:
    """Empty the table of deliveries up to the cursors of their subscribers."""
    connection = await db.driver(session)
    await connection.execute(_FORGET_PASSED, {"of_attendance": list(OF_ATTENDANCE)})
