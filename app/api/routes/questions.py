"""Questions that researchers ask inside a study, and the curves drawn of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.api.deps import AppDatabase, Needs, ReadPool, ReadSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.questions import Askable, Curves, ProtectedTable, QuestionWrite
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import curves, questions, studies
from app.research.errors.questions import NotAskableError, QuestionTooSlowError, TooFewToTellError
from app.research.errors.studies import StudyNotFoundError

router = resource("questions", prefix="/studies/{study_id}")

Asker = Annotated[Actor, Depends(Needs(Permission.RESEARCH_QUESTIONS_ASK))]


@router.get("/questions/fields", responses=problems(StudyNotFoundError))
async def list_askable(study_id: UUID, _: Asker, session: ReadSession) -> Askable:
    """What can be asked: the measures, the fields, and their values in words."""
    await studies.access(session, study_id, is_researcher=True)
    return Askable.now()


@router.post(
    "/questions",
    responses=problems(
        StudyNotFoundError, NotAskableError, TooFewToTellError, QuestionTooSlowError
    ),
)
async def ask_question(
    study_id: UUID, body: QuestionWrite, researcher: Asker, database: AppDatabase
) -> ProtectedTable:
    """Count people inside and get a table that may be seen. Every question is on the ledger."""
    answer = await questions.ask(database, study_id, body.question(), by=researcher.account_id)
    return ProtectedTable.of(answer)


@router.get("/curves", responses=problems(StudyNotFoundError))
async def read_curves(
    study_id: UUID, researcher: Asker, database: AppDatabase, pool: ReadPool
) -> Curves:
    """Who joined by the end of each week, and who did something in each week since joining."""
    activity = await curves.activity(database, study_id, by=researcher.account_id)
    return Curves.of(await curves.recruitment(pool, study_id), activity)
