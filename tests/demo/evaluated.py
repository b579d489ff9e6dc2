"""A small programme with planted effects in a database of its own, and the files of its dataset."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
import psycopg
from psycopg import sql

from app.core.db import Database, unit_of_work
from app.demo.evaluation import programme
from app.demo.evaluation.planted import Planted
from app.demo.evaluation.programme import WrittenProgramme
from app.research import datasets
from app.research.bands import Options
from app.research.exports.files import read_frame
from tests.demo.estimates import with_doses
from tests.support.settings import settings_for

UNTIL = datetime(2026, 11, 1, 12, tzinfo=UTC)
PLANTED = Planted(people=160, activities=14_000)
SMALLEST = Planted(people=60, activities=2_000)


@dataclass(frozen=True)
class Frozen:
    """A programme in a database of its own, and the files of its dataset."""

    url: str
    made: WrittenProgramme
    files: dict[str, pl.DataFrame]
    options: Options

    @property
    def rows(self) -> pl.DataFrame:
        return with_doses(self.files["scores"], self.files["doses"])

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql.SQL(query)).fetchall()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(settings_for(url, demo=True).database)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def frozen(url: str, planted: Planted) -> Frozen:
    async with opened(url) as database:
        made = await programme.make(database, settings_for(url, demo=True), planted, until=UNTIL)
        dataset = await programme.freeze(database, made, at=UNTIL)
        async with unit_of_work(database) as session:
            names = [one.name for one in await datasets.files(session, dataset)]
        files = {name: await read_frame(database, dataset.id, name) for name in names}
    return Frozen(url, made, files, datasets.options_of(dataset))
