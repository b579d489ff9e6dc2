"""A study, people in it, and what it makes of them: datasets and releases."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.jobs.sources import OUTSIDE_SOURCES
from app.research import datasets, participation, releases, sheets, studies
from app.research.bands import Options
from app.research.dataset_models import Dataset, Requester
from app.research.demographics import Demographics
from app.research.exports import freezing, package
from app.research.exports.writers import Format
from app.research.models import Purpose, Study
from app.research.questionnaires import plans
from app.research.receipts import Receipt
from app.research.release_models import Decided, Released
from tests.support.signed_off import open_signed_off
from tests.support.signed_plans import sign_plan

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
#: What these studies ask for, unless they say otherwise. With questionnaires they have a plan.
ASKED = (Purpose.ACTIVITY, Purpose.TEXT, Purpose.CONTACT)
EVERYTHING = dict.fromkeys(ASKED, True)
ME = Requester(new_id(), how="command_line")
CHECKER = new_id()
ONLY_ACTIVITY = {Purpose.ACTIVITY: True, Purpose.TEXT: False, Purpose.CONTACT: False}

#: A study, its dataset, and the members in it.
Frozen = tuple[Study, Dataset, list[UUID]]

_titles = count(1)


def later(**time: float) -> datetime:
    """A moment after the start of the story."""
    return START + timedelta(**time)


async def drafted(
    database: Database,
    title: str | None = None,
    *,
    covers_acts: bool = False,
    covers_answers: bool = False,
    asks: Collection[Purpose] = ASKED,
    wave_weeks: Sequence[int] = (),
    instruments: Sequence[str] = ("phq9",),
) -> Study:
    """A study with a sheet and a signed plan that nobody can see yet."""
    async with unit_of_work(database) as session:
        study = await studies.create(
            session,
            title=title or f"Study {next(_titles)}",
            summary="What helps.",
            asks=asks,
            wave_weeks=wave_weeks,
        )
        if Purpose.QUESTIONNAIRES in asks:
            asked = {number: instruments for number, _ in enumerate(wave_weeks, start=1)}
            await plans.set_(session, database.pool, study, plans.Timing(), asked)
        await sheets.publish(
            session,
            study,
            body="**Please read.** You can say no.",
            covers_acts=covers_acts,
            covers_answers=covers_answers,
        )
        await sign_plan(session, study)
        return study


async def opened(
    database: Database,
    title: str | None = None,
    *,
    covers_acts: bool = False,
    covers_answers: bool = False,
    asks: Collection[Purpose] = ASKED,
    wave_weeks: Sequence[int] = (),
    instruments: Sequence[str] = ("phq9",),
) -> Study:
    """A study that members can join, since the day before the story starts."""
    with clock.at(START - timedelta(days=1)):
        study = await drafted(
            database,
            title,
            covers_acts=covers_acts,
            covers_answers=covers_answers,
            asks=asks,
            wave_weeks=wave_weeks,
            instruments=instruments,
        )
        async with unit_of_work(database) as session:
            locked = await studies.access(session, study.id, is_researcher=True, lock="change")
            return await open_signed_off(session, locked)


async def closed(database: Database, study: Study) -> None:
    """End a study now."""
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=True, lock="change")
        await studies.close(session, locked)


async def join(
    database: Database,
    study: Study,
    member_id: UUID,
    choices: dict[Purpose, bool] = EVERYTHING,
    *,
    demographics: Demographics = Demographics(),  # noqa: B008 - frozen
    version: int = 1,
    days_here: int = 400,
) -> Receipt:
    """Take part now."""
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=False, lock="join")
        return await participation.join(
            session,
            locked,
            member_id=member_id,
            joined_at=clock.now() - timedelta(days=days_here),
            sheet_version=version,
            choices=choices,
            demographics=demographics,
        )


async def choose(
    database: Database,
    study: Study,
    member_id: UUID,
    choices: dict[Purpose, bool],
    *,
    version: int | None = 1,
) -> Receipt:
    """Choose again now, under the first sheet, another, or none."""
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=False, lock="join")
        return await participation.choose(
            session, locked, member_id=member_id, sheet_version=version, choices=choices
        )


async def withdraw(
    database: Database, study: Study, member_id: UUID, *, erase: bool = False
) -> Receipt:
    """Stop, or stop and erase."""
    async with unit_of_work(database) as session:
        found = await studies.access(session, study.id, is_researcher=False)
        return await participation.withdraw(session, found, member_id=member_id, erase=erase)


async def several(database: Database, study: Study, number: int) -> list[UUID]:
    """Members who all take part with their activity."""
    members = [new_id() for _ in range(number)]
    for member_id in members:
        await join(database, study, member_id, ONLY_ACTIVITY)
    return members


async def freeze(
    database: Database,
    study: Study,
    options: Options = Options(),  # noqa: B008 - frozen
    by: Requester = ME,
) -> Dataset:
    """Freeze what a study holds now."""
    return await freezing.freeze(
        database, study.id, by=by, sources=OUTSIDE_SOURCES, options=options
    )


async def asked(
    database: Database,
    dataset: Dataset,
    file: Released = Released.PERIODS,
    agreement_id: UUID | None = None,
) -> UUID:
    """The researcher asks that a file may leave."""
    async with unit_of_work(database) as session:
        assert ME.account_id is not None
        request = await releases.ask(
            session, dataset, file=file, agreement_id=agreement_id, note="", by=ME.account_id
        )
        return request.id


async def agreed(database: Database, study: Study, ends_on: date) -> UUID:
    """A data agreement of a study."""
    async with unit_of_work(database) as session:
        assert ME.account_id
        made = await releases.agree(
            session,
            study,
            recipient="University of Somewhere",
            aim="How support spreads.",
            ends_on=ends_on,
            by=ME.account_id,
        )
        return made.id


async def decide(
    database: Database,
    request_id: UUID,
    decision: Decided = Decided.RELEASED,
    *,
    by: UUID = CHECKER,
    is_refused: bool = False,
) -> None:
    """The checker decides."""
    async with unit_of_work(database) as session:
        request = await releases.access(session, request_id, lock=True)
        dataset = await datasets.access(session, request.dataset_id)
        await releases.decide(
            session,
            request,
            dataset,
            decision=decision,
            note="Looked at.",
            attack={"is_refused": is_refused},
            by=by,
        )


async def release(
    database: Database,
    dataset: Dataset,
    file: Released = Released.PERIODS,
    agreement_id: UUID | None = None,
) -> None:
    """Let a file out."""
    await decide(database, await asked(database, dataset, file, agreement_id))


async def download(
    database: Database,
    dataset: Dataset,
    folder: Path,
    format_: Format = Format.CSV,
    released: Released = Released.PERIODS,
) -> Path:
    """Hand what was released out into a folder."""
    await package.download(
        database, dataset.id, format_=format_, folder=folder, by=ME, released=released
    )
    return folder
