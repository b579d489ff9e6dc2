"""Evaluations: all measures of a frozen dataset, asked for, followed, cancelled and read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, queue
from app.research import datasets, outside_results
from app.research.dataset_models import Dataset
from app.research.errors import DatasetClosedError, EvaluationNotFoundError, StaleResultsError
from app.research.evaluation_models import Evaluation, EvaluationState, MeasureResult
from app.research.measures import catalogue
from app.research.measures.shown_parts import ShownResult

#: The job that computes one.
TASK: Final = "research:evaluate"


@dataclass(frozen=True, slots=True)
class Progress:
    """An evaluation, and what was found up to now, in the order of the measures."""

    evaluation: Evaluation
    results: Sequence[MeasureResult]


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
    return Progress(found, sorted(kept, key=lambda one: found.measures.index(one.measure)))


async def results(session: AsyncSession, evaluation: Evaluation) -> Sequence[MeasureResult]:
    """What was found up to now."""
    query = select(MeasureResult).where(col(MeasureResult.evaluation_id) == evaluation.id)
    return (await session.execute(query)).scalars().all()


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


async def keep(session: AsyncSession, evaluation: Evaluation, found: ShownResult) -> None:
    """Keep what a measure found. The database refuses it once the evaluation has ended or the
    dataset is closed."""
    session.add(
        MeasureResult(
            study_id=evaluation.study_id,
            dataset_id=evaluation.dataset_id,
            evaluation_id=evaluation.id,
            **asdict(found),
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
