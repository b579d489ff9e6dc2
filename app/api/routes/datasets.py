"""Datasets: frozen by researchers, downloaded on screen as one archive or file by file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from app.api.deps import AppDatabase, DatasetReader, Needs, ReadSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.datasets import (
    AskedChoice,
    Choice,
    Dataset,
    Datasets,
    Download,
    Downloads,
    Preview,
    ScoreChoice,
    ScoreChoices,
)
from app.core.db import unit_of_work
from app.core.scratch_dir import ScratchDir
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.jobs.sources import OUTSIDE_SOURCES
from app.research import datasets, downloads, score_bands, studies, waves
from app.research.dataset_models import Requester
from app.research.errors.datasets import (
    DatasetChangedError,
    DatasetClosedError,
    DatasetNotFoundError,
    FrozenLatelyError,
    TooFewInItError,
)
from app.research.errors.releases import AgreementEndedError, NotReleasedError
from app.research.errors.studies import PlanNotSignedError, StudyNotFoundError
from app.research.exports import archive, freezing, package
from app.research.exports.writers import Format
from app.research.questionnaires import plans
from app.research.release_models import Released

router = resource("datasets")

Freezer = Annotated[Actor, Depends(Needs(Permission.RESEARCH_DATASETS_FREEZE))]
Downloader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_DATASETS_DOWNLOAD))]

#: Longer than the longest of them.
FileName = Annotated[str, PathParameter(max_length=100)]

DOWNLOADING = problems(
    DatasetNotFoundError,
    DatasetClosedError,
    DatasetChangedError,
    NotReleasedError,
    AgreementEndedError,
)
PREVIEWING = problems(StudyNotFoundError, TooFewInItError, FrozenLatelyError)
FREEZING = problems(StudyNotFoundError, PlanNotSignedError, TooFewInItError, FrozenLatelyError)

#: What can be downloaded by itself: the file it is made of, and its format.
SINGLE_FILES = {
    f"{name}.{format_}": (released, name, format_)
    for released, names in package.WITH.items()
    for name in names
    for format_ in Format
}


@router.get("/studies/{study_id}/dataset-preview", responses=PREVIEWING)
async def preview_dataset(
    study_id: UUID,
    _: Freezer,
    database: AppDatabase,
    options: Annotated[AskedChoice, Query()],
) -> Preview:
    """What a choice of measures and answers would cost, before anything is frozen."""
    return Preview.of(await freezing.preview(database, study_id, options.chosen()))


@router.get("/studies/{study_id}/score-choices", responses=problems(StudyNotFoundError))
async def list_score_choices(study_id: UUID, _: Freezer, session: ReadSession) -> ScoreChoices:
    """Which scores a dataset of this study can tell in bands."""
    study = await studies.access(session, study_id, is_researcher=True)
    schedule = await waves.schedule(session, study.id)
    asked = await plans.asked_of(session, study.id) if schedule.waves else ()
    return ScoreChoices(
        items=[
            ScoreChoice(
                name=bands.name, label=bands.label, instrument=one.title, steps=list(bands.names)
            )
            for one in score_bands.newest(asked)
            for bands in score_bands.of_instrument(one)
        ]
    )


@router.post("/studies/{study_id}/datasets", status_code=201, responses=FREEZING)
async def freeze_dataset(
    study_id: UUID, researcher: Freezer, database: AppDatabase, body: Choice | None = None
) -> Dataset:
    """Freeze what a study holds, with the measures and answers of one's choice. It never
    changes. Freezes of a study stand at least 28 days apart."""
    dataset = await freezing.freeze(
        database,
        study_id,
        by=Requester(account_id=researcher.account_id),
        sources=OUTSIDE_SOURCES,
        options=(body or Choice()).chosen(),
    )
    async with unit_of_work(database) as session:
        return Dataset.of(dataset, await datasets.files(session, dataset))


@router.get("/studies/{study_id}/datasets", responses=problems(StudyNotFoundError))
async def list_datasets(study_id: UUID, _: DatasetReader, session: ReadSession) -> Datasets:
    """The datasets of a study, the newest first, closed ones too."""
    study = await studies.access(session, study_id, is_researcher=True)
    return Datasets(
        items=[
            Dataset.of(dataset, await datasets.files(session, dataset))
            for dataset in await datasets.list_(session, study.id)
        ]
    )


@router.get("/datasets/{dataset_id}/downloads", responses=problems(DatasetNotFoundError))
async def list_downloads(dataset_id: UUID, _: DatasetReader, session: ReadSession) -> Downloads:
    """Who downloaded this dataset, when and which way, the newest first."""
    dataset = await datasets.access(session, dataset_id)
    return Downloads(
        items=[Download.of(download) for download in await downloads.list_(session, dataset)]
    )


@router.get("/datasets/{dataset_id}/archive", response_class=FileResponse, responses=DOWNLOADING)
async def download_archive(
    dataset_id: UUID,
    researcher: Downloader,
    database: AppDatabase,
    format: Format = Format.CSV,  # noqa: A002 - the word in the address
    released: Released = Released.PERIODS,
) -> FileResponse:
    """What was released of a dataset, as one zip. The same bytes each time."""
    by = Requester(account_id=researcher.account_id)
    async with _scratch_dir() as scratch_dir:
        folder = scratch_dir.path / package.FILES
        await package.download(
            database, dataset_id, format_=format, folder=folder, by=by, released=released
        )
        target = scratch_dir.path / "archive.zip"
        top = await asyncio.to_thread(archive.name_of, folder)
        await asyncio.to_thread(archive.write, folder, target, top=top)
        return _answer(scratch_dir, target, f"{top}.zip", "application/zip")


@router.get(
    "/datasets/{dataset_id}/files/{file}", response_class=FileResponse, responses=DOWNLOADING
)
async def download_file(
    dataset_id: UUID, file: FileName, researcher: Downloader, database: AppDatabase
) -> FileResponse:
    """One file of a dataset, such as `periods.csv` or `flow.parquet`; nothing else is written."""
    if file not in SINGLE_FILES:
        names = ", ".join(SINGLE_FILES)
        raise DatasetNotFoundError(f"There is no such file in a dataset. There are: {names}.")
    released, name, format_ = SINGLE_FILES[file]
    async with _scratch_dir() as scratch_dir:
        folder = scratch_dir.path / package.FILES
        await package.download(
            database,
            dataset_id,
            format_=format_,
            folder=folder,
            by=Requester(account_id=researcher.account_id),
            released=released,
            only=name,
        )
        return _answer(scratch_dir, folder / file, file, "application/octet-stream")


@asynccontextmanager
async def _scratch_dir() -> AsyncIterator[ScratchDir]:
    """Where the files are until they are sent: whatever goes wrong before, they go."""
    scratch_dir = await asyncio.to_thread(ScratchDir, Path(gettempdir()))
    try:
        yield scratch_dir
    except BaseException:
        await asyncio.to_thread(scratch_dir.close)
        raise


def _answer(scratch_dir: ScratchDir, path: Path, name: str, media_type: str) -> FileResponse:
    """The file, and its folder gone once it has been sent."""
    return FileResponse(
        path,
        media_type=media_type,
        filename=name,
        background=BackgroundTask(scratch_dir.close),
    )
