"""Pulling a dataset: log, write aside, check, put in place. Nothing half done is ever left."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import psycopg

from app.core.aside import Aside
from app.core.db import Database, unit_of_work
from app.core.logs import logger
from app.research import codebook, datasets, pulls, studies
from app.research.dataset_models import Dataset
from app.research.errors import DatasetChangedError
from app.research.exports import freezing, manifest, source
from app.research.exports.source import Cut, Read
from app.research.exports.writers import Format, writer
from app.research.models import Study
from app.research.who import Who

ALL = "all"
FILES = "files"


async def pull(
    database: Database, dataset_id: UUID, *, format_: Format, folder: Path, by: Who, what: str = ALL
) -> Dataset:
    """Write a dataset into `folder`, which must not exist or be empty; returns the dataset.

    Raises DatasetClosedError, also when someone in it is erased meanwhile: the erasure waits for
    the last check and the move into place, or the check sees the erasure and nothing is left.
    """
    dataset = await freezing.seal(database, dataset_id)
    async with unit_of_work(database) as session:
        study = await studies.access(session, dataset.study_id, is_researcher=True)
        await datasets.access(session, dataset_id, to_pull=True)
        await pulls.log(session, dataset_id, by=by, what=what, format_=format_)
    async with AsyncExitStack() as cleanup:
        aside = await asyncio.to_thread(Aside, folder.parent)
        cleanup.push_async_callback(asyncio.to_thread, aside.close)
        place = aside.path / FILES
        place.mkdir()
        try:
            await asyncio.to_thread(write, database.settings.url, study, dataset, format_, place)
        except DatasetChangedError:
            # Also what an erasure looks like that came just before we began to read.
            async with unit_of_work(database) as session:
                await datasets.access(session, dataset_id, to_pull=True)
            logger.error("a dataset is not what was frozen", dataset_id=str(dataset.id))
            raise
        async with unit_of_work(database) as session:
            await datasets.access(session, dataset_id, to_pull=True, lock=True)
            await asyncio.to_thread(place.replace, folder)
    return dataset


def write(url: str, study: Study, dataset: Dataset, format_: Format, folder: Path) -> None:
    """All files of a dataset into a folder; raises DatasetChangedError when the content is not
    what was frozen."""
    cut = Cut(dataset.id, dataset.cutoff_id)

    def write_file(cursor: psycopg.Cursor, file: str) -> Read:
        with writer(format_)(folder / f"{file}.{format_}", file) as sink:
            return source.read(cursor, cut, file, sink)

    with (
        source.reading(url) as cursor,
        source.reading(url, view=source.share(cursor)) as beside,
        ThreadPoolExecutor(1) as other,
    ):
        # The database counts ties for a third of the time that rows of activity take to come.
        ties = other.submit(write_file, beside, "ties")
        reads = {file: write_file(cursor, file) for file in codebook.FILES if file != "ties"}
        reads["ties"] = ties.result()
    hashes = {file: found.sha256 for file, found in reads.items()}
    if hashes != dataset.file_hashes:
        raise DatasetChangedError
    manifest.write_codebook(folder)
    manifest.write(folder, study, dataset, format_, reads)
