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
from app.research.demographics import Demographics, TenureBand, tenure_band
from app.research.errors.participation import (
    JoiningTwiceError,
    NothingChosenError,
    NotTakingPartError,
    StaffStandApartError,
)
from app.research.errors.studies import StudyClosedError
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
    known = await _of_member(session, study.id, member_id)
    if known is None:
        await _require_not_staff(session, member_id)
        await require_welcome(session, study, sheet_version)
        known = await enrol(session, study, demographics, tenure_band(joined_at, clock.now()))
        if not await pseudonyms.link(
            session, study_id=study.id, member_id=member_id, participant_id=known.id
        ):
            raise JoiningTwiceError
    return await record(session, study, known, sheet_version, choices, member_id=member_id)


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
    participant = await _of_member(session, study.id, member_id)
    if participant is None:
        raise NotTakingPartError
    return await record(session, study, participant, sheet_version, choices, member_id=member_id)


async def withdraw(session: AsyncSession, study: Study, *, member_id: UUID, erase: bool) -> Receipt:
    """Stop, or stop and erase. Doing it again changes nothing and says `already`."""
    if erase:
        await erasure.stand_in_line(session, [member_id])
    return await leave(session, study, await _of_member(session, study.id, member_id), erase=erase)


async def leave(
    session: AsyncSession, study: Study, participant: Participant | None, *, erase: bool
) -> Receipt:
    """The same for a participant who is locked, after `erasure.stand_in_line` if they erase."""
    if participant is None:
        return receipts.of_nothing(study, clock.now())
    if erase:
        return await erasure.erase(session, study, participant)
    return await record(session, study, participant, None, {})


async def lock(session: AsyncSession, member_ids: Collection[UUID]) -> None:
    """Lock everyone these members are, in one order, before an act about several of them."""
    await erasure.stand_in_line(session, member_ids)
    links = await pseudonyms.participants_of(session, member_ids)
    codes = [found.participant_id for found in links]
    query = select(col(Participant.id)).where(col(Participant.id).in_(codes))
    await session.execute(query.order_by(col(Participant.id)).with_for_update())


async def _of_member(session: AsyncSession, study_id: UUID, member_id: UUID) -> Participant | None:
    pseudonym = await pseudonyms.find(session, study_id=study_id, member_id=member_id)
    return await locked(session, pseudonym)


async def locked(session: AsyncSession, pseudonym: str | None) -> Participant | None:
    """The participant, or None. Nothing about them is written until the act is done."""
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


async def _require_not_staff(session: AsyncSession, member_id: UUID) -> None:
    if not await pseudonyms.may_take_part(session, member_id):
        raise StaffStandApartError


async def require_welcome(session: AsyncSession, study: Study, sheet_version: int | None) -> None:
    """Whoever agrees to something anew does so in an open study, with its sheet read."""
    if study.state != StudyState.OPEN:
        raise StudyClosedError
    await sheets.require_current(session, study.id, sheet_version)


async def enrol(
    session: AsyncSession, study: Study, demographics: Demographics, tenure: TenureBand | None
) -> Participant:
    """A new participant of the study, whom nothing ties to anybody yet."""
    now = clock.now()
    pseudonym = await _unused_pseudonym(session)
    participant = Participant(
        id=pseudonym,
        study_id=study.id,
        enrolled_on=await calendar.day_of(session, now),
        changed_at=now,
        tenure_band=tenure,
        age_band=demographics.age_band,
        area=demographics.area,
        peer_support_before=demographics.peer_support_before,
    )
    session.add(participant)
    await session.flush()
    session.add(RecordingState(study_id=study.id, participant_id=pseudonym, session=0, posts=0))
    await session.flush()
    return participant


async def _unused_pseudonym(session: AsyncSession) -> str:
    """One in 33 million is taken, and an erased one stays taken."""
    while True:
        pseudonym = pseudonyms.draw()
        if await session.get(Participant, pseudonym) is None:
            return pseudonym


async def record(
    session: AsyncSession,
    study: Study,
    participant: Participant,
    sheet_version: int | None,
    choices: Choices,
    *,
    member_id: UUID | None = None,
    may_ask: Collection[Purpose] = tuple(Purpose),
) -> Receipt:
    """Write what a locked participant chooses, of what they may be asked at all. Staff among the
    members agree to nothing anew."""
    acts = await consent.acts_of(session, participant.id)
    if consent.only_takes_back(acts, choices):
        if not await _is_open(session, study, sheet_version):
            sheet_version = None
    elif any(choices.values()):
        if member_id is not None:
            await _require_not_staff(session, member_id)
        await require_welcome(session, study, sheet_version)
    asked = await purposes.of_study(session, study.id) & frozenset(may_ask)
    purposes.require_asked(asked, choices)
    wanted = consent.changes(acts, choices, asked=asked, sheet_version=sheet_version)
    if wanted:
        version = sheet_version or max(act.sheet_version for act in acts)
        await _write(session, participant, wanted, version, is_in=any(choices.values()))
        acts = await consent.acts_of(session, participant.id)
    return receipts.from_ledger(study, participant.id, acts, already=not wanted)[-1]


async def _write(
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
