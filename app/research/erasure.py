"""Erasure: everything a study holds about a participant goes, and the link to the member too.

What stays is a row that says erased, and the acts of consent under a pseudonym that nobody can
tie to a person any more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events, queue
from app.identity import pseudonyms
from app.research import consent, receipts
from app.research.events import ParticipantErased
from app.research.models import ConsentAct, Participant, Purpose, Study
from app.research.receipts import Receipt

_CLOSE_DATASETS: Final = """
    UPDATE research.datasets SET closed_at = %(at)s
    WHERE closed_at IS NULL AND id IN (
      SELECT dataset_id FROM research.dataset_participants WHERE participant_id = %(id)s)
    RETURNING id
"""

_MARK: Final = """
    UPDATE research.participants SET state = 'erased',
      changed_at = date_trunc('day', %(at)s, research.programme_zone()),
      tenure_band = NULL, age_band = NULL, area = NULL, peer_support_before = NULL
    WHERE id = %(id)s
"""

#: An exact time could be held against the moment at which an account was closed.
_BLUR_CONSENTS: Final = """
    UPDATE research.consents SET at = date_trunc('day', at, research.programme_zone())
    WHERE participant_id = %(id)s
"""

#: In this order: the database lets rows go only once their participant is marked.
_CLEAR: Final = (
    "DELETE FROM research.texts WHERE participant_id = %(id)s",
    "DELETE FROM research.recording_states WHERE participant_id = %(id)s",
    "DELETE FROM research.deliveries WHERE participant_id = %(id)s",
    "DELETE FROM research.closures WHERE participant_id = %(id)s",
    "DELETE FROM research.dataset_participants WHERE participant_id = %(id)s",
    "DELETE FROM research.answers WHERE participant_id = %(id)s",
    "DELETE FROM research.response_parts WHERE participant_id = %(id)s",
    "DELETE FROM research.responses WHERE participant_id = %(id)s",
    "DELETE FROM research.invitations WHERE participant_id = %(id)s",
    "DELETE FROM research.invitation_choices WHERE participant_id = %(id)s",
    "DELETE FROM research.contact_requests WHERE participant_id = %(id)s",
    "DELETE FROM research.paper_entries WHERE participant_id = %(id)s",
    _BLUR_CONSENTS,
)

#: A copied text names its post, and so its author: it goes as well; and so does how to reach them.
_UNTIE: Final = (
    "DELETE FROM research.texts WHERE participant_id = %(id)s",
    "DELETE FROM research.recording_states WHERE participant_id = %(id)s",
    "DELETE FROM research.deliveries WHERE participant_id = %(id)s",
    "UPDATE research.participants"
    " SET changed_at = date_trunc('day', changed_at, research.programme_zone())"
    " WHERE id = %(id)s",
    "UPDATE research.contact_requests"
    " SET reach = NULL, closed_on = research.local_date(%(now)s)"
    " WHERE participant_id = %(id)s AND answered_at IS NULL",
    _BLUR_CONSENTS,
)

#: Activities and meetings go in batches, so that no transaction holds live pages back for seconds.
#: Their participant is marked erased at once: no reader sees them any more.
BATCH: Final = 5_000
_CLEAR_SOME: Final = (
    """DELETE FROM research.activities a USING (
         SELECT tableoid, ctid FROM research.activities
         WHERE study_id = %(study)s AND participant_id = %(id)s LIMIT 5000) found
       WHERE a.study_id = %(study)s AND a.tableoid = found.tableoid AND a.ctid = found.ctid""",
    """DELETE FROM research.attendances a USING (
         SELECT ctid FROM research.attendances
         WHERE study_id = %(study)s AND participant_id = %(id)s LIMIT 5000) found
       WHERE a.study_id = %(study)s AND a.ctid = found.ctid""",
    """UPDATE research.activities a SET counterpart_id = NULL, other_side = 'member' FROM (
         SELECT tableoid, ctid FROM research.activities
         WHERE study_id = %(study)s AND counterpart_id = %(id)s LIMIT 5000) found
       WHERE a.study_id = %(study)s AND a.tableoid = found.tableoid AND a.ctid = found.ctid""",
)
#: The job that goes on with what one batch left.
CLEAR_TASK: Final = "research:clear_erased"
#: The job that takes an erased person out of datasets.
SUCCEED_TASK: Final = "research:succeed"
#: Erasures of one study come one after another: each takes the rows of others that name the person,
#: and two people who answered each other would wait in a ring.
_ONE_BY_ONE: Final = """
    SELECT pg_advisory_xact_lock(hashtextextended('research.erasure ' || study, 0))
    FROM (SELECT DISTINCT study::text FROM unnest(%s::uuid[]) study ORDER BY 1) studies
"""
_STAND_IN_LINE: Final = """
    SELECT 1 FROM research.recording_states WHERE participant_id = ANY (%s)
    ORDER BY participant_id FOR UPDATE
"""


async def stand_in_line(session: AsyncSession, member_ids: Iterable[UUID]) -> None:
    """Before the participants' rows are locked: everyone locks what recording needs first, then
    the people, so that an activity and an erasure can't wait for each other in a ring."""
    links = await pseudonyms.participants_of(session, member_ids)
    studies = [found.study_id for found in links]
    await stand_in_line_as(session, studies, [found.participant_id for found in links])


async def stand_in_line_as(
    session: AsyncSession, study_ids: Sequence[UUID], participant_ids: Sequence[str]
) -> None:
    """The same for participants who are known, such as one with a card."""
    connection = await db.driver(session)
    await connection.execute(_ONE_BY_ONE, (list(study_ids),))
    await connection.execute(_STAND_IN_LINE, (list(participant_ids),))


async def erase(session: AsyncSession, study: Study, participant: Participant) -> Receipt:
    """Stop and erase. `participant` must be locked, after `stand_in_line`.

    What was recorded goes now; of many thousand rows the rest goes with a job, and until then
    nothing reads them. Datasets that held the person close now, and a job makes their successors.
    """
    acts = await consent.acts_of(session, participant.id)
    taken_back: dict[Purpose, ConsentAct] = {
        purpose: ConsentAct.WITHDRAWN
        for purpose, act in consent.latest(acts).items()
        if consent.is_given(act)
    }
    version = max(act.sheet_version for act in acts)
    await consent.record(session, participant, taken_back, sheet_version=version)
    await pseudonyms.destroy(session, participant.id)
    at = await _clear(session, participant)
    event = ParticipantErased(study_id=study.id)
    await events.record(session, event)
    return receipts.of_erasure(study, participant.id, at, taken_back)


async def untie(session: AsyncSession, participant_id: str) -> None:
    """Let what stays lead to nobody, once the account that could see and erase it is closed. The
    participant must have stopped, and be locked after `stand_in_line`."""
    await pseudonyms.destroy(session, participant_id)
    connection = await db.driver(session)
    for statement in _UNTIE:
        await connection.execute(statement, {"id": participant_id, "now": clock.now()})


async def _clear(session: AsyncSession, participant: Participant) -> datetime:
    at = max(clock.now(), participant.changed_at + timedelta(microseconds=1))
    values = {"id": participant.id, "at": at}
    connection = await db.driver(session)
    closed = await (await connection.execute(_CLOSE_DATASETS, values)).fetchall()
    for statement in (_MARK, *_CLEAR):
        await connection.execute(statement, values)
    await session.refresh(participant)
    if not await clear_some(session, participant.study_id, participant.id):
        await queue.defer(
            session,
            CLEAR_TASK,
            study_id=str(participant.study_id),
            participant_id=participant.id,
        )
    for (dataset_id,) in closed:
        await queue.defer(session, SUCCEED_TASK, dataset_id=str(dataset_id))
    return at


async def clear_some(session: AsyncSession, study_id: UUID, participant_id: str) -> bool:
    """Delete a batch of what an erased participant left behind; whether nothing is left."""
    connection = await db.driver(session)
    await connection.execute(_ONE_BY_ONE, ([study_id],))
    asked = {"study": study_id, "id": participant_id}
    counts = [(await connection.execute(one, asked)).rowcount for one in _CLEAR_SOME]
    return max(counts) < BATCH
