"""Days by the calendar of the programme's zone, by the database's own rule."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import func, select


async def day_of(session: AsyncSession, moment: datetime) -> date:
    """The day that it is at that moment where the programme's people live."""
    day: date = (await session.execute(select(func.research.local_date(moment)))).scalar_one()
    return day
