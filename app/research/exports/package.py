"""Downloading what was released: log, fetch, check, put in place. Nothing half done is left."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.core.db import Database, unit_of_work
from app.core.logs import logger
from app.core.scratch_dir import ScratchDir
from app.research import (
    analysis_plans,
    answer_columns,
    codebook,
    datasets,
    downloads,
    releases,
    studies,
)
from app.research.analysis_plans import PlanRecord
from app.research.dataset_models import Dataset, DatasetFile, Requester
from app.research.errors.datasets import DatasetChangedError, DatasetNotFoundError
from app.research.exports import chunks, codebook_files, manifest, writers
from app.research.exports.writers import Format
from app.research.models import Study
from app.research.release_models import Released
from app.research.releases import ReleaseGrounds

ALL: Final = "all"
FILES: Final = "files"
#: What comes with what was released.
WITH: Final = {
    Released.PERIODS: ("periods", "flow", "community", "wave_flow"),
    Released.ACTS: ("acts",),
    Released.ANSWERS: answer_columns.FILES,
}


@dataclass(frozen=True, slots=True)
class _Package:
    study: Study
    dataset: Dataset
    release: ReleaseGrounds
    frozen: Mapping[str, DatasetFile]
    #: As it stood when the dataset was frozen: what is noted later changes no byte of it.
    plan: PlanRecord


async def download(
    database: Database,
    dataset_id: UUID,
    *,
    format_: Format,
    folder: Path,
    by: Requester,
    released: Released = Released.PERIODS,
    only: str | None = None,
) -> Dataset:
    """Write what was released into `folder`, which must not exist or be empty; returns the dataset.

    With `only` the one file of rows of that name, and nothing beside it. Raises NotReleasedError,
    AgreementEndedError, DatasetClosedError: also when someone in it is erased or the agreement runs
    out meanwhile. The erasure waits for the last check and the move into place, or the check sees
    it and nothing is left.
    """
    found = await _begin(database, dataset_id, released, by=by, format_=format_, only=only)
    async with AsyncExitStack() as cleanup:
        scratch_dir = await asyncio.to_thread(ScratchDir, folder.parent)
        cleanup.push_async_callback(asyncio.to_thread, scratch_dir.close)
        place = scratch_dir.path / FILES
        place.mkdir()
        try:
            rows = await _fetch(database, found, format_, scratch_dir.path, place)
        except DatasetChangedError:
            # Also what an erasure looks like that came just before we began to read.
            async with unit_of_work(database) as session:
                await datasets.access(session, dataset_id, to_download=True)
            logger.error("a dataset is not what was frozen", dataset_id=str(dataset_id))
            raise
        if only is None:
            await asyncio.to_thread(_describe, found, format_, place, rows)
        async with unit_of_work(database) as session:
            await datasets.access(session, dataset_id, to_download=True, lock=True)
            await releases.require(session, found.dataset, released)
            await asyncio.to_thread(place.replace, folder)
    return found.dataset


async def _begin(
    database: Database,
    dataset_id: UUID,
    released: Released,
    *,
    by: Requester,
    format_: Format,
    only: str | None,
) -> _Package:
    async with unit_of_work(database) as session:
        dataset = await datasets.access(session, dataset_id, to_download=True)
        release = await releases.require(session, dataset, released)
        study = await studies.access(session, dataset.study_id, is_researcher=True)
        plan = (await analysis_plans.record_of(session, study.id)).until(dataset.frozen_at)
        kept = {file.name: file for file in await datasets.files(session, dataset)}
        if only and (only not in kept or only not in WITH[released]):
            raise DatasetNotFoundError(f"This dataset has no file “{only}”.")
        wanted = [only] if only else [name for name in WITH[released] if name in kept]
        frozen = {name: kept[name] for name in wanted}
        what = only or (ALL if released is Released.PERIODS else released.value)
        await downloads.log(
            session,
            dataset,
            by=by,
            what=what,
            format_=format_,
            request_id=release.request_id,
        )
    return _Package(study, dataset, release, frozen, plan)


async def _fetch(
    database: Database, found: _Package, format_: Format, scratch_dir: Path, place: Path
) -> dict[str, int]:
    """Write each file; returns how many rows of each leave."""
    rows = {name: file.rows for name, file in found.frozen.items()}
    options = datasets.options_of(found.dataset)
    for name, file in found.frozen.items():
        frozen = scratch_dir / f"{name}.frozen"
        await chunks.fetch(
            database.research,
            file.study_id,
            file.dataset_id,
            name,
            sha256=file.sha256,
            to=frozen,
        )
        if name in answer_columns.FILES:
            leaving: Any = import_module("app.research.exports.leaving")
            frozen, rows[name] = await asyncio.to_thread(leaving.only, frozen)
        columns = codebook.columns(name, options)
        target = place / f"{name}.{format_}"
        await asyncio.to_thread(writers.write, frozen, target, format_, columns)
    return rows


def _describe(found: _Package, format_: Format, place: Path, rows: Mapping[str, int]) -> None:
    options = datasets.options_of(found.dataset)
    files = list(found.frozen)
    lines = [
        f"Dataset {found.dataset.number}, frozen in {manifest.month_of(found.dataset)}.",
        f"Weighting. {manifest.WEIGHTING}",
        f"Anonymisation. {manifest.ANONYMISATION}",
    ]
    codebook_files.write(place, files, options, title=found.study.title, lines=lines)
    codebook_files.write_scripts(place, files, options, format_)
    manifest.write(
        place,
        found.study,
        found.dataset,
        format_,
        frozen=found.frozen,
        rows=rows,
        options=options,
        agreement=found.release.agreement,
        plan=found.plan,
    )
