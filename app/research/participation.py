"""Taking part: joining, choosing anew, stopping. Each is one act with one receipt."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock
from app.core.allowances import Allowance
from app.identity import pseudonyms
from app.research import calendar, consent, erasure, purposes, receipts, sheets
from app.research.activity_models import RecordingState
from app.research.consent import Choices
from app.research.demographics import Demographics, tenure_band
from app.research.errors import (
    JoiningTwiceError,
    NothingChosenError,
    NotTakingPartError,
    StaffStandApartError,
    StudyClosedError,
)
from app.research.models import (
    ConsentAct,
    Participant,
    ParticipantState,
    Purpose,
    Study,
    StudyState,
)
from app.research.receipts import Receipt

#: Each is a receipt and lines of the ledger that stay. Stopping altogether (`withdraw`) has none.
CHOICES: Final = Allowance(
    "choices",
    60,
    600,
    "That was a lot of changes in a short time. What you chose last counts. Please wait a few "
    "minutes, then go on.",
)


async def join(
    session: AsyncSession,
    study: Study,
    *,
    member_id: UUID,
    joined_at: datetime,
    sheet_version: int,
    choices: Choices,
    demographics: Demographics,
) -> Receipt:
    """Take part under a fresh random pseudonym; for someone in the study, choose anew.

    `study` must be locked to join. `joined_at` is when the member came to the community; only
    its band is kept.
    """
    if not any(choices.values()):
        raise NothingChosenError(pointer="/purposes")
    known = await _locked(session, study.id, member_id)
    if known is not None:
        return await _choose(session, study, member_id, known, sheet_version, choices)
    await _require_welcome(session, study, member_id, sheet_version)
    participant = await _enrol(session, study, member_id, joined_at, demographics)
    return await _choose(session, study, member_id, participant, sheet_version, choices)


async def choose(
    session: AsyncSession,
    study: Study,
    *,
    member_id: UUID,
    sheet_version: int | None,
    choices: Choices,
) -> Receipt:
    """Change what one agrees to; agreeing to nothing is stopping. `study` is locked to join.

    One can stop agreeing at any time, also in a closed study and whatever the sheet says by
    now. A new one asks for an open study and the sheet of the day.
    """
    participant = await _locked(session, study.id, member_id)
    if participant is None:
        raise NotTakingPartError
    return await _choose(session, study, member_id, participant, sheet_version, choices)


async def withdraw(session: AsyncSession, study: Study, *, member_id: UUID, erase: bool) -> Receipt:
    """Stop, or stop and erase. Doing it again changes nothing and says `already`."""
    if erase:
        await erasure.stand_in_line(session, [member_id])
    participant = await _locked(session, study.id, member_id)
    if participant is None:
        return receipts.of_nothing(study, clock.now())
    if erase:
        return await erasure.erase(session, study, participant)
    return await _choose(session, study, member_id, participant, None, {})


async def lock(session: AsyncSession, member_ids: Collection[UUID]) -> None:
    """Lock everyone these members are, in one order, before an act about several of them."""
    await erasure.stand_in_line(session, member_ids)
    links = await pseudonyms.participants_of(session, member_ids)
    codes = [found.participant_id for found in links]
    query = select(col(Participant.id)).where(col(Participant.id).in_(codes))
    await session.execute(query.order_by(col(Participant.id)).with_for_update())


async def _locked(session: AsyncSession, study_id: UUID, member_id: UUID) -> Participant | None:
    """The member as a participant, or None. Nothing about them is written until the act is done."""
    pseudonym = await pseudonyms.find(session, study_id=study_id, member_id=member_id)
    query = (
        select(Participant)
        .where(col(Participant.id) == pseudonym, col(Participant.state) != ParticipantState.ERASED)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _is_open(session: AsyncSession, study: Study, sheet_version: int | None) -> bool:
    """Whether who has read this version of the sheet may agree to something now."""
    sheet = await sheets.find_current(session, study.id)
    return study.state == StudyState.OPEN and sheet is not None and sheet.version == sheet_version


async def _require_welcome(
    session: AsyncSession, study: Study, member_id: UUID, sheet_version: int | None
) -> None:
    """Whoever agrees to something anew: not staff, in an open study, with its sheet read."""
    if not await pseudonyms.may_take_part(session, member_id):
        raise StaffStandApartError
    if study.state != StudyState.OPEN:
        raise StudyClosedError
    await sheets.require_current(session, study.id, sheet_version)


async def _enrol(
    session: AsyncSession,
    study: Study,
    member_id: UUID,
    joined_at: datetime,
    demographics: Demographics,
) -> Participant:
    now = clock.now()
    pseudonym = await _unused_pseudonym(session)
    participant = Participant(
        id=pseudonym,
        study_id=study.id,
        enrolled_on=await calendar.day_of(session, now),
        changed_at=now,
        tenure_band=tenure_band(joined_at, now),
        age_band=demographics.age_band,
        area=demographics.area,
        peer_support_before=demographics.peer_support_before,
    )
    session.add(participant)
    await session.flush()
    session.add(RecordingState(study_id=study.id, participant_id=pseudonym, session=0, posts=0))
    await session.flush()
    if not await pseudonyms.link(
        session, study_id=study.id, member_id=member_id, participant_id=pseudonym
    ):
        raise JoiningTwiceError
    return participant


async def _unused_pseudonym(session: AsyncSession) -> str:
    """One in 33 million is taken, and an erased one stays taken."""
    while True:
        pseudonym = pseudonyms.draw()
        if await session.get(Participant, pseudonym) is None:
            return pseudonym


async def _choose(
    session: AsyncSession,
    study: Study,
    member_id: UUID,
    participant: Participant,
    sheet_version: int | None,
    choices: Choices,
) -> Receipt:
    acts = await consent.acts_of(session, participant.id)
    if consent.only_takes_back(acts, choices):
        if not await _is_open(session, study, sheet_version):
            sheet_version = None
    elif any(choices.values()):
        await _require_welcome(session, study, member_id, sheet_version)
    asked = await purposes.of_study(session, study.id)
    purposes.require_asked(asked, choices)
    wanted = consent.changes(acts, choices, asked=asked, sheet_version=sheet_version)
    if wanted:
        version = sheet_version or max(act.sheet_version for act in acts)
        await _record(session, participant, wanted, version, is_in=any(choices.values()))
        acts = await consent.acts_of(session, participant.id)
    return receipts.from_ledger(study, participant.id, acts, already=not wanted)[-1]


async def _record(
    session: AsyncSession,
    participant: Participant,
    acts: dict[Purpose, ConsentAct],
    sheet_version: int,
    *,
    is_in: bool,
) -> None:
    participant.state = ParticipantState.TAKING_PART if is_in else ParticipantState.STOPPED
    await consent.record(session, participant, acts, sheet_version=sheet_version)
    await session.refresh(participant)
