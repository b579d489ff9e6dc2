"""Licences of restricted instruments: recorded and ended by administrators, on a ledger."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, text
from app.core.errors import InvalidError
from app.research import calendar
from app.research.errors.instruments import LicenceNotFoundError, LicenceNotNeededError
from app.research.instrument_models import InstrumentLicence, InstrumentLicenceEnd
from app.research.instruments.structure import Instrument, LicenceKind

LONGEST_DAYS: Final = 3653
#: As the columns have them.
NUMBER_LIMIT: Final = 100
SCOPE_LIMIT: Final = 500
REASON_LIMIT: Final = 500

Line = tuple[InstrumentLicence, InstrumentLicenceEnd | None]


def require_restricted(instrument: Instrument) -> None:
    """Refuse what only a restricted instrument has; raises LicenceNotNeededError."""
    if instrument.licence.kind is not LicenceKind.RESTRICTED:
        raise LicenceNotNeededError(instrument.title)


async def record(
    session: AsyncSession,
    instrument: Instrument,
    *,
    licence_number: str,
    scope: str,
    starts_on: date,
    expires_on: date,
    by: UUID,
) -> InstrumentLicence:
    """Note a licence; from its first day on, words can be entered and shown. Raises
    LicenceNotNeededError or InvalidError."""
    require_restricted(instrument)
    now = clock.now()
    if expires_on < await calendar.day_of(session, now):
        raise InvalidError(
            "This licence has run out. Please record one that runs.", pointer="/expires_on"
        )
    if not 0 <= (expires_on - starts_on).days <= LONGEST_DAYS:
        raise InvalidError(
            "A licence ends on or after the day it starts, and within ten years.",
            pointer="/expires_on",
        )
    made = InstrumentLicence(
        instrument=instrument.name,
        licence_number=text.clean_line(
            licence_number, limit=NUMBER_LIMIT, pointer="/licence_number"
        ),
        scope=text.clean(scope, limit=SCOPE_LIMIT, pointer="/scope"),
        starts_on=starts_on,
        expires_on=expires_on,
        recorded_by=by,
        recorded_at=now,
    )
    if len(made.scope) < 3:
        raise InvalidError("Please say what the licence covers.", pointer="/scope")
    session.add(made)
    await session.flush()
    return made


async def end(
    session: AsyncSession, instrument: Instrument, licence_id: UUID, *, reason: str, by: UUID
) -> None:
    """End a licence now: its words are locked again everywhere. Again is fine, the first reason
    stays. Raises LicenceNotFoundError."""
    query = (
        select(InstrumentLicence)
        .where(col(InstrumentLicence.id) == licence_id)
        .where(col(InstrumentLicence.instrument) == instrument.name)
        .with_for_update()
    )
    if (await session.execute(query)).scalar_one_or_none() is None:
        raise LicenceNotFoundError
    if await session.get(InstrumentLicenceEnd, licence_id) is not None:
        return
    made = InstrumentLicenceEnd(
        licence_id=licence_id,
        reason=text.clean(reason, limit=REASON_LIMIT, pointer="/reason"),
        ended_by=by,
        ended_at=clock.now(),
    )
    if len(made.reason) < 3:
        raise InvalidError("Please say why.", pointer="/reason")
    session.add(made)
    await session.flush()


async def ledger(session: AsyncSession, instrument: Instrument) -> Sequence[Line]:
    """Every licence of an instrument with how it ended early, the newest first."""
    query = (
        select(InstrumentLicence, InstrumentLicenceEnd)
        .join(
            InstrumentLicenceEnd,
            col(InstrumentLicenceEnd.licence_id) == col(InstrumentLicence.id),
            isouter=True,
        )
        .where(col(InstrumentLicence.instrument) == instrument.name)
        .order_by(col(InstrumentLicence.recorded_at).desc(), col(InstrumentLicence.id))
    )
    return [(licence, ended) for licence, ended in (await session.execute(query)).all()]
