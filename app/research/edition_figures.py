"""Figures that a text can name: the parts of a dataset's outside results."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.research.errors import MeasuresNotComputedError
from app.research.evaluation_models import Evaluation, EvaluationState
from app.research.measures.shown_parts import ShownResult


async def evaluated(session: AsyncSession, dataset_id: UUID) -> Evaluation:
    """The newest evaluation of a dataset that is done; raises MeasuresNotComputedError."""
    query = (
        select(Evaluation)
        .where(
            col(Evaluation.dataset_id) == dataset_id,
            col(Evaluation.state) == EvaluationState.DONE,
        )
        .order_by(col(Evaluation.asked_at).desc(), col(Evaluation.id))
        .limit(1)
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise MeasuresNotComputedError
    return found


async def results(session: AsyncSession, dataset_id: UUID) -> Sequence[ShownResult]:
    """What may be told to everybody of a dataset; raises MeasuresNotComputedError."""
    await evaluated(session, dataset_id)
    return []
