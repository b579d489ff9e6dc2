"""Freezing: read a study in one view, write its files, and keep them, all or nothing.

Nobody who writes waits for it: no table is locked. A participant who is erased meanwhile makes the
database refuse the last step, and it starts again without them.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.errors import InvalidError
from app.core.scratch_dir import ScratchDir
from app.research import analysis_plans, calendar, datasets, score_bands, studies, waves
from app.research.attendance_models import StudyCluster
from app.research.bands import Options
from app.research.dataset_models import Dataset, Requester
from app.research.errors.datasets import TooFewInItError
from app.research.exports import chunks
from app.research.people_thresholds import K
from app.research.questionnaires import plans
from app.research.schedule import PERIOD_DAYS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from app.research.exports.build import Built, DatasetPlan

#: A participant was erased while we froze: so often it is begun again.
AGAIN: Final = 2

Answer = TypeVar("Answer")


class CommunitySource(Protocol):
    """Totals of the whole community."""

    async def __call__(
        self, session: AsyncSession, /, *, since: datetime, until: datetime, days: int
    ) -> Sequence[Mapping[str, int]]:
        """A row of rounded totals for each period of `days`, as `codebook` describes them."""
        ...


class GroupSource(Protocol):
    """Kind and mode of groups."""

    async def __call__(
        self, session: AsyncSession, group_ids: Collection[UUID], /
    ) -> Mapping[UUID, tuple[str, str]]:
        """The kind and the mode of each."""
        ...


@dataclass(frozen=True, slots=True)
class OutsideSources:
    """What is handed in, for research knows neither members nor groups."""

    community: CommunitySource
    groups: GroupSource


async def freeze(
    database: Database,
    study_id: UUID,
    *,
    by: Requester,
    sources: OutsideSources,
    options: Options = Options(),  # noqa: B008 - frozen
) -> Dataset:
    """A new dataset. Raises PlanNotSignedError, TooFewInItError or FrozenLatelyError."""
    for _ in range(AGAIN):
        try:
            return await _freeze(database, study_id, by, sources, options)
        except psycopg.errors.CheckViolation as error:
            if error.diag.constraint_name != "erased_meanwhile":
                raise
    return await _freeze(database, study_id, by, sources, options)


async def preview(database: Database, study_id: UUID, options: Options) -> dict[str, Any]:
    """What a choice of measures and answers would cost, before anything is frozen.

    Raises TooFewInItError.
    """
    async with unit_of_work(database) as session:
        await studies.access(session, study_id, is_researcher=True)
        today = await calendar.day_of(session, clock.now())
        options = await _planned(session, study_id, options)
    build = _building()
    found: dict[str, Any] = await _in_thread(
        build.preview, database.settings.research, study_id, today, options
    )
    return found


async def _freeze(
    database: Database, study_id: UUID, by: Requester, sources: OutsideSources, options: Options
) -> Dataset:
    async with unit_of_work(database) as session:
        study = await studies.access(session, study_id, is_researcher=True)
        await analysis_plans.require_signed(session, study_id)
        today = await calendar.day_of(session, clock.now())
        cut_off = await datasets.cut_off(session, study_id, today, by=by)
        since = study.opened_at or study.created_at
        options = await _planned(session, study_id, options)
        totals = await sources.community(session, since=since, until=clock.now(), days=PERIOD_DAYS)
        groups = await _groups(session, study_id, sources.groups)
    build = _building()
    async with scratch_dir() as folder:
        plan: DatasetPlan = build.DatasetPlan(study_id, cut_off, options, totals, groups)
        built: Built = await _in_thread(build.build, database.settings.research, plan, folder)
        async with unit_of_work(database) as session:
            await studies.access(session, study_id, is_researcher=True, lock="change")
            dataset = await datasets.enter(
                session, study_id, built, by=by, cut_off=cut_off, options=options
            )
            for file in built.files:
                await chunks.store(session, study_id, dataset.id, file.name, file.path)
    return dataset


async def _groups(
    session: AsyncSession, study_id: UUID, source: GroupSource
) -> list[dict[str, int | str]]:
    """Kind and mode of each group that anyone came to, by its number in the study."""
    query = (
        select(col(StudyCluster.number), col(StudyCluster.thing_id))
        .where(col(StudyCluster.study_id) == study_id, col(StudyCluster.kind) == "group")
        .order_by(col(StudyCluster.number))
    )
    numbers = (await session.execute(query)).all()
    found = await source(session, [group_id for _, group_id in numbers])
    return [
        {"group_cluster": number, "kind": str(kind), "mode": str(mode)}
        for number, group_id in numbers
        if group_id in found
        for kind, mode in [found[group_id]]
    ]


async def _planned(session: AsyncSession, study_id: UUID, options: Options) -> Options:
    """What was chosen, with the study's periods and what its waves ask. Raises InvalidError for a
    score that can't be told, and for more periods than there are."""
    schedule = await waves.schedule(session, study_id)
    asked = await plans.asked_of(session, study_id)
    can_be_told = score_bands.choosable(asked) if schedule.waves else {}
    for name in options.scores:
        if name not in can_be_told:
            known = ", ".join(can_be_told) or "none"
            says = f"The periods of this study can't tell “{name}”. Those they can: {known}."
            raise InvalidError(says, pointer="/scores")
    if options.periods and schedule.last and options.periods > schedule.last:
        says = f"Between its waves this study has {schedule.last} periods: please choose no more."
        raise InvalidError(says, pointer="/periods")
    return replace(options, schedule=schedule, asked=asked)


async def _in_thread(act: Callable[..., Answer], *arguments: Any) -> Answer:
    """Build in a thread; too few people become the problem that says so."""
    try:
        return await asyncio.to_thread(act, *arguments)
    except _building().TooFewPeopleError as error:
        raise TooFewInItError(K) from error


def _building() -> Any:
    """The module that builds, loaded when it is first needed: its libraries are large."""
    return import_module("app.research.exports.build")


@asynccontextmanager
async def scratch_dir() -> "AsyncIterator[Path]":
    """A folder for a while."""
    made = await asyncio.to_thread(ScratchDir, Path(gettempdir()))
    try:
        yield made.path
    finally:
        await asyncio.to_thread(made.close)
