"""From suspensions to what a study may know of them: the day since joining from which the community
was closed to a participant, so that somebody who could not come doesn't count as having left.

As of acts, no row is kept but by consent to `activity`, given in words that speak of it. Why and
until when no study learns.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.core.events import Recorded
from app.identity import pseudonyms
from app.identity.events import AccountSuspended
from app.research import deliveries

#: A day is kept once, however often it is told.
_KEEP: Final = """
    INSERT INTO research.closures (study_id, participant_id, occurred_at)
    SELECT study_id, participant_id, closed_at FROM unnest(%(studies)s::uuid[],
      %(participants)s::text[], %(moments)s::timestamptz[])
      AS t (study_id, participant_id, closed_at)
    WHERE research.may_record_closure(participant_id, closed_at)
    ON CONFLICT DO NOTHING
"""


async def write(session: AsyncSession, found: Sequence[Recorded]) -> None:
    """Turn suspensions into rows, where consent to that is in force. Writing one again changes
    nothing."""
    moments = [
        (event.member_id, recorded.occurred_at)
        for recorded in found
        if isinstance(event := recorded.event(), AccountSuspended)
    ]
    links = await pseudonyms.participants_of(session, {member_id for member_id, _ in moments})
    facts = [
        (link, closed_at)
        for member_id, closed_at in moments
        for link in links
        if link.member_id == member_id
    ]
    await deliveries.begin(session, sorted({link.participant_id for link, _ in facts}))
    connection = await db.driver(session)
    values = {
        "studies": [link.study_id for link, _ in facts],
        "participants": [link.participant_id for link, _ in facts],
        "moments": [closed_at for _, closed_at in facts],
    }
    await connection.execute(_KEEP, values)
