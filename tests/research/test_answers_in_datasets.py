"""Answers in a dataset: exact rows inside, and why each is missing."""

from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.errors import InvalidError
from app.research import codebook, studies
from app.research.bands import AskedInstrument, Options
from app.research.dataset_models import Dataset
from app.research.exports import answer_rows
from app.research.exports.files import read_frame
from app.research.exports.responses import Responses
from app.research.exports.succession import succeed
from app.research.instruments import catalogue
from app.research.period_file import PERSON, WAVE
from app.research.schedule import Schedule
from app.research.scoring import Answer
from app.research.special_codes import DECLINED, NOT_ANSWERED, NOT_APPLICABLE, NOT_REACHED
from tests.people import People, SignedIn
from tests.research.asked_studies import asked_study
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import freeze, later, withdraw
from tests.research.told import (
    ACTIVITY,
    FLAT,
    QUESTIONNAIRES,
    WEEKS,
    answer,
    answer_all,
    asking,
    codes_of,
    decline,
    frozen_after,
    joined,
)

Rows = list[dict[str, Any]]


async def _rows(database: Database, dataset: Dataset, file: str, who: str) -> Rows:
    frame = await read_frame(database, dataset.id, file)
    return frame.filter(pl.col(PERSON) == who).to_dicts()


async def test_a_row_a_person_and_wave_holds_what_became_of_it(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    members = await joined(database, study, 5)
    done, begun, late, not_now, silent = members
    with clock.at(later(days=2)):
        await answer(database, study, done, {"phq9": FLAT[2]})
        await answer(
            database, study, begun, {"phq9": {"phq9_1": 3, "phq9_2": None}}, hands_in=False
        )
        await answer(database, study, not_now, {"phq9": {"phq9_1": 3}}, hands_in=False)
        await decline(database, study, not_now)
    with clock.at(later(days=30)):
        await answer(database, study, late, {"phq9": FLAT[0]})
    dataset = await frozen_after(database, study, days=60)
    codes = await codes_of(connection)

    (row,) = await _rows(database, dataset, "responses", codes[done])
    assert {name: row[name] for name in ("wave", "state", "mode", "is_late", "language")} == {
        "wave": 1, "state": 1, "mode": 1, "is_late": 0, "language": "en",
    }  # fmt: skip
    assert [row[f"{day}_day"] for day in ("due", "opened", "saved", "done")] == [0, 2, 2, 2]
    assert {row[f"phq9_{number}"] for number in range(1, 10)} == {2}

    (row,) = await _rows(database, dataset, "responses", codes[begun])
    assert (row["state"], row["done_day"]) == (3, NOT_APPLICABLE)
    assert [row[f"phq9_{n}"] for n in (1, 2, 3)] == [3, NOT_ANSWERED, NOT_REACHED]

    (row,) = await _rows(database, dataset, "responses", codes[late])
    assert (row["state"], row["is_late"], row["done_day"], row["phq9_1"]) == (1, 1, 30, 0)

    (row,) = await _rows(database, dataset, "responses", codes[not_now])
    assert (row["state"], row["phq9_1"], row["phq9_9"]) == (2, DECLINED, DECLINED)

    (row,) = await _rows(database, dataset, "responses", codes[silent])
    assert (row["state"], row["mode"], row["phq9_1"]) == (4, NOT_APPLICABLE, NOT_REACHED)
    assert (row["language"], row["saved_day"]) == ("none", NOT_APPLICABLE)

    totals = {}
    for who in members:
        (row,) = await _rows(database, dataset, "scores", codes[who])
        totals[who] = (row["phq9_total"], row["phq9_total_n"], row["phq9_total_b"])
    assert totals == {
        done: (18.0, 9, 4),
        begun: (NOT_ANSWERED, 1, NOT_ANSWERED),
        late: (0.0, 9, 1),
        not_now: (DECLINED, 0, DECLINED),
        silent: (NOT_REACHED, 0, NOT_REACHED),
    }
    flow = (await read_frame(database, dataset.id, "wave_flow")).to_dicts()
    assert [row["wave"] for row in flow] == [1, 2, 3]
    assert [row["asked"] for row in flow] == [-8, 0, 0]


async def test_a_mean_that_was_filled_in_is_kept_to_its_fraction(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    members = await joined(database, study, 5)
    with clock.at(later(days=1)):
        told = {**FLAT[1], "phq9_1": 3, "phq9_9": None}
        await answer(database, study, members[0], {"phq9": told})
    dataset = await frozen_after(database, study, days=2, options=Options(measures=("posts",)))
    codes = await codes_of(connection)
    (row,) = await _rows(database, dataset, "scores", codes[members[0]])
    assert (row["phq9_total"], row["phq9_total_n"], row["phq9_total_b"]) == (11.25, 8, 3)


async def test_what_was_not_shown_is_told_apart_from_what_was_skipped(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database, instruments=("services", "equality"))
    members = await joined(database, study, 5)
    services = catalogue.shipped().versions("services")[0]
    several = next(item for item in services.items if item.kind == "several")
    hidden = next(item for item in services.items if item.show_if and item.hidden_counts == 0)
    assert hidden.show_if
    (code, *_) = hidden.show_if.codes
    told: dict[str, Answer] = {several.name: [code], hidden.name: 3}
    with clock.at(later(days=1)):
        await answer(database, study, members[0], {"services": told})
        await answer(database, study, members[1], {"services": {several.name: list(several.alone)}})
        await answer(database, study, members[2], {"services": {several.name: None}})
    dataset = await frozen_after(database, study, days=2, options=Options(measures=("posts",)))
    codes = await codes_of(connection)
    column = f"{several.name}_{code}"
    told_of = {}
    for number, who in enumerate(members[:3]):
        (row,) = await _rows(database, dataset, "responses", codes[who])
        told_of[number] = (row[column], row[hidden.name])
    assert told_of == {
        0: (1, 3),
        1: (0, NOT_APPLICABLE),
        2: (NOT_ANSWERED, NOT_APPLICABLE),
    }
    frame = await read_frame(database, dataset.id, "responses")
    assert not [name for name in frame.columns if name.endswith("_own")], "no words of anybody"


async def test_doses_are_exact_and_of_those_who_agreed_to_activity(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    members = await joined(database, study, 5)
    await joined(database, study, 1, QUESTIONNAIRES)
    writer = members[0]
    for days in (1, 2, 95):
        with clock.at(later(days=days)):
            await happen_and_learn(database, [published(writer), published(writer)])
    dataset = await frozen_after(database, study, days=100, options=Options(measures=("posts",)))
    frame = await read_frame(database, dataset.id, "doses")
    assert frame.get_column(PERSON).n_unique() == 5
    codes = await codes_of(connection)
    rows = await _rows(database, dataset, "doses", codes[writer])
    told = [
        [row[name] for name in ("period", "days_observable", "sessions", "posts", "active_days")]
        for row in rows
    ]
    assert told == [[1, 91, 2, 4, 2], [2, 10, 1, 2, 1]]
    assert set(frame.get_column("may_leave")) == {0}, "their sheet spoke of nothing"


async def test_a_study_of_activity_alone_holds_no_file_of_answers(database: Database) -> None:
    study = await asking(database)
    await joined(database, study, 5, ACTIVITY)
    dataset = await frozen_after(database, study, days=10, options=Options(measures=("posts",)))
    frame = await read_frame(database, dataset.id, "responses")
    assert frame.is_empty(), "nobody was asked"
    assert (await read_frame(database, dataset.id, "doses")).height == 5


async def test_an_answer_after_the_cut_is_not_in_it(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    members = await joined(database, study, 5)
    first = await frozen_after(database, study, days=1, options=Options(measures=("posts",)))
    await answer_all(database, study, members, 2)
    with clock.at(later(days=40)):
        second = await freeze(database, study, Options(measures=("posts",)))
    assert (second.cut_off - first.cut_off).days == 28
    states = [
        set((await read_frame(database, one.id, "responses")).get_column("state"))
        for one in (first, second)
    ]
    assert states == [{5}, {1}]
    codes = await codes_of(connection)
    assert set(codes.values()) == set(
        (await read_frame(database, second.id, "scores")).get_column(PERSON)
    )


async def test_who_is_erased_is_in_no_file_of_the_successor(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    members = await joined(database, study, 9)
    await answer_all(database, study, members, 1)
    dataset = await frozen_after(database, study, days=20)
    codes = await codes_of(connection)
    with clock.at(later(days=21)):
        await withdraw(database, study, members[0], erase=True)
        made = await succeed(database, dataset.id)
    assert made is not None
    assert made.options == dataset.options
    for name in ("periods", "responses", "scores", "doses"):
        people = set((await read_frame(database, made.id, name)).get_column(PERSON))
        assert people == {codes[who] for who in members[1:]}, name
    flow = await read_frame(database, made.id, "wave_flow")
    assert flow.get_column("asked").to_list() == [10, 0, 0]


def test_words_that_need_a_licence_are_in_no_codebook() -> None:
    asked = tuple(
        AskedInstrument(one.name, one.version, (1,))
        for one in catalogue.shipped().instruments.values()
        if not one.licence.ships_words
    )
    options = Options(asked=asked, schedule=Schedule.of_weeks(WEEKS))
    labels = {column.name: column for column in codebook.columns("responses", options)}
    assert labels["swemwbs_1"].label == "SWEMWBS, question 1"
    assert labels["swemwbs_1"].values[1] == "option 1"


def test_flow_of_waves_counts_nobody_where_nobody_was_asked() -> None:
    assert answer_rows.flow(Responses()) == []


async def test_waves_by_the_calendar_are_told_exactly_and_in_no_period(
    database: Database, researcher: SignedIn, people: People
) -> None:
    member = await people.member()
    study = await asked_study(researcher, weeks=(), days=(date(2026, 4, 6), date(2026, 9, 7)))
    await study.join(member)
    with clock.at(later(days=36)):
        await study.save(member, FLAT[2])
        await study.act(member, "completion")
    async with unit_of_work(database) as session:
        found = await studies.access(session, UUID(study.id), is_researcher=True)
    await joined(database, found, 4)
    with pytest.raises(InvalidError, match="Those they can: none"):
        await frozen_after(database, found, days=60)
    dataset = await frozen_after(database, found, days=60, options=Options(measures=("posts",)))
    frame = await read_frame(database, dataset.id, "scores")
    assert frame.get_column(WAVE).to_list() == [1] * 5
    assert sorted(frame.get_column("phq9_total")) == [NOT_REACHED] * 4 + [18.0]
    due = (await read_frame(database, dataset.id, "responses")).get_column("due_day")
    assert set(due) == {35}
    # The second wave does not ask for the use of services.
    later_one = await frozen_after(database, found, days=200, options=Options(measures=("posts",)))
    frame = (await read_frame(database, later_one.id, "scores")).filter(pl.col(WAVE) == 2)
    assert frame.height == 5
    assert set(frame.get_column("services_cost")) == {NOT_APPLICABLE}
    assert set(frame.get_column("phq9_total")) == {NOT_REACHED}
    told = (await read_frame(database, later_one.id, "responses")).filter(pl.col(WAVE) == 2)
    items = [name for name in told.columns if name.startswith("services_")]
    assert {code for name in items for code in told.get_column(name)} == {NOT_APPLICABLE}
