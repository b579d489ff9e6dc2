"""What a study asks in which wave, planned before it opens, and what became of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from app.api.deps import Needs, ReadPool, ReadSession, Researcher, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.flow import FlowRead
from app.api.schemas.question_plans import QuestionPlanRead, QuestionPlanWrite
from app.core import clock
from app.identity import pseudonyms
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.programme import participation_codes
from app.research import studies
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.errors.studies import StudyNotFoundError, StudyNotReadyError
from app.research.models import Study
from app.research.questionnaires import flow, plans
from app.research.questionnaires.errors import BadQuestionPlanError
from app.research.questionnaires.plans import PlannedQuestions, Timing

router = resource("question_plans", prefix="/studies/{study_id}")

StudyReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_READ))]


@router.get(
    "/question-plan", response_model=QuestionPlanRead, responses=problems(StudyNotFoundError)
)
async def read_question_plan(
    study_id: UUID, _: StudyReader, session: ReadSession, pool: ReadPool
) -> Response:
    """What each wave of a study asks, and how; nothing in any while nothing is planned."""
    await studies.access(session, study_id, is_researcher=True)
    planned = await plans.of_study(pool, study_id)
    found = planned or PlannedQuestions(Timing(), await plans.waves_of(pool, study_id))
    return shown(QuestionPlanRead.of(found, is_planned=planned is not None))


@router.put(
    "/question-plan",
    status_code=204,
    responses=problems(
        StudyNotFoundError,
        StudyNotReadyError,
        InstrumentNotFoundError,
        InstrumentLockedError,
        BadQuestionPlanError,
    ),
)
async def plan_questions(
    study_id: UUID,
    body: QuestionPlanWrite,
    _: Researcher,
    session: WriteSession,
    pool: ReadPool,
) -> None:
    """Plan what is asked, in place of what was planned; only before the study opens."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    asked = {one.wave: one.instruments for one in body.waves}
    await plans.set_(session, pool, study, body.timing(), asked)


@router.get("/flow", response_model=FlowRead, responses=problems(StudyNotFoundError))
async def read_flow(
    study_id: UUID, _: StudyReader, session: ReadSession, pool: ReadPool
) -> Response:
    """Who was invited, looked, joined, answered which wave and stopped: counts of persons, rounded
    down."""
    study = await studies.access(session, study_id, is_researcher=True)
    invited = await _count_invited(pool, study)
    return shown(FlowRead.of(await flow.of_study(pool, study_id, invited=invited)))


async def _count_invited(pool: ReadPool, study: Study) -> int:
    """Nobody before it opens. A card may be of somebody who has an account as well, or a second
    one in place of a lost one: nothing tells."""
    if study.opened_at is None:
        return 0
    until = study.closed_at or clock.now()
    members = await pseudonyms.count_who_could(pool, since=study.opened_at, until=until)
    return members + await participation_codes.count_given(pool, until=until)
