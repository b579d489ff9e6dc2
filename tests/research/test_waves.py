"""Waves: a study's periods lie between them, in the file that leaves and in questions inside."""

from itertools import pairwise
from uuid import UUID

import polars as pl
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research import codebook, period_file, questions
from app.research.attacks import freezes
from app.research.attacks.outgoing import Outgoing
from app.research.bands import OBSERVED, Options, observable
from app.research.errors.studies import BadWavesError
from app.research.models import Purpose, Study
from app.research.questions import Question
from app.research.schedule import MAX_WEEK, TWELVE_WEEKS, Schedule, WavesError
from tests.people import SignedIn
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import (
    EVERYTHING,
    START,
    choose,
    drafted,
    freeze,
    join,
    later,
    opened,
    several,
)
from tests.research.frozen_rows import rows
from tests.research.over_http import Json, ask

WEEKS = (0, 26, 52)


async def _starts(connection: AnyConnection, study_id: UUID) -> tuple[int, ...]:
    cursor = await connection.execute("SELECT research.period_starts(%s) AS found", (study_id,))
    row = await cursor.fetchone()
    assert row is not None
    return tuple(row["found"])


async def test_the_database_counts_with_the_same_days_as_we_do(
    database: Database, connection: AnyConnection
) -> None:
    plain, waved = await opened(database), await opened(database, wave_weeks=WEEKS)
    assert await _starts(connection, plain.id) == TWELVE_WEEKS.starts
    assert await _starts(connection, waved.id) == Schedule.of_weeks(WEEKS).starts == (0, 182, 364)


@given(st.lists(st.integers(0, MAX_WEEK + 10), max_size=15))
def test_waves_are_taken_or_refused_in_words(weeks: list[int]) -> None:
    try:
        schedule = Schedule.of_weeks(weeks)
    except WavesError:
        assert (
            weeks[:1] != [0]
            or len(weeks) not in range(2, 13)
            or weeks != sorted(weeks)
            or any(later - former < 12 for former, later in pairwise(weeks))
            or weeks[-1] > MAX_WEEK
        )
        return
    assert [day // 7 for day in schedule.waves] == weeks
    assert all(schedule.days(period) >= 84 for period in range(1, schedule.last or 5))


@given(st.integers(84, 3_640))
def test_days_observed_are_in_one_band_each_whatever_the_length(days: int) -> None:
    ranges = [ends for code, ends in observable(days).ranges.items() if 0 < code <= 4]
    assert [n for low, high in ranges for n in range(low, (high or low) + 1)] == list(
        range(1, days + 1)
    )


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([4, 30], "week 0"),
        ([0], "2 to 12"),
        ([0, 11], "at least 12 weeks"),
        ([0, 26, 20], "at least 12 weeks"),
        ([0, 519, 531], "at the latest|no later"),
    ],
)
async def test_waves_that_cannot_be_are_refused_in_words(
    database: Database, weeks: list[int], said: str
) -> None:
    with pytest.raises(BadWavesError, match=said):
        await drafted(database, wave_weeks=weeks)


async def test_the_database_keeps_them_apart_and_fixed(
    database: Database, connection: AnyConnection
) -> None:
    draft, running = await drafted(database), await opened(database, wave_weeks=WEEKS)
    add = "INSERT INTO research.waves (study_id, number, week) VALUES (%s, %s, %s)"
    await connection.execute(add, (draft.id, 1, 0))
    for number, week in ((2, 11), (3, 30), (2, 0)):
        with pytest.raises(psycopg.errors.CheckViolation):
            await connection.execute(add, (draft.id, number, week))
    await connection.execute(add, (draft.id, 2, 12))
    with pytest.raises(psycopg.errors.CheckViolation, match="before a study opens"):
        await connection.execute(add, (running.id, 4, 80))
    for change in ("UPDATE research.waves SET week = week + 1", "DELETE FROM research.waves",
                   "TRUNCATE research.waves CASCADE"):  # fmt: skip
        with pytest.raises(psycopg.errors.IntegrityError):
            await connection.execute(change)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"wave_days": ["2027-04-01", "2027-05-01"]}, "at least 12 weeks"),
        ({"wave_days": ["2027-10-01", "2027-04-01"]}, "in their order"),
        ({"wave_days": ["2027-04-01"], "wave_weeks": [0, 13]}, "not by both"),
    ],
)
async def test_days_of_the_calendar_that_cannot_be_waves_are_refused(
    researcher: SignedIn, more: Json, said: str
) -> None:
    asked = {"title": "By the calendar", "summary": "Why.", **more}
    refused = await ask(researcher, "POST", "/studies", asked, status=422)
    assert refused["type"] == "bad-waves"
    assert said in refused["errors"][0]["detail"]


async def _a_year(database: Database) -> Study:
    """Ten people, each with a post in the first week, before and with the second wave, and after
    the last one."""
    study = await opened(database, wave_weeks=WEEKS)
    with clock.at(START):
        members = await several(database, study, 10)
    for day in (3, 181, 182, 400):
        with clock.at(later(days=day)):
            await happen_and_learn(database, [published(member) for member in members])
    return study


async def test_a_period_of_the_file_is_the_time_between_two_waves(database: Database) -> None:
    study = await _a_year(database)
    with clock.at(later(days=410)):
        dataset = await freeze(database, study, Options(measures=("posts", "active_days")))
    found = (await rows(database, dataset)).group_by("period", OBSERVED, "posts", "active_days")
    assert found.len().sort("period").rows() == [(1, 4, 1, 1, 10), (2, 4, 1, 1, 10)]
    assert dataset.options["waves"] == [0, 182, 364]


def test_a_period_that_still_runs_says_on_which_share_of_its_days() -> None:
    observed = {1: 1, 60: 1, 61: 2, 121: 2, 122: 3, 181: 3, 182: 4}
    counts = pl.DataFrame(
        [
            {"participant": str(days), "period": period, OBSERVED: days}
            for days in observed
            for period in (1, 2)
        ]
    )
    schedule = Schedule.of_weeks((0, 26, 38))
    found = period_file.banded(counts, Options((), (), schedule))
    first = found.filter(pl.col("period") == 1).select("participant", OBSERVED)
    assert first.rows() == [(str(days), code) for days, code in observed.items()]
    second = found.filter(pl.col("period") == 2).sort(pl.col("participant").cast(int))
    assert second[OBSERVED].to_list() == [1, 3, 3, 4, 4, 4, 4], "12 weeks: 28, 56 and 84 days"


async def test_whoever_agreed_after_the_last_wave_is_in_no_file(database: Database) -> None:
    study = await opened(database, wave_weeks=(0, 12))
    with clock.at(START):
        early = await several(database, study, 6)
        late = [new_id() for _ in range(5)]
        for member in late:
            await join(database, study, member, {Purpose.TEXT: True})
    with clock.at(later(days=90)):
        for member in late:
            await choose(database, study, member, EVERYTHING)
        await happen_and_learn(database, [published(member) for member in (*early, *late)])
        dataset = await freeze(database, study)
    assert dataset.participant_count == 6


async def test_a_question_inside_is_split_by_the_same_periods(database: Database) -> None:
    study = await _a_year(database)
    question = Question("posted", "people", ("period",), ())
    with clock.at(later(days=410)):
        answer = await questions.ask(database, study.id, question, by=new_id())
    assert answer.rows is not None
    assert [one.label for one in answer.rows.values] == [
        "weeks 1 to 26",
        "weeks 27 to 52",
        "from week 53",
    ]
    assert answer.table.values == [[10], [10], [10]]


async def test_a_researcher_plans_them_with_the_study_and_reads_them(researcher: SignedIn) -> None:
    plan = {"title": "A year", "summary": "What helps.", "wave_weeks": [0, 26, 52]}
    made = await ask(researcher, "POST", "/studies", plan, status=201)
    read = await ask(researcher, "GET", f"/studies/{made['id']}")
    assert read["wave_weeks"] == [0, 26, 52]
    near = {**plan, "title": "Too near", "wave_weeks": [0, 4]}
    problem = await ask(researcher, "POST", "/studies", near, status=422)
    assert problem["type"] == "bad-waves"
    assert problem["errors"][0]["pointer"] == "/wave_weeks"
    assert "at least 12 weeks" in problem["detail"]


def test_the_codebook_says_which_weeks_a_period_is() -> None:
    options = Options(("posts",), (), Schedule.of_weeks((0, 26, 52)))
    period, observed = codebook.columns("periods", options)[1:3]
    assert period.values == {
        1: "weeks 1 to 26: from wave 1 to wave 2",
        2: "weeks 27 to 52: from wave 2 to wave 3",
    }
    assert {code: observed.values[code] for code in (1, 2, 3, 4, 12, 13, 23, 24, 34)} == {
        1: "less than a third",
        2: "a third or more, but less than two thirds",
        3: "two thirds or more, but not all",
        4: "all",
        12: "less than two thirds",
        13: "not all",
        23: "a third or more, but not all",
        24: "a third or more",
        34: "two thirds or more",
    }
    plain = codebook.columns("periods", Options(("posts",)))[1:3]
    assert "12 weeks" in plain[0].label
    assert plain[1].values[1] == "1 to 27"


def test_the_attacks_know_how_long_a_period_is() -> None:
    row = {"participant": "P0", "period": 2, OBSERVED: 4, "giving": 1, "active_days": 1}
    frozen = START.date()
    file = Outgoing("periods", pl.DataFrame([row]), frozen, schedule=Schedule.of_weeks((0, 26, 40)))
    assert freezes.enrolment_widths([file]) == {"P0": 1}, "182 days and the whole 98 after them"
    other = Outgoing("periods", pl.DataFrame([row | {OBSERVED: 1}]), frozen,
                     schedule=file.schedule)  # fmt: skip
    assert freezes.enrolment_widths([other]) == {"P0": 32}, "1 to 32 of 98 days"
