"""Datasets: frozen by researchers, pulled on screen as one archive or file by file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from app.api.deps import AppDatabase, DatasetReader, Needs, ReadSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.datasets import Dataset, Datasets, Pull, Pulls
from app.core.aside import Aside
from app.core.db import Database
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import codebook, datasets, pulls, studies
from app.research.errors import (
    DatasetChangedError,
    DatasetClosedError,
    DatasetNotFoundError,
    StudyNotFoundError,
    TooFewInItError,
)
from app.research.exports import archive, freezing, package
from app.research.exports.writers import Format
from app.research.who import Who

router = resource("datasets")

Freezer = Annotated[Actor, Depends(Needs(Permission.RESEARCH_DATASETS_FREEZE))]
Puller = Annotated[Actor, Depends(Needs(Permission.RESEARCH_DATASETS_PULL))]

PULLING = problems(DatasetNotFoundError, DatasetClosedError, DatasetChangedError)

#: What can be pulled by itself, and the format of the package it is taken from.
SINGLE_FILES = {
    f"{file}.{format_}": format_ for file in codebook.FILES for format_ in Format
} | dict.fromkeys(("codebook.csv", "codebook.json", "manifest.json"), Format.CSV)


@router.post(
    "/studies/{study_id}/datasets",
    status_code=201,
    responses=problems(StudyNotFoundError, TooFewInItError),
)
async def freeze_dataset(study_id: UUID, researcher: Freezer, database: AppDatabase) -> Dataset:
    """Cut a dataset: who consents now, and what was recorded up to now. It never changes."""
    by = Who(account_id=researcher.account_id)
    return Dataset.of(await freezing.freeze(database, study_id, by=by))


@router.get("/studies/{study_id}/datasets", responses=problems(StudyNotFoundError))
async def list_datasets(study_id: UUID, _: DatasetReader, session: ReadSession) -> Datasets:
    """The datasets of a study, the newest first, closed ones too."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await datasets.list_(session, study.id)
    return Datasets(items=[Dataset.of(dataset) for dataset in found])


@router.get("/datasets/{dataset_id}/pulls", responses=problems(DatasetNotFoundError))
async def list_pulls(dataset_id: UUID, _: DatasetReader, session: ReadSession) -> Pulls:
    """Who pulled this dataset, when and which way, the newest first."""
    dataset = await datasets.access(session, dataset_id)
    return Pulls(items=[Pull.of(pull) for pull in await pulls.list_(session, dataset.id)])


@router.get("/datasets/{dataset_id}/archive", response_class=FileResponse, responses=PULLING)
async def pull_archive(
    dataset_id: UUID,
    researcher: Puller,
    database: AppDatabase,
    format: Format = Format.CSV,  # noqa: A002 - the word in the address
) -> FileResponse:
    """All files of a dataset as one zip. The same bytes each time."""
    by = Who(account_id=researcher.account_id)
    top = f"dataset-{dataset_id}"
    async with _aside() as aside:
        folder = await _pull(database, dataset_id, format, by, aside, what=package.ALL)
        target = aside.path / "archive.zip"
        await asyncio.to_thread(archive.write, folder, target, top=top)
        return _answer(aside, target, f"{top}.zip", "application/zip")


@router.get("/datasets/{dataset_id}/files/{file}", response_class=FileResponse, responses=PULLING)
async def pull_file(
    dataset_id: UUID, file: str, researcher: Puller, database: AppDatabase
) -> FileResponse:
    """One file of a dataset, such as `activities.csv` or `ties.parquet`."""
    if file not in SINGLE_FILES:
        names = ", ".join(SINGLE_FILES)
        raise DatasetNotFoundError(f"There is no such file in a dataset. There are: {names}.")
    by = Who(account_id=researcher.account_id)
    async with _aside() as aside:
        folder = await _pull(database, dataset_id, SINGLE_FILES[file], by, aside, what=file)
        return _answer(aside, folder / file, file, "application/octet-stream")


@asynccontextmanager
async def _aside() -> AsyncIterator[Aside]:
    """Where the files are until they are sent: whatever goes wrong before, they go."""
    aside = await asyncio.to_thread(Aside, Path(gettempdir()))
    try:
        yield aside
    except BaseException:
        await asyncio.to_thread(aside.close)
        raise


async def _pull(
    database: Database, dataset_id: UUID, format_: Format, by: Who, aside: Aside, *, what: str
) -> Path:
    """The dataset in a folder of its own."""
    folder = aside.path / package.FILES
    await package.pull(database, dataset_id, format_=format_, folder=folder, by=by, what=what)
    return folder


def _answer(aside: Aside, path: Path, name: str, media_type: str) -> FileResponse:
    """The file, and its folder gone once it has been sent."""
    return FileResponse(
        path,
        media_type=media_type,
        filename=name,
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(aside.close),
    )
