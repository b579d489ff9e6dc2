"""A frozen file as the attacks read it, with everything that an attacker would have beside it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import polars as pl
import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.db import Database, unit_of_work
from app.core.settings import DatabaseSettings
from app.identity import pseudonyms
from app.research import datasets, demographics, studies
from app.research.attacks import exact_rows, findings, insider, joins, wall
from app.research.attacks.all_attacks import AttackInput, play
from app.research.attacks.findings import Finding
from app.research.attacks.insider import Insider, OwnSource
from app.research.attacks.outgoing import Outgoing, Range
from app.research.attacks.wall import WallSource
from app.research.attacks.wall_match import Truth
from app.research.bands import MEASURES
from app.research.codebook import CODED, NONE, OTHERS, code_of
from app.research.dataset_models import Dataset
from app.research.exports.files import read_frame
from app.research.release_models import Released

#: So many other studies are compared with, the newest first.
STUDIES: Final = 5
#: Longer than the lowest end of the longest band of tenure.
_LONG: Final = 1_000
_ENROLLED: Final = "SELECT id, enrolled_on FROM research.participants WHERE study_id = %s"


#: The file by which a dataset is known to hold what is to leave.
_FILES: Final = {
    Released.PERIODS: "periods",
    Released.ACTS: "acts",
    Released.ANSWERS: "doses",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where what research does not know comes from: functions that a process can be handed."""

    wall: WallSource
    own: OwnSource


def run(
    settings: DatabaseSettings, dataset_id: UUID, file: Released, sources: Sources
) -> list[Finding]:
    """Play all attacks on a file of a dataset; takes a while, so run it in a process of its own."""
    return asyncio.run(_run(settings, dataset_id, file, sources))


def verdict(found: Sequence[Finding]) -> dict[str, Any]:
    """The findings as a decision keeps them."""
    return {"is_refused": findings.is_refused(found), "findings": findings.as_json(found)}


async def _run(
    settings: DatabaseSettings, dataset_id: UUID, file: Released, sources: Sources
) -> list[Finding]:
    database = Database(settings)
    await database.open()
    try:
        case = await build(database, dataset_id, file, sources)
    finally:
        await database.close()
    with psycopg.connect(settings.owner, application_name="alongside attack") as connection:
        connection.read_only = True
        found = joins.attack(connection)
    return play(case, found)


async def build(
    database: Database, dataset_id: UUID, file: Released, sources: Sources
) -> AttackInput:
    """The file and what stands beside it. Raises DatasetNotFoundError, DatasetChangedError or, also
    when somebody in it is erased meanwhile, DatasetClosedError."""
    async with unit_of_work(database) as session:
        dataset = await datasets.access(session, dataset_id, to_download=True)
        shown = await sources.wall(session)
        truth = await _truth(session, dataset.study_id)
        freezes = await _others(session, dataset)
        strangers = await _of_other_studies(session, dataset.study_id, file)
        truths = [await _truth(session, other.study_id) for other in strangers]
    outgoing = await _outgoing(database, dataset, file)
    made = AttackInput(
        file=outgoing,
        wall=wall.from_shown(shown),
        truth=truth,
        insiders=await _insiders(database, outgoing, truth, sources.own),
        others_of_study=[
            await _outgoing(database, other, file)
            for other in await _with_file(database, freezes, file)
        ],
        other_studies=[
            (await _outgoing(database, other, file), other_truth)
            for other, other_truth in zip(strangers, truths, strict=True)
        ],
        ids=[dataset.study_id, dataset.id],
    )
    async with unit_of_work(database) as session:  # whoever was erased meanwhile closed it
        await datasets.access(session, dataset_id, to_download=True)
    return made


async def _truth(session: AsyncSession, study_id: UUID) -> Truth:
    links = await pseudonyms.links_of_study(session, study_id)
    connection = await db.driver(session)
    enrolled = await (await connection.execute(_ENROLLED, (study_id,))).fetchall()
    return Truth({found.participant_id: found.member_id for found in links}, dict(enrolled))


async def _insiders(
    database: Database, file: Outgoing, truth: Truth, own: OwnSource
) -> list[Insider]:
    async with unit_of_work(database) as session:
        return [
            Insider(name, await own(session, truth.members[name]))
            for name in insider.candidates(file)
            if name in truth.members
        ]


async def _others(session: AsyncSession, dataset: Dataset) -> list[Dataset]:
    """The study's other datasets whose files are still there."""
    found = await datasets.list_(session, dataset.study_id)
    return [one for one in found if one.id != dataset.id and one.closed_at is None]


async def _of_other_studies(session: AsyncSession, study_id: UUID, file: Released) -> list[Dataset]:
    """The newest dataset of each other study that has such a file."""
    found = []
    for study in await studies.list_(session):
        newest = await datasets.find_numbered(session, study.id, None)
        if study.id != study_id and newest is not None and await _has(session, newest, file):
            found.append(newest)
    return found[:STUDIES]


async def _with_file(database: Database, found: list[Dataset], file: Released) -> list[Dataset]:
    async with unit_of_work(database) as session:
        return [one for one in found if await _has(session, one, file)]


async def _has(session: AsyncSession, dataset: Dataset, file: Released) -> bool:
    return any(one.name == _FILES[file] for one in await datasets.files(session, dataset))


async def _outgoing(database: Database, dataset: Dataset, file: Released) -> Outgoing:
    frame = await read_frame(database, dataset.id, _FILES[file])
    if file is Released.ACTS:
        return Outgoing("acts", in_words(frame), dataset.cut_off)
    schedule = datasets.options_of(dataset).schedule
    if file is Released.ANSWERS:
        scores = await read_frame(database, dataset.id, "scores")
        return exact_rows.outgoing(frame, scores, dataset.cut_off, schedule)
    return Outgoing("periods", frame, dataset.cut_off, RANGES, schedule)


def in_words(acts: pl.DataFrame) -> pl.DataFrame:
    """Acts with the words that stand behind their codes, as the wall has them."""
    words = {name: {code: word for word, code in code_of(name).items()} for name in CODED}
    other = pl.col("counterpart")
    return acts.with_columns(
        *(
            pl.col(name).replace_strict(words[name], default=None, return_dtype=pl.String)
            for name in CODED
        ),
        counterpart=pl.when(other.is_in([OTHERS, NONE])).then(None).otherwise(other),
    )


def _tenure() -> dict[int, Range]:
    """From how many to how many days each band of tenure stands for."""
    now = clock.now()
    days = [demographics.tenure_band(now - timedelta(days=past), now) for past in range(_LONG)]
    found: dict[int, Range] = {}
    for code, band in enumerate(demographics.TenureBand, start=1):
        first = days.index(band)
        found[code] = (first, None if band is days[-1] else first + days.count(band) - 1)
    return found


RANGES: Final[dict[str, dict[int, Range]]] = {
    **{name: measure.ranges for name, measure in MEASURES.items()},
    "tenure_band": _tenure(),
}
