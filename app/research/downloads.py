"""The log of downloads: written before the first byte leaves, so that nothing leaves unlogged."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock
from app.research.dataset_models import Dataset, Download, Requester


async def log(
    session: AsyncSession,
    dataset: Dataset,
    *,
    by: Requester,
    what: str,
    format_: str,
    request_id: UUID,
) -> Download:
    """Note who is about to download what, which way, and under which release."""
    download = Download(
        study_id=dataset.study_id,
        dataset_id=dataset.id,
        pulled_at=clock.now(),
        pulled_by=by.account_id,
        how=by.how,
        what=what,
        format=format_,
        request_id=request_id,
    )
    session.add(download)
    await session.flush()
    return download


async def list_(session: AsyncSession, dataset: Dataset) -> list[Download]:
    """Every download of a dataset, the newest first."""
    query = (
        select(Download)
        .where(col(Download.study_id) == dataset.study_id, col(Download.dataset_id) == dataset.id)
        .order_by(col(Download.id).desc())
    )
    return list((await session.execute(query)).scalars())
