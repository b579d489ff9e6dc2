"""Datasets: who is in one, in what bands, and that it never changes."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import psycopg
import pytest

from app.community.events import ReactionTakenBack
from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research import datasets
from app.research.bands import MEASURES, Options
from app.research.demographics import Area, Demographics
from app.research.errors.datasets import TooFewInItError
from app.research.exports import freezing, source
from app.research.models import Purpose
from app.research.special_codes import WITHHELD
from tests.research.community_events import happen_and_learn, published, reacted
from tests.research.factories import (
    ONLY_ACTIVITY,
    START,
    drafted,
    freeze,
    join,
    later,
    opened,
    several,
    withdraw,
)
from tests.research.frozen_rows import rows

EVERY_MEASURE = Options(measures=tuple(MEASURES))


async def test_a_study_with_nobody_in_it_has_nothing_to_freeze(database: Database) -> None:
    for study in (await drafted(database), await opened(database)):
        with pytest.raises(TooFewInItError, match="A dataset needs at least"):
            await freeze(database, study)


async def test_too_few_people_cannot_be_hidden_and_how_few_is_not_told(database: Database) -> None:
    study = await opened(database)
    said = set()
    for number in (0, 1, 3):
        await several(database, study, number)
        with pytest.raises(TooFewInItError, match="at least 5") as refused:
            await freeze(database, study)
        with pytest.raises(TooFewInItError):
            await freezing.preview(database, study.id, Options())
        said.add(refused.value.detail)
    assert len(said) == 1, "whoever asks again and again would see when somebody joins"


async def test_whoever_stopped_stays_in_it_up_to_that_day(database: Database) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 10)
        await join(database, study, new_id(), {Purpose.TEXT: True})
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member) for member in members])
    with clock.at(later(days=10)):
        for member in members[:5]:
            await withdraw(database, study, member)
    with clock.at(later(days=40)):
        await happen_and_learn(database, [published(member) for member in members for _ in "ab"])
        dataset = await freeze(database, study, Options(measures=("posts",)))
    assert dataset.participant_count == 10
    assert dataset.sheet_versions == [1]
    found = (await rows(database, dataset)).group_by("days_observable", "posts").len()
    assert sorted(found.iter_rows()) == [(1, 1, 5), (2, 1, 5)], "11 days and 41, 1 post and 3"
    flow = await rows(database, dataset, "flow")
    assert flow.to_dicts() == [
        {"period": 1, "looked": 0, "consented": 10, "stopped": WITHHELD, "erased": 0}
    ]


async def test_what_was_taken_back_and_what_is_not_among_peers_does_not_count(
    database: Database,
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 5)
    one, other = members[:2]
    given = reacted(one, other)
    back = ReactionTakenBack(**given.model_dump(exclude={"type"}))
    with clock.at(later(days=1)):
        await happen_and_learn(
            database, [given, back, given, back, given, published(one, to=one), reacted(one, one)]
        )
    with source.reading(database.settings.url) as reading:
        counts = source.read(reading, study.id, until=later(days=2).date()).counts
    assert sorted(counts["giving"]) == [0, 0, 0, 0, 1]
    assert sorted(counts["receiving"]) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "enrolled",
    [
        datetime(2026, 3, 28, 23, 59, tzinfo=UTC),  # a minute before the day that has 23 hours
        datetime(2026, 10, 24, 22, 59, tzinfo=UTC),  # 23:59 in London, before the day of 25
    ],
)
async def test_a_period_has_84_days_also_across_a_change_of_clocks(
    database: Database, enrolled: datetime
) -> None:
    study = await opened(database)
    with clock.at(enrolled):
        members = await several(database, study, 5)
    first = enrolled + timedelta(days=83, hours=-2)
    second = enrolled + timedelta(days=84, hours=2)
    for moment in (first, second, second):
        with clock.at(moment):
            await happen_and_learn(database, [published(member) for member in members])
    with clock.at(second):
        dataset = await freeze(database, study, Options(measures=("active_days", "posts")))
    found = await rows(database, dataset)
    assert found.group_by("period", "days_observable", "posts", "active_days").len().sort(
        "period"
    ).rows() == [(1, 4, 1, 1, 5), (2, 1, 1, 1, 5)]


async def test_bands_and_answers_together_are_shared_by_five(database: Database) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 7)
        for area in (*[Area.WALES] * 3, *[Area.LONDON] * 3):
            member = new_id()
            members.append(member)
            await join(database, study, member, ONLY_ACTIVITY, demographics=Demographics(area=area))
    with clock.at(later(days=1)):
        await happen_and_learn(database, [published(members[0]) for _ in range(30)])
    options = Options(measures=tuple(MEASURES), answers=("area", "age_band"))
    with clock.at(later(days=2)):
        report = await freezing.preview(database, study.id, options)
        dataset = await freeze(database, study, options)
    assert dataset.disclosure == report
    assert report["smallest_class"] >= 5
    assert report["costs"]["area"] > 20
    found = await rows(database, dataset)
    assert min(found.group_by(pl.exclude("participant")).len()["len"]) >= 5
    assert 3 not in found["posts"], "one person with nearly all posts is not to be seen"
    assert set(found["area"]) <= {WITHHELD, -9}


@pytest.mark.parametrize("number", [5, 12])
async def test_people_who_are_all_alike_lose_nothing(database: Database, number: int) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, number)
        dataset = await freeze(database, study, EVERY_MEASURE)
    assert set(dataset.disclosure["costs"].values()) == {0}
    assert dataset.disclosure["left_out"] == 0
    assert (await rows(database, dataset)).height == number


async def test_an_area_of_three_is_not_in_the_file(database: Database) -> None:
    study = await opened(database)
    with clock.at(START):
        for area in (*[Area.WALES] * 3, *[Area.LONDON] * 9):
            await join(
                database, study, new_id(), ONLY_ACTIVITY, demographics=Demographics(area=area)
            )
        dataset = await freeze(database, study, Options(answers=("area",)))
    wales = list(Area).index(Area.WALES) + 1
    assert wales not in (await rows(database, dataset))["area"]


async def test_staff_who_took_part_before_are_in_no_dataset(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 6)
    await connection.execute(
        "UPDATE research.participants SET was_staff = true"
        " WHERE id = (SELECT min(id) FROM research.participants)"
    )
    with clock.at(later(days=1)):
        assert (await freeze(database, study)).participant_count == 5


async def test_a_dataset_never_changes(database: Database, connection: AnyConnection) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 5)
        await freeze(database, study)
    for sql in (
        "UPDATE research.datasets SET sha256 = 'x'",
        "UPDATE research.datasets SET participant_count = 7",
        "DELETE FROM research.datasets",
        "UPDATE research.dataset_participants SET participant_id = 'x'",
        "DELETE FROM research.dataset_participants",
        "UPDATE research.dataset_files SET rows = 1",
        "UPDATE research.dataset_chunks SET content = ''",
        "DELETE FROM research.dataset_chunks",
        "DELETE FROM research.dataset_sources",
    ):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            await connection.execute(sql)
    await connection.execute("UPDATE research.datasets SET attack = '{}'")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        await connection.execute("""UPDATE research.datasets SET attack = '{"is_refused": 1}'""")
    await connection.execute("UPDATE research.datasets SET closed_at = now()")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        await connection.execute("UPDATE research.datasets SET closed_at = NULL")
    await connection.execute("DELETE FROM research.dataset_chunks")


def test_the_software_is_numbered_as_the_project_is() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    assert f"{project['name']} {project['version']}" == datasets.SOFTWARE
