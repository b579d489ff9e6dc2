"""A dataset after an erasure: its bytes go, and a successor holds the same without the person."""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.core.db import Database, unit_of_work
from app.research import datasets, outside_results, studies
from app.research.dataset_models import Dataset
from app.research.exports import chunks
from app.research.exports.freezing import scratch_dir

_HAS_BYTES: Final = "SELECT 1 FROM research.dataset_chunks WHERE dataset_id = %s LIMIT 1"
_DROP: Final = "DELETE FROM research.dataset_chunks WHERE dataset_id = %s"
_DROP_RESULTS: Final = "DELETE FROM research.measure_results WHERE dataset_id = %s"
_LEFT: Final = """
    SELECT participant_id FROM research.dataset_participants WHERE dataset_id = %s ORDER BY 1
"""


async def succeed(database: Database, dataset_id: UUID) -> Dataset | None:
    """The successor of a closed dataset; None when there is one, or when too few are left.

    Of what had left before there is no taking back; nobody can download it again.
    """
    rows = await db.fetch(database.pool, _HAS_BYTES, (dataset_id,))
    if not rows:
        return None
    async with unit_of_work(database) as session:
        dataset = await datasets.access(session, dataset_id)
        kept = await datasets.files(session, dataset)
    build: Any = import_module("app.research.exports.build")
    async with scratch_dir() as folder:
        frames: dict[str, Path] = {}
        for file in kept:
            frames[file.name] = folder / f"former-{file.name}"
            await chunks.fetch(
                database.research,
                file.study_id,
                dataset_id,
                file.name,
                sha256=file.sha256,
                to=frames[file.name],
            )
        left = [
            row["participant_id"] for row in await db.fetch(database.pool, _LEFT, (dataset_id,))
        ]
        options = datasets.options_of(dataset)
        try:
            built = await asyncio.to_thread(build.rebuild, frames, left, options, folder)
        except build.TooFewPeopleError:
            built = None
        async with unit_of_work(database) as session:
            return await _replace(session, dataset, built)


async def _replace(session: AsyncSession, dataset: Dataset, built: Any) -> Dataset | None:
    await studies.access(session, dataset.study_id, is_researcher=True, lock="change")
    connection = await db.driver(session)
    await connection.execute(_DROP_RESULTS, (dataset.id,))
    await outside_results.drop(connection, dataset.id)
    cursor = await connection.execute(_DROP, (dataset.id,))
    if built is None or cursor.rowcount == 0:
        return None
    made = await datasets.enter(
        session,
        dataset.study_id,
        built,
        by=None,
        cut_off=dataset.cut_off,
        options=datasets.options_of(dataset),
        succeeds=dataset,
    )
    for file in built.files:
        await chunks.store(session, dataset.study_id, made.id, file.name, file.path)
    return made
