"""The waves of a study: in which weeks since joining its questions come. Periods lie between."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.research.errors import BadWavesError
from app.research.models import Wave
from app.research.schedule import Schedule, WavesError


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


async def of_study(session: AsyncSession, study_id: UUID) -> list[int]:
    """The weeks of its waves; none when its periods are of 12 weeks."""
    query = select(col(Wave.week)).where(col(Wave.study_id) == study_id).order_by(col(Wave.number))
    return list((await session.execute(query)).scalars())


async def schedule(session: AsyncSession, study_id: UUID) -> Schedule:
    """Where its periods begin."""
    return Schedule.of_weeks(await of_study(session, study_id))
