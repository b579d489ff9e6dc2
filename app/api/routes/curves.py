"""Curves of a study: who joined, and who did something."""

from uuid import UUID

from app.api.deps import AppDatabase, ReadPool
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes.questions import Asker
from app.api.schemas.curves import Curves
from app.research import curves
from app.research.errors import StudyNotFoundError

router = resource("questions", prefix="/studies/{study_id}/curves")


@router.get("", responses=problems(StudyNotFoundError))
async def read_curves(
    study_id: UUID, researcher: Asker, database: AppDatabase, pool: ReadPool
) -> Curves:
    """Who joined by the end of each week, and who did something in each week since joining."""
    activity = await curves.activity(database, study_id, by=researcher.account_id)
    return Curves.of(await curves.recruitment(pool, study_id), activity)
