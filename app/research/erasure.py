"""Erasure: everything a study holds about a participant goes, and the link to the member too.

What stays is a row that says erased, and the acts of consent under a pseudonym that nobody can
tie to a person any more.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events
from app.identity import pseudonyms
from app.research import consent, receipts
from app.research.events import ParticipantErased
from app.research.models import ConsentAct, Participant, Purpose, Study
from app.research.receipts import Receipt

_CLOSE_DATASETS: Final = """
    UPDATE research.datasets SET closed_at = %(at)s
    WHERE closed_at IS NULL AND id IN (
      SELECT dataset_id FROM research.dataset_participants WHERE participant_id = %(id)s)
"""

_MARK: Final = """
    UPDATE research.participants SET state = 'erased', changed_at = %(at)s,
      tenure_band = NULL, age_band = NULL, area = NULL, peer_support_before = NULL
    WHERE id = %(id)s
"""

#: In this order: the database lets rows go only once their participant is marked.
_CLEAR: Final = (
    "DELETE FROM research.activities WHERE participant_id = %(id)s",
    "UPDATE research.activities SET counterpart_id = NULL WHERE counterpart_id = %(id)s",
    "DELETE FROM research.texts WHERE participant_id = %(id)s",
    "DELETE FROM research.dataset_participants WHERE participant_id = %(id)s",
)


async def stand_in_line(session: AsyncSession) -> None:
    """Before the participant's row is locked: everyone takes the table first, then the person,
    so that a freeze, an activity and an erasure can't wait for each other in a ring."""
    connection = await db.driver(session)
    await connection.execute("LOCK TABLE research.activities IN ROW EXCLUSIVE MODE")


async def erase(session: AsyncSession, study: Study, participant: Participant) -> Receipt:
    """Stop and erase. `participant` must be locked, after `stand_in_line`."""
    acts = await consent.acts_of(session, participant.id)
    taken_back: dict[Purpose, ConsentAct] = {
        purpose: ConsentAct.WITHDRAWN
        for purpose, act in consent.latest(acts).items()
        if consent.is_given(act)
    }
    version = max(act.sheet_version for act in acts)
    await consent.record(session, participant, taken_back, sheet_version=version)
    at = await _clear(session, participant)
    await pseudonyms.destroy(session, participant.id)
    event = ParticipantErased(study_id=study.id)
    await events.record(session, event)
    return receipts.of_erasure(study, participant.id, at, taken_back)


async def _clear(session: AsyncSession, participant: Participant) -> datetime:
    at = max(clock.now(), participant.changed_at + timedelta(microseconds=1))
    values = {"id": participant.id, "at": at}
    connection = await db.driver(session)
    for statement in (_CLOSE_DATASETS, _MARK, *_CLEAR):
        await connection.execute(statement, values)
    await session.refresh(participant)
    return at
