"""The log of pulls: written before the first byte leaves, so that nothing leaves unlogged."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock
from app.research.dataset_models import Dataset, Pull
from app.research.requester import Requester


async def log(
    session: AsyncSession,
    dataset: Dataset,
    *,
    by: Requester,
    what: str,
    format_: str,
    request_id: UUID,
) -> Pull:
    """Note who is about to pull what, which way, and under which release."""
    pull = Pull(
        study_id=dataset.study_id,
        dataset_id=dataset.id,
        pulled_at=clock.now(),
        pulled_by=by.account_id,
        how=by.how,
        what=what,
        format=format_,
        request_id=request_id,
    )
    session.add(pull)
    await session.flush()
    return pull


async def list_(session: AsyncSession, dataset: Dataset) -> list[Pull]:
    """Every pull of a dataset, the newest first."""
    query = (
        select(Pull)
        .where(col(Pull.study_id) == dataset.study_id, col(Pull.dataset_id) == dataset.id)
        .order_by(col(Pull.id).desc())
    )
    return list((await session.execute(query)).scalars())
