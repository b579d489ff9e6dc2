"""Evaluations: all measures of a frozen dataset, asked for, followed, cancelled and read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, defer
from sqlmodel import col, func, select

from app.core import clock, queue
from app.research import datasets, outside_results
from app.research.dataset_models import Dataset
from app.research.errors.datasets import DatasetClosedError
from app.research.errors.evaluations import (
    ChartNotFoundError,
    EvaluationNotFoundError,
    StaleResultsError,
)
from app.research.evaluation_models import Evaluation, EvaluationState, MeasureResult
from app.research.measures import catalogue
from app.research.measures.shown_parts import ShownResult

#: The job that computes one.
TASK: Final = "research:evaluate"

#: Long: they are read one at a time.
_CHARTS: Final = cast("InstrumentedAttribute[dict[str, str]]", MeasureResult.charts)


@dataclass(frozen=True, slots=True)
class Progress:
    """An evaluation, and what was found up to now, in the order of the measures."""

    evaluation: Evaluation
    results: Sequence[MeasureResult]
    #: Names of the charts that were drawn of each measure.
    drawn: Mapping[str, Collection[str]]


async def start(session: AsyncSession, dataset: Dataset, *, by: UUID) -> Evaluation:
    """Ask for all measures of a dataset, which is locked; one that is under way, or that this
    version of the software has computed and that is current, is the same. Raises
    DatasetClosedError."""
    if dataset.closed_at is not None:
        raise DatasetClosedError
    found = await _newest(session, dataset.id)
    if found is not None and await _is_good(session, found):
        return found
    made = Evaluation(
        study_id=dataset.study_id,
        dataset_id=dataset.id,
        measures=[one.name for one in catalogue.ALL],
        software_version=datasets.SOFTWARE,
        asked_by=by,
        asked_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    await queue.defer(session, TASK, evaluation_id=str(made.id))
    return made


async def _is_good(session: AsyncSession, found: Evaluation) -> bool:
    """Whether nothing would come out otherwise: done now, and beside all that was released since,
    or under way."""
    if found.state != EvaluationState.DONE:
        return found.ended_at is None
    try:
        await outside_results.require_current(session, found)
    except StaleResultsError:
        return False
    return found.software_version == datasets.SOFTWARE


async def progress(session: AsyncSession, dataset_id: UUID) -> Progress:
    """The newest evaluation of a dataset; raises EvaluationNotFoundError."""
    found = await _newest(session, dataset_id)
    if found is None:
        raise EvaluationNotFoundError
    kept = await results(session, found)
    in_order = sorted(kept, key=lambda one: found.measures.index(one.measure))
    return Progress(found, in_order, await _drawn(session, found))


async def results(session: AsyncSession, evaluation: Evaluation) -> Sequence[MeasureResult]:
    """What was found up to now, without the charts."""
    query = (
        select(MeasureResult)
        .where(col(MeasureResult.evaluation_id) == evaluation.id)
        .options(defer(_CHARTS, raiseload=True))
    )
    return (await session.execute(query)).scalars().all()


async def _drawn(session: AsyncSession, evaluation: Evaluation) -> Mapping[str, Collection[str]]:
    name = func.jsonb_object_keys(_CHARTS)
    query = select(col(MeasureResult.measure), name).where(
        col(MeasureResult.evaluation_id) == evaluation.id
    )
    found: dict[str, set[str]] = {}
    for measure, chart in await session.execute(query):
        found.setdefault(measure, set()).add(chart)
    return found


async def chart(session: AsyncSession, dataset: Dataset, measure: str, name: str) -> str:
    """A chart of the newest evaluation, as SVG. Raises ChartNotFoundError: also once the dataset is
    closed, for its results are about to go."""
    found = await _newest(session, dataset.id) if dataset.closed_at is None else None
    if found is not None:
        query = select(_CHARTS[name].astext).where(
            col(MeasureResult.evaluation_id) == found.id, col(MeasureResult.measure) == measure
        )
        drawn: str | None = (await session.execute(query)).scalar_one_or_none()
        if drawn is not None:
            return drawn
    raise ChartNotFoundError


async def cancel(session: AsyncSession, dataset_id: UUID) -> Evaluation:
    """Stop the evaluation that is under way; one that has ended stays as it is. Raises
    EvaluationNotFoundError."""
    found = await _newest(session, dataset_id)
    if found is None:
        raise EvaluationNotFoundError
    locked = await access(session, found.id)
    if locked.ended_at is None:
        await end(session, locked, EvaluationState.CANCELLED)
    return locked


async def access(session: AsyncSession, evaluation_id: UUID) -> Evaluation:
    """The evaluation as it is now, locked; raises EvaluationNotFoundError."""
    found = await session.get(Evaluation, evaluation_id, with_for_update=True)
    if found is None:
        raise EvaluationNotFoundError
    return found


async def end(session: AsyncSession, evaluation: Evaluation, state: EvaluationState) -> None:
    """It has ended so. `evaluation` is locked and under way."""
    evaluation.state, evaluation.ended_at = state, clock.now()
    session.add(evaluation)
    await session.flush()


async def keep(
    session: AsyncSession,
    evaluation: Evaluation,
    found: ShownResult,
    charts: Mapping[str, str],
) -> None:
    """Keep what a measure found, and its charts. The database refuses it once the evaluation has
    ended or the dataset is closed."""
    session.add(
        MeasureResult(
            study_id=evaluation.study_id,
            dataset_id=evaluation.dataset_id,
            evaluation_id=evaluation.id,
            **asdict(found),
            charts=dict(charts),
            found_at=clock.now(),
        )
    )
    await session.flush()


async def _newest(session: AsyncSession, dataset_id: UUID) -> Evaluation | None:
    query = (
        select(Evaluation)
        .where(col(Evaluation.dataset_id) == dataset_id)
        .order_by(col(Evaluation.asked_at).desc(), col(Evaluation.id))
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()
