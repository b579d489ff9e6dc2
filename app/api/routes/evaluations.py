"""Evaluations: all measures of a frozen dataset, computed by a job, as the team may see them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request, Response

from app.api import chart_responses
from app.api.deps import DatasetReader, Needs, ReadSession, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.evaluations import DeclaredMeasures, EvaluationShown
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import datasets, evaluations
from app.research.errors.datasets import DatasetClosedError, DatasetNotFoundError
from app.research.errors.evaluations import ChartNotFoundError, EvaluationNotFoundError

router = resource("evaluations")

Asker = Annotated[Actor, Depends(Needs(Permission.RESEARCH_QUESTIONS_ASK))]
#: Of a measure, or of a part of what it found.
Name = Annotated[str, Path(max_length=200)]


@router.get("/measures")
async def list_measures(_: DatasetReader) -> DeclaredMeasures:
    """Every measure with its definition."""
    return DeclaredMeasures.now()


@router.post(
    "/datasets/{dataset_id}/evaluation",
    status_code=201,
    responses=problems(DatasetNotFoundError, DatasetClosedError),
)
async def start_evaluation(
    dataset_id: UUID, researcher: Asker, session: WriteSession
) -> EvaluationShown:
    """Compute all measures of a dataset. One that is under way, or done by this version of the
    software, is not begun again."""
    dataset = await datasets.access(session, dataset_id, lock=True)
    await evaluations.start(session, dataset, by=researcher.account_id)
    return EvaluationShown.of(await evaluations.progress(session, dataset.id))


@router.get(
    "/datasets/{dataset_id}/evaluation",
    responses=problems(DatasetNotFoundError, EvaluationNotFoundError),
)
async def read_evaluation(
    dataset_id: UUID, _: DatasetReader, session: ReadSession
) -> EvaluationShown:
    """How far the measures of a dataset have come, and what was found."""
    dataset = await datasets.access(session, dataset_id)
    return EvaluationShown.of(await evaluations.progress(session, dataset.id))


@router.get(
    "/datasets/{dataset_id}/evaluation/charts/{measure}/{name}",
    response_class=Response,
    responses=problems(DatasetNotFoundError, ChartNotFoundError),
)
async def read_chart(
    dataset_id: UUID,
    measure: Name,
    name: Name,
    _: DatasetReader,
    session: ReadSession,
    request: Request,
) -> Response:
    """A chart of what was found, as SVG."""
    dataset = await datasets.access(session, dataset_id)
    return chart_responses.answer(request, await evaluations.chart(session, dataset, measure, name))


@router.post(
    "/datasets/{dataset_id}/evaluation/cancellation",
    responses=problems(DatasetNotFoundError, EvaluationNotFoundError),
)
async def cancel_evaluation(dataset_id: UUID, _: Asker, session: WriteSession) -> EvaluationShown:
    """Stop computing. What was found up to now stays; one that has ended stays as it is."""
    dataset = await datasets.access(session, dataset_id)
    await evaluations.cancel(session, dataset.id)
    return EvaluationShown.of(await evaluations.progress(session, dataset.id))
