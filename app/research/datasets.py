"""Datasets: what a study held at the end of a day, frozen into files that never change."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import Boolean
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock, db, events
from app.research import bands
from app.research.bands import Options
from app.research.dataset_models import Dataset, DatasetFile, DatasetSource, Requester
from app.research.errors.datasets import DatasetClosedError, DatasetNotFoundError, FrozenLatelyError
from app.research.events import DatasetFrozen
from app.research.exports.manifest import content_hash
from app.research.release_models import EarlyFreeze

if TYPE_CHECKING:
    from app.research.exports.build import Built

#: The program that froze a dataset, as pyproject.toml numbers it; a test holds the two together.
SOFTWARE: Final = "alongside 0.1.0"

#: Between two freezes of a study: what differs between their files tells no more exactly when an
#: act was.
APART: Final = timedelta(days=28)

_ENTER: Final = """
    INSERT INTO research.dataset_participants (study_id, dataset_id, participant_id)
    SELECT %s, %s, unnest(%s::text[])
"""


async def require_apart(
    session: AsyncSession, study_id: UUID, today: date, *, by: Requester
) -> None:
    """Raises FrozenLatelyError unless the last freeze is 28 days ago or a second person allowed
    this one. The database asks again."""
    latest = await _latest(session, study_id)
    if latest is None or latest + APART <= today:
        return
    if await _allowed(session, study_id, by) is None:
        raise FrozenLatelyError(latest + APART)


async def cut_off(session: AsyncSession, study_id: UUID, today: date, *, by: Requester) -> date:
    """The last day that a new dataset holds; raises FrozenLatelyError.

    A whole number of 28 days after that of the one before: other gaps would narrow the days on
    which someone joined, for the ends of what could be observed would lie across each other.
    """
    latest = await _latest(session, study_id)
    if latest is None:
        return today
    if latest + APART > today:
        await require_apart(session, study_id, today, by=by)
        return today
    return today - (today - latest) % APART


async def enter(
    session: AsyncSession,
    study_id: UUID,
    built: "Built",
    *,
    by: Requester | None,
    cut_off: date,
    options: Options,
    succeeds: Dataset | None = None,
) -> Dataset:
    """Note a dataset that was built: its files, its people, what was done to it. The study must be
    locked to change. Raises FrozenLatelyError."""
    early = None
    if by is not None:
        await require_apart(session, study_id, cut_off, by=by)
        latest = await _latest(session, study_id)
        if latest is not None and latest + APART > cut_off:
            early = await _allowed(session, study_id, by)
    dataset = Dataset(
        study_id=study_id,
        number=await _next_number(session, study_id),
        frozen_at=clock.now(),
        frozen_by=None if by is None else by.account_id,
        cut_off=cut_off,
        participant_count=len(built.participants),
        sheet_versions=succeeds.sheet_versions if succeeds else built.sheet_versions,
        options={
            "measures": list(options.measures),
            "answers": list(options.answers),
            "waves": list(options.schedule.waves),
            "scores": list(options.scores),
            "periods": options.periods,
            "asked": [[one.name, one.version, list(one.waves)] for one in options.asked],
            "answers_may_leave": built.answers_may_leave,
        },
        disclosure=built.disclosure,
        software_version=SOFTWARE,
        sha256=content_hash({file.name: file.sha256 for file in built.files}),
        succeeds=None if succeeds is None else succeeds.id,
        early_reason_id=None if early is None else early.id,
    )
    session.add(dataset)
    await session.flush()
    session.add_all(
        DatasetSource(study_id=study_id, dataset_id=dataset.id, source=source, cut_off=cut_off)
        for source in ("activity", *(("questionnaires",) if options.asked else ()))
    )
    session.add_all(
        DatasetFile(
            study_id=study_id,
            dataset_id=dataset.id,
            name=file.name,
            rows=file.rows,
            bytes=file.path.stat().st_size,
            sha256=file.sha256,
        )
        for file in built.files
    )
    await session.flush()
    connection = await db.driver(session)
    await connection.execute(_ENTER, (study_id, dataset.id, built.participants))
    event = DatasetFrozen(study_id=study_id, dataset_id=dataset.id, number=dataset.number)
    await events.record(session, event)
    return dataset


async def _latest(session: AsyncSession, study_id: UUID) -> date | None:
    """The cut-off of the last freeze; a successor is no new freeze."""
    query = select(func.max(Dataset.cut_off)).where(
        col(Dataset.study_id) == study_id, col(Dataset.succeeds).is_(None)
    )
    found: date | None = (await session.execute(query)).scalar()
    return found


async def _allowed(session: AsyncSession, study_id: UUID, by: Requester) -> EarlyFreeze | None:
    """A second person's reason that no freeze has used yet."""
    used = select(col(Dataset.early_reason_id)).where(col(Dataset.early_reason_id).is_not(None))
    query = (
        select(EarlyFreeze)
        .where(
            col(EarlyFreeze.study_id) == study_id,
            col(EarlyFreeze.allowed_by) != by.account_id,
            col(EarlyFreeze.id).not_in(used),
        )
        .order_by(col(EarlyFreeze.allowed_at))
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _next_number(session: AsyncSession, study_id: UUID) -> int:
    query = select(func.max(Dataset.number)).where(col(Dataset.study_id) == study_id)
    return ((await session.execute(query)).scalar() or 0) + 1


async def files(session: AsyncSession, dataset: Dataset) -> Sequence[DatasetFile]:
    """The files of a dataset, by name."""
    query = (
        select(DatasetFile)
        .where(col(DatasetFile.dataset_id) == dataset.id)
        .order_by(col(DatasetFile.name))
    )
    return (await session.execute(query)).scalars().all()


async def file(session: AsyncSession, dataset: Dataset, name: str) -> DatasetFile:
    """One file; raises DatasetNotFoundError when the dataset has no such."""
    found = next((one for one in await files(session, dataset) if one.name == name), None)
    if found is None:
        raise DatasetNotFoundError(f"This dataset has no file “{name}”.")
    return found


def options_of(dataset: Dataset) -> Options:
    """What was chosen when it was frozen, and what the waves of its study asked."""
    return bands.options_of(dataset.options)


async def access(
    session: AsyncSession, dataset_id: UUID, *, to_download: bool = False, lock: bool = False
) -> Dataset:
    """The dataset; raises DatasetNotFoundError, and DatasetClosedError when it is to leave.

    Locked, no erasure can close it until the unit of work ends.
    """
    query = select(Dataset).where(col(Dataset.id) == dataset_id)
    if lock:
        query = query.with_for_update(read=True)
    dataset = (await session.execute(query)).scalar_one_or_none()
    if dataset is None:
        raise DatasetNotFoundError
    if to_download and dataset.closed_at is not None:
        raise DatasetClosedError
    return dataset


async def has_frozen(session: AsyncSession, dataset_id: UUID, account_id: UUID) -> bool:
    """Whether the account froze this dataset, or one that it succeeded after an erasure."""
    query = select(func.research.has_frozen(dataset_id, account_id, type_=Boolean))
    return bool((await session.execute(query)).scalar_one())


async def list_(session: AsyncSession, study_id: UUID) -> list[Dataset]:
    """A study's datasets, the newest first."""
    query = (
        select(Dataset)
        .where(col(Dataset.study_id) == study_id)
        .order_by(col(Dataset.number).desc())
    )
    return list((await session.execute(query)).scalars())


async def find_numbered(
    session: AsyncSession, study_id: UUID, number: int | None
) -> Dataset | None:
    """The dataset with this number; without a number the newest that can still be downloaded."""
    found = await list_(session, study_id)
    if number is not None:
        return next((dataset for dataset in found if dataset.number == number), None)
    return next((dataset for dataset in found if dataset.closed_at is None), None)
