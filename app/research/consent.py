"""The consent ledger: one row an act, a purpose and a version of the sheet. It only grows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, events
from app.research.events import ConsentGiven, ConsentWithdrawn
from app.research.models import Consent, ConsentAct, Participant, Purpose

Choices = Mapping[Purpose, bool]


@dataclass(frozen=True, slots=True)
class ConsentState:
    """How one purpose stands now."""

    purpose: Purpose
    is_in_force: bool
    since: datetime | None
    until: datetime | None
    #: The sheet that was agreed to last; None when it never was.
    sheet_version: int | None


async def acts_of(session: AsyncSession, participant_id: str) -> list[Consent]:
    """Every act of a participant, the oldest first."""
    query = (
        select(Consent)
        .where(col(Consent.participant_id) == participant_id)
        .order_by(col(Consent.id))
    )
    return list((await session.execute(query)).scalars())


async def stood_at(session: AsyncSession, participant_id: str, moment: datetime) -> bool:
    """Whether some consent now in force was given by that moment."""
    now = latest(await acts_of(session, participant_id))
    return any(is_given(act) and act.at <= moment for act in now.values())


def latest(acts: list[Consent]) -> dict[Purpose, Consent]:
    """The last act about each purpose."""
    return {Purpose(act.purpose): act for act in acts}


def is_given(act: Consent | None) -> bool:
    """Whether a last act leaves the consent in force."""
    return act is not None and act.act == ConsentAct.GIVEN


def standing(acts: list[Consent]) -> list[ConsentState]:
    """How every purpose stands: since when it is in force, or from when until when it was."""
    found = []
    for purpose in Purpose:
        since: datetime | None = None
        until: datetime | None = None
        version: int | None = None
        was_given = False
        for act in acts:
            if act.purpose != purpose:
                continue
            if act.act == ConsentAct.GIVEN:
                version = act.sheet_version
            if was_given == (act.act == ConsentAct.GIVEN):
                continue
            was_given = act.act == ConsentAct.GIVEN
            since, until = (act.at, None) if was_given else (since, act.at)
        found.append(ConsentState(purpose, was_given, since, until, version))
    return found


def only_takes_back(acts: list[Consent], choices: Choices) -> bool:
    """Whether `choices` take some yes back, and hold none that does not stand already."""
    stands = {purpose for purpose, act in latest(acts).items() if is_given(act)}
    wanted = {purpose for purpose, is_wanted in choices.items() if is_wanted}
    return wanted < stands


def changes(
    acts: list[Consent],
    choices: Choices,
    *,
    asked: Collection[Purpose],
    sheet_version: int | None,
) -> dict[Purpose, ConsentAct]:
    """What must be written about what was `asked` so that `choices` stand, after reading that
    version of the sheet: nothing for what stands already. Who read none (None) agrees to nothing
    anew: what they leave ticked stays agreed to as it was."""
    found = {}
    now = latest(acts)
    for purpose in (one for one in Purpose if one in asked):
        last, wanted = now.get(purpose), choices.get(purpose, False)
        if wanted:
            is_same = last is not None and last.sheet_version == sheet_version
            if sheet_version is not None and not (is_given(last) and is_same):
                found[purpose] = ConsentAct.GIVEN
        elif is_given(last):
            found[purpose] = ConsentAct.WITHDRAWN
        elif last is None:
            found[purpose] = ConsentAct.DECLINED
    return found


async def record(
    session: AsyncSession,
    participant: Participant,
    acts: Mapping[Purpose, ConsentAct],
    *,
    sheet_version: int,
) -> datetime:
    """Write acts of one moment. `participant` must be locked; the moment is after every former
    act, so that a clock that was set back can't make a withdrawal older than what it withdraws.
    """
    at = max(clock.now(), participant.changed_at + timedelta(microseconds=1))
    for purpose, act in acts.items():
        session.add(
            Consent(
                study_id=participant.study_id,
                participant_id=participant.id,
                purpose=purpose,
                act=act,
                sheet_version=sheet_version,
                at=at,
            )
        )
    await session.flush()
    for purpose, act in acts.items():
        if act is not ConsentAct.DECLINED:
            kind = ConsentGiven if act is ConsentAct.GIVEN else ConsentWithdrawn
            await events.record(session, kind(study_id=participant.study_id, purpose=purpose))
    return at
