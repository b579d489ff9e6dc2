"""A small programme with planted effects in a database of its own, the files of its dataset, and
what everybody may see of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from math import log
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
from psycopg import sql

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.delivery import deliver
from app.demo.evaluation import programme
from app.demo.evaluation.planted import Planted
from app.demo.evaluation.programme import WrittenProgramme
from app.jobs.subscribers import SUBSCRIBERS
from app.research import datasets
from app.research.bands import Options
from app.research.exports.files import read_frame
from app.research.measures import catalogue, computing, outside
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import MeasurePart
from app.research.measures.shown_parts import ShownResult
from tests.demo.estimates import with_doses
from tests.support.settings import settings_for

UNTIL = datetime(2026, 11, 1, 12, tzinfo=UTC)
PLANTED = Planted(people=160, activities=14_000)
SMALLEST = Planted(people=60, activities=2_000)
#: Without what must move no measure of peers.
PLAIN = replace(
    PLANTED, staff_replies=0.0, self_replies=0.0, tall_screen_share=0.0, acts_after_stopping=0.0
)
#: Wellbeing rises with receiving and not with giving, no kind of group is experienced better, and
#: the small area is large enough to show.
TURNED = replace(
    PLANTED, giving_effect=0.0, receiving_effect=0.35, values_effect=0.0, small_area=30
)
#: Nobody stops, and no instrument is insensitive.
LASTING = replace(PLANTED, stop_share=0.0, insensitive=None)
#: Of the score that was planted to follow giving, an effect is told for each doubling.
SCORE = "ons4_satisfied_score"
DOUBLING = PLANTED.giving_effect * log(2)
#: The name of its dataset among those of its study.
CUT = "000001"


@dataclass(frozen=True)
class Told:
    """What everybody may see, and what is kept of it for the audit of the next dataset."""

    results: Sequence[ShownResult]
    figures: dict[str, Any]

    @property
    def parts(self) -> dict[str, dict[str, Any]]:
        """Every part by its name, `measure.part`."""
        return {f"{one.measure}.{part['name']}": part for one in self.results for part in one.parts}


@dataclass(frozen=True)
class Frozen:
    """A programme in a database of its own, and the files of its dataset, also in a folder."""

    url: str
    made: WrittenProgramme
    files: dict[str, pl.DataFrame]
    options: Options
    folder: Path

    @property
    def rows(self) -> pl.DataFrame:
        return with_doses(self.files["scores"], self.files["doses"])

    @property
    def frames(self) -> Frames:
        return Frames(self.options, {name: self.folder / f"{name}.parquet" for name in self.files})

    @cached_property
    def told(self) -> Told:
        """Of all measures."""
        return told(self.frames)

    def found(self, name: str) -> dict[str, MeasurePart]:
        """What a measure found, as nobody sees it."""
        measure = catalogue.find(name)
        assert measure is not None
        return {part.name: part for part in measure.compute(self.frames)}

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql.SQL(query)).fetchall()


def told(frames: Frames, *measures: str, cut: str = CUT, before: Sequence[Told] = ()) -> Told:
    """What everybody may see of these measures, or of all, after what was released before."""
    wanted = [one for one in catalogue.ALL if not measures or one.name in measures]
    found = list(computing.compute(frames, wanted))
    return Told(*outside.protect(cut, found, [one.figures for one in before]))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(settings_for(url, demo=True).database)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def hear(database: Database) -> None:
    """Let studies hear of all that happened in the community."""
    with clock.at(UNTIL):
        for subscriber in (one for one in SUBSCRIBERS if one.name.startswith("research.")):
            while await deliver(database, subscriber):
                pass


async def frozen(url: str, planted: Planted, folder: Path) -> Frozen:
    async with opened(url) as database:
        made = await programme.make(database, settings_for(url, demo=True), planted, until=UNTIL)
        await hear(database)
        dataset = await programme.freeze(database, made, at=UNTIL)
        async with unit_of_work(database) as session:
            names = [one.name for one in await datasets.files(session, dataset)]
        files = {name: await read_frame(database, dataset.id, name) for name in names}
    for name, frame in files.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return Frozen(url, made, files, datasets.options_of(dataset), folder)
