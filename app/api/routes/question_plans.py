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
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import studies
from app.research.errors import (
    InstrumentLockedError,
    InstrumentNotFoundError,
    StudyNotFoundError,
    StudyNotReadyError,
)
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
    """Who looked, joined, answered which wave and stopped: counts of persons, rounded down."""
    await studies.access(session, study_id, is_researcher=True)
    return shown(FlowRead.of(await flow.of_study(pool, study_id)))
