"""The waves of a study: in which weeks since joining its questions come, or from which days of the
calendar on. Periods lie between waves by weeks."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.research.errors.studies import BadWavesError
from app.research.models import Wave
from app.research.schedule import PERIOD_DAYS, PERIOD_WEEKS, Schedule, WavesError


async def plan(session: AsyncSession, study_id: UUID, weeks: Sequence[int]) -> None:
    """Give a new study its waves, for good; raises BadWavesError."""
    try:
        Schedule.of_weeks(weeks)
    except WavesError as error:
        raise BadWavesError(str(error), pointer="/wave_weeks") from error
    session.add_all(
        Wave(study_id=study_id, number=number, week=week)
        for number, week in enumerate(weeks, start=1)
    )
    await session.flush()


async def plan_days(session: AsyncSession, study_id: UUID, days: Sequence[date]) -> None:
    """The same for waves of the calendar: everyone is asked from the same day on."""
    apart = timedelta(days=PERIOD_DAYS)
    if any(later - former < apart for former, later in pairwise(days)):
        raise BadWavesError(
            f"Between two waves there must be at least {PERIOD_WEEKS} weeks, so that none is still "
            "open when the next begins. Name the days in their order.",
            pointer="/wave_days",
        )
    session.add_all(
        Wave(study_id=study_id, number=number, opens_on=day)
        for number, day in enumerate(days, start=1)
    )
    await session.flush()


async def of_study(session: AsyncSession, study_id: UUID) -> list[int]:
    """The weeks of its waves; none when its periods are of 12 weeks."""
    query = select(col(Wave.week)).where(col(Wave.study_id) == study_id).order_by(col(Wave.number))
    found = (await session.execute(query)).scalars()
    return [week for week in found if week is not None]


async def schedule(session: AsyncSession, study_id: UUID) -> Schedule:
    """Where its periods begin."""
    return Schedule.of_weeks(await of_study(session, study_id))
