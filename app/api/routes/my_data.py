"""My data: what studies hold about me."""

from uuid import UUID

from fastapi import Response

from app.api.deps import Confirmed, ReadPool
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.routes.wall import Cursor
from app.api.schemas.my_data import (
    HeldByStudy,
    MyActivities,
    MyActivity,
    MyData,
    MyResponses,
    MyStudyAttendance,
    MyStudyAttendances,
    MyText,
    MyTexts,
)
from app.research import my_data
from app.research.errors.participation import NotTakingPartError
from app.research.questionnaires import held

router = resource("my data", prefix="/me/data")


@router.get("", response_model=MyData)
async def read_my_data(actor: Confirmed, pool: ReadPool) -> Response:
    """Every study that holds anything about me: consents, answers, counts and receipts."""
    studies = await my_data.overview(pool, actor.member_id)
    return shown(MyData(studies=[HeldByStudy.of(one) for one in studies]))


@router.get(
    "/{study_id}/activities",
    response_model=MyActivities,
    responses=problems(NotTakingPartError),
)
async def list_my_study_activities(
    study_id: UUID, actor: Confirmed, pool: ReadPool, cursor: Cursor = None
) -> Response:
    """The rows about me, the newest first, as they stand in the study."""
    rows, more = await my_data.activities(pool, actor.member_id, study_id, cursor)
    return shown(MyActivities(items=[MyActivity(**row) for row in rows], next_cursor=more))


@router.get(
    "/{study_id}/attendances",
    response_model=MyStudyAttendances,
    responses=problems(NotTakingPartError),
)
async def list_my_study_attendances(
    study_id: UUID, actor: Confirmed, pool: ReadPool, cursor: Cursor = None
) -> Response:
    """The meetings that the study knows I came to, the newest day first."""
    rows, more = await my_data.attendances(pool, actor.member_id, study_id, cursor)
    return shown(
        MyStudyAttendances(items=[MyStudyAttendance(**row) for row in rows], next_cursor=more)
    )


@router.get("/{study_id}/texts", response_model=MyTexts, responses=problems(NotTakingPartError))
async def list_my_study_texts(
    study_id: UUID, actor: Confirmed, pool: ReadPool, cursor: Cursor = None
) -> Response:
    """The texts of mine that the study keeps, the newest first."""
    rows, more = await my_data.texts(pool, actor.member_id, study_id, cursor)
    return shown(MyTexts(items=[MyText(**row) for row in rows], next_cursor=more))


@router.get(
    "/{study_id}/responses", response_model=MyResponses, responses=problems(NotTakingPartError)
)
async def list_my_responses(study_id: UUID, actor: Confirmed, pool: ReadPool) -> Response:
    """What I answered in each wave, in the words that I read, and what was sent to me about it."""
    return shown(MyResponses.of(await held.of_member(pool, actor.member_id, study_id)))
