"""Freezing from outside: cut, then read the rows once and record what they are."""

import asyncio
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Database, unit_of_work
from app.research import codebook, datasets, studies
from app.research.dataset_models import Dataset
from app.research.exports import source
from app.research.exports.manifest import content_hash
from app.research.exports.source import Cut, Read
from app.research.who import Who


async def freeze(database: Database, study_id: UUID, *, by: Who) -> Dataset:
    """A new dataset with its hashes. Activities are held back for the cut only, which takes
    milliseconds; reading a million rows afterwards hinders nobody."""
    async with unit_of_work(database) as session:
        study = await studies.access(session, study_id, is_researcher=True, lock="change")
        dataset = await datasets.freeze(session, study, by=by)
    return await seal(database, dataset.id)


async def seal(database: Database, dataset_id: UUID) -> Dataset:
    """Record the rows and hashes of a dataset, once. After a crash between the cut and this, the
    first pull does it."""
    async with unit_of_work(database) as session:
        dataset = await datasets.access(session, dataset_id, to_pull=True)
    if dataset.sha256 is None:
        cut = Cut(dataset.id, dataset.cutoff_id)
        reads = await asyncio.to_thread(_measure, database.settings.url, cut)
        async with unit_of_work(database) as session:
            dataset = await _record(session, dataset_id, reads)
    return dataset


def _measure(url: str, cut: Cut) -> dict[str, Read]:
    with source.reading(url) as cursor:
        return {file: source.read(cursor, cut, file, len) for file in codebook.FILES}


async def _record(session: AsyncSession, dataset_id: UUID, reads: dict[str, Read]) -> Dataset:
    dataset = await datasets.access(session, dataset_id, to_pull=True, lock=True)
    if dataset.sha256 is None:
        hashes = {file: found.sha256 for file, found in reads.items()}
        dataset.row_counts = {file: found.rows for file, found in reads.items()}
        dataset.file_hashes = hashes
        dataset.sha256 = content_hash(hashes)
        await session.flush()
    return dataset
