"""A frozen file as a frame, for what works on it: attacks, and successors after an erasure."""

import asyncio
from pathlib import Path
from tempfile import gettempdir
from uuid import UUID

import polars as pl

from app.core.db import Database, unit_of_work
from app.core.scratch_dir import ScratchDir
from app.research import datasets
from app.research.exports import chunks


async def read_frame(database: Database, dataset_id: UUID, name: str) -> pl.DataFrame:
    """The rows of a file of a dataset; raises DatasetNotFoundError when it has no such file."""
    async with unit_of_work(database) as session:
        dataset = await datasets.access(session, dataset_id)
        file = await datasets.file(session, dataset, name)
    scratch_dir = await asyncio.to_thread(ScratchDir, Path(gettempdir()))
    try:
        path = scratch_dir.path / name
        await chunks.fetch(
            database.research, file.study_id, dataset_id, name, sha256=file.sha256, to=path
        )
        return await asyncio.to_thread(pl.read_parquet, path)
    finally:
        await asyncio.to_thread(scratch_dir.close)
