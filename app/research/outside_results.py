"""Outside results of an evaluation: what everybody may see, and what its audit knew of.

All that a study releases is drawn from these. An evaluation is current as long as its audit knew
everything that the study has released; afterwards nothing more is released from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, db
from app.research import studies
from app.research.dataset_models import Dataset
from app.research.errors.evaluations import StaleResultsError
from app.research.evaluation_models import Evaluation
from app.research.measures.shown_parts import ShownResult
from app.research.outside_models import OutsideFigures, OutsideResult, ReleasedEvaluation

_DROP_RESULTS: Final = "DELETE FROM research.outside_results WHERE dataset_id = %s"
_DROP_FIGURES: Final = """
    DELETE FROM research.outside_figures f WHERE dataset_id = %s AND NOT EXISTS (
      SELECT FROM research.released_evaluations r WHERE r.evaluation_id = f.evaluation_id)
"""


@dataclass(frozen=True, slots=True)
class ReleasedFigures:
    """The figures of an evaluation from which something was released."""

    evaluation_id: UUID
    figures: dict[str, Any]
    #: Somebody in its dataset was erased.
    is_closed: bool


async def of(session: AsyncSession, evaluation_id: UUID) -> Sequence[ShownResult]:
    """What each measure found, in the order of the catalogue; none before all are computed, nor
    once the dataset is closed."""
    query = (
        select(OutsideResult)
        .where(col(OutsideResult.evaluation_id) == evaluation_id)
        .order_by(col(OutsideResult.place))
    )
    found = (await session.execute(query)).scalars().all()
    return [ShownResult(one.measure, one.parts, one.why) for one in found]


async def released(session: AsyncSession, study_id: UUID) -> Sequence[ReleasedFigures]:
    """The figures of everything that a study has released, oldest first."""
    query = (
        select(OutsideFigures, col(Dataset.closed_at))
        .join(Dataset, col(Dataset.id) == col(OutsideFigures.dataset_id))
        .join(
            ReleasedEvaluation,
            col(ReleasedEvaluation.evaluation_id) == col(OutsideFigures.evaluation_id),
        )
        .where(col(OutsideFigures.study_id) == study_id)
        .order_by(col(ReleasedEvaluation.released_at), col(OutsideFigures.evaluation_id))
    )
    found = (await session.execute(query)).all()
    return [ReleasedFigures(one.evaluation_id, one.figures, at is not None) for one, at in found]


async def keep(
    session: AsyncSession,
    evaluation: Evaluation,
    found: Sequence[ShownResult],
    figures: dict[str, Any],
    *,
    before: Sequence[UUID],
) -> None:
    """Keep what all measures found, and what their audit knew. The database refuses it once the
    evaluation has ended or the dataset is closed."""
    ids: dict[str, Any] = {
        "study_id": evaluation.study_id,
        "dataset_id": evaluation.dataset_id,
        "evaluation_id": evaluation.id,
        "found_at": clock.now(),
    }
    session.add(OutsideFigures(**ids, figures=figures, before=list(before)))
    for place, one in enumerate(found):
        session.add(
            OutsideResult(**ids, place=place, measure=one.measure, parts=one.parts, why=one.why)
        )
    await session.flush()


async def require_current(session: AsyncSession, evaluation: Evaluation) -> None:
    """Raise StaleResultsError unless the audit knew all that the study has released from other
    evaluations, and what was found is still there."""
    known = await session.get(OutsideFigures, (evaluation.study_id, evaluation.id))
    if known is None or not await of(session, evaluation.id):
        raise StaleResultsError
    others = {one.evaluation_id for one in await released(session, evaluation.study_id)}
    if not others - {evaluation.id} <= set(known.before):
        raise StaleResultsError


async def note_released(session: AsyncSession, evaluation: Evaluation) -> None:
    """Something was released from this evaluation: the next audits know its figures, which stay.
    One release of a study after the other; raises StaleResultsError."""
    await studies.access(session, evaluation.study_id, is_researcher=True, lock="change")
    await require_current(session, evaluation)
    await session.execute(
        insert(ReleasedEvaluation)
        .values(study_id=evaluation.study_id, evaluation_id=evaluation.id, released_at=clock.now())
        .on_conflict_do_nothing()
    )


async def drop(connection: db.AnyConnection, dataset_id: UUID) -> None:
    """The dataset is closed: its results go, and the figures of which nothing was released."""
    await connection.execute(_DROP_RESULTS, (dataset_id,))
    await connection.execute(_DROP_FIGURES, (dataset_id,))
