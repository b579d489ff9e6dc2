"""A signed analysis plan, without which no study is frozen for the first time."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.research import analysis_plans, studies
from app.research.analysis_plans import Outline
from app.research.models import Study

OUTLINE: Final = Outline(
    questions="Do people who are answered come back?",
    primary_measures=("active_days",),
    secondary_measures=("posts", "giving"),
    population="Everyone who agreed to activity, from joining on.",
    missing_answers="Nobody is left out for a question they skipped.",
    worthwhile_change="Two more days in twelve weeks.",
)


async def sign_plan(session: AsyncSession, study: Study) -> None:
    """One person writes a plan, another signs it."""
    plan = await analysis_plans.write(session, study, OUTLINE, by=new_id())
    await analysis_plans.sign(session, study, plan.version, by=new_id())


async def signed_plan(database: Database, study_id: UUID | str) -> None:
    """The same for a study that was made elsewhere."""
    async with unit_of_work(database) as session:
        study = await studies.access(
            session, UUID(str(study_id)), is_researcher=True, lock="change"
        )
        await sign_plan(session, study)
