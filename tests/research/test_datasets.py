"""Freezing: who is in it, what is withheld, and that it never changes."""

import tomllib
from pathlib import Path

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.research import codebook, datasets, studies
from app.research.about import About, Area
from app.research.errors import (
    DatasetClosedError,
    DatasetNotFoundError,
    TooFewInItError,
)
from app.research.exports import freezing
from app.research.models import Purpose
from tests.research.factories import (
    ME,
    ONLY_ACTIVITY,
    START,
    closed,
    drafted,
    happen_and_learn,
    join,
    later,
    opened,
    published,
    reacted,
    several,
    withdraw,
)


async def test_a_study_with_nobody_in_it_has_nothing_to_freeze(database: Database) -> None:
    for study in (await drafted(database), await opened(database)):
        with pytest.raises(TooFewInItError, match="nothing to freeze"):
            await freezing.freeze(database, study.id, by=ME)


async def test_too_few_people_cannot_be_hidden_and_how_few_is_not_told(database: Database) -> None:
    study = await opened(database)
    said = set()
    for number in (0, 1, 3):
        await several(database, study, number)
        with pytest.raises(TooFewInItError, match="at least 5") as refused:
            await freezing.freeze(database, study.id, by=ME)
        said.add(refused.value.detail)
    assert len(said) == 1, "whoever asks again and again would see when somebody joins"


async def test_only_those_who_consent_to_activity_now_are_in_it(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 6)
        await join(database, study, new_id(), {Purpose.TEXT: True})
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member) for member in members])
    with clock.at(later(hours=2)):
        await withdraw(database, study, members[0])
        dataset = await freezing.freeze(database, study.id, by=ME)
    assert dataset.participant_count == 5
    assert dataset.row_counts == {"participants": 5, "activities": 5, "ties": 0}
    assert dataset.sheet_versions == [1]
    assert dataset.disclosure == {"k": 5, "smallest_class": 5, "recoded": []}
    cursor = await connection.execute("SELECT DISTINCT area FROM research.dataset_participants")
    assert await cursor.fetchall() == [{"area": "not_answered"}]


async def test_rare_answers_are_withheld_and_reported(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    await several(database, study, 5)
    await join(database, study, new_id(), ONLY_ACTIVITY, about=About(area=Area.WALES))
    dataset = await freezing.freeze(database, study.id, by=ME)
    assert dataset.disclosure["smallest_class"] == 6
    told = {one["column"]: one["people"] for one in dataset.disclosure["recoded"]}
    assert told == dict.fromkeys(codebook.QUASI_IDENTIFIERS, 6)
    cursor = await connection.execute("SELECT DISTINCT area FROM research.dataset_participants")
    assert await cursor.fetchall() == [{"area": "withheld"}]


async def test_what_comes_later_is_not_in_it_and_numbers_go_up(database: Database) -> None:
    study = await opened(database)
    with clock.at(START):
        one, other, *_ = await several(database, study, 5)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one)])
        first = await freezing.freeze(database, study.id, by=ME)
        await happen_and_learn(database, [published(one, to=other), reacted(other, one)])
        second = await freezing.freeze(database, study.id, by=ME)
    assert first.row_counts == {"participants": 5, "activities": 1, "ties": 0}
    assert second.row_counts == {"participants": 5, "activities": 5, "ties": 2}
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 != second.sha256
    async with unit_of_work(database) as session:
        newest = await datasets.find_numbered(session, study.id, None)
        assert newest is not None
        assert newest.id == second.id
        numbered = await datasets.find_numbered(session, study.id, 1)
        assert numbered is not None
        assert numbered.id == first.id
        assert await datasets.find_numbered(session, study.id, 3) is None
        with pytest.raises(DatasetNotFoundError):
            await datasets.access(session, study.id)


async def test_a_closed_study_can_still_be_frozen(database: Database) -> None:
    study = await opened(database)
    await several(database, study, 5)
    await closed(database, study)
    assert (await freezing.freeze(database, study.id, by=ME)).participant_count == 5


async def test_a_dataset_never_changes(database: Database, connection: AnyConnection) -> None:
    study = await opened(database)
    await several(database, study, 5)
    await freezing.freeze(database, study.id, by=ME)
    for sql in (
        "UPDATE research.datasets SET sha256 = 'x'",
        "UPDATE research.datasets SET participant_count = 7",
        "DELETE FROM research.datasets",
        "UPDATE research.dataset_participants SET area = 'x'",
        "DELETE FROM research.dataset_participants",
    ):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            await connection.execute(sql)
    await connection.execute("UPDATE research.datasets SET closed_at = now()")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        await connection.execute("UPDATE research.datasets SET closed_at = NULL")


async def test_the_hashes_are_recorded_once_also_after_a_crash_in_between(
    database: Database,
) -> None:
    study = await opened(database)
    await several(database, study, 5)
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=True, lock="change")
        cut = await datasets.freeze(session, locked, by=ME)
    assert cut.sha256 is None
    sealed = await freezing.seal(database, cut.id)
    assert sealed.sha256
    assert (await freezing.seal(database, cut.id)).sha256 == sealed.sha256
    async with unit_of_work(database) as session:
        late = await freezing._record(session, cut.id, {})
    assert late.sha256 == sealed.sha256


async def test_a_closed_dataset_is_not_read_any_more(database: Database) -> None:
    study = await opened(database)
    members = await several(database, study, 6)
    dataset = await freezing.freeze(database, study.id, by=ME)
    await withdraw(database, study, members[0], erase=True)
    with pytest.raises(DatasetClosedError):
        await freezing.seal(database, dataset.id)


def test_the_software_is_numbered_as_the_project_is() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    assert f"{project['name']} {project['version']}" == datasets.SOFTWARE
