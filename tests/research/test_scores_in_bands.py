"""Scores in the file that leaves: in bands, protected together with what people did."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.db import AnyConnection, Database
from app.core.errors import InvalidError
from app.research import codebook, datasets, period_file
from app.research.bands import AskedInstrument, Options
from app.research.errors.datasets import TooFewInItError
from app.research.exports.files import read_frame
from app.research.period_file import PERSON, WAVE
from app.research.schedule import Schedule
from app.research.score_bands import choosable
from app.research.special_codes import NOT_APPLICABLE
from tests.research.told import (
    QUESTIONNAIRES,
    WEEKS,
    answer_all,
    asking,
    codes_of,
    frozen_after,
    joined,
)


def _smallest_class(rows: pl.DataFrame) -> int:
    """How many people share the record that the fewest share, all their periods taken together."""
    records = Counter(
        str(person.drop(PERSON).rows()) for person in rows.sort("period").partition_by(PERSON)
    )
    return min(records.values(), default=0)


async def test_the_file_that_leaves_tells_scores_in_bands_of_five_people_or_more(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    low, high = await joined(database, study, 6), await joined(database, study, 6)
    await answer_all(database, study, [*low, *high[:1]], 0)
    await answer_all(database, study, high[1:], 2)
    await answer_all(database, study, low, 1, wave=2)
    dataset = await frozen_after(database, study, days=120)
    frame = await read_frame(database, dataset.id, "periods")
    assert frame.columns == [
        "participant", "period", "days_observable", "posts", "phq9_total_0", "phq9_total_1",
    ]  # fmt: skip
    assert _smallest_class(frame) >= 5
    assert dataset.disclosure["smallest_class"] >= 5
    codes = await codes_of(connection)
    told = {
        who: frame.filter((pl.col(PERSON) == codes[who]) & (pl.col("period") == 1)).to_dicts()[0]
        for who in (*low, *high)
    }
    assert {(told[who]["phq9_total_0"], told[who]["phq9_total_1"]) for who in low} <= {
        (1, 2), (1, NOT_APPLICABLE), (NOT_APPLICABLE, 2), (14, NOT_APPLICABLE),
    }  # fmt: skip
    assert "phq9_total" in dataset.disclosure["costs"]


async def test_whoever_agreed_to_questionnaires_alone_is_in_it_and_nothing_is_counted(
    database: Database,
) -> None:
    study = await asking(database)
    members = await joined(database, study, 6, QUESTIONNAIRES)
    await answer_all(database, study, members, 1)
    with pytest.raises(TooFewInItError):
        await frozen_after(database, study, days=10, options=Options(measures=("posts",)))
    dataset = await frozen_after(database, study, days=10)
    frame = await read_frame(database, dataset.id, "periods")
    assert frame.select(pl.exclude(PERSON)).unique().to_dicts() == [
        {
            "period": 1,
            "days_observable": NOT_APPLICABLE,
            "posts": NOT_APPLICABLE,
            "phq9_total_0": 2,
            "phq9_total_1": NOT_APPLICABLE,
        }
    ]
    assert frame.height == dataset.participant_count == 6


@pytest.mark.parametrize("name", ["gad7_total", "services_cost", "nothing"])
async def test_a_score_that_the_study_cannot_tell_is_refused(database: Database, name: str) -> None:
    study = await asking(database)
    await joined(database, study, 5)
    with pytest.raises(InvalidError, match="phq9_total"):
        await frozen_after(database, study, days=10, options=Options(scores=(name,)))


async def test_a_file_can_tell_fewer_periods_and_the_exact_tables_keep_all(
    database: Database,
) -> None:
    study = await asking(database)
    members = await joined(database, study, 6)
    for wave in (1, 2, 3):
        await answer_all(database, study, members, 1, wave=wave)
    chosen = Options(measures=("posts",), scores=("phq9_total",), periods=1)
    dataset = await frozen_after(database, study, days=220, options=chosen)
    found = [
        await read_frame(database, dataset.id, name) for name in ("periods", "doses", "scores")
    ]
    assert [frame["period"].unique().sort().to_list() for frame in found[:2]] == [[1], [1, 2]]
    assert found[2][WAVE].unique().sort().to_list() == [1, 2, 3]
    assert found[0].select("phq9_total_0", "phq9_total_1").unique().rows() == [(2, 2)]
    kept = datasets.options_of(dataset)
    assert kept.periods == 1
    (spoken,) = (one for one in codebook.columns("periods", kept) if one.name == "period")
    assert list(spoken.values or {}) == [1]


async def test_more_periods_than_there_are_is_refused(database: Database) -> None:
    study = await asking(database)
    await joined(database, study, 5)
    with pytest.raises(InvalidError, match="has 2 periods"):
        await frozen_after(database, study, days=10, options=Options(periods=3))


SCORES = st.lists(
    st.tuples(*[st.one_of(st.none(), st.integers(1, 5)) for _ in WEEKS]), min_size=5, max_size=40
)


@given(SCORES, st.lists(st.integers(0, 40), min_size=5, max_size=40))
def test_bands_of_scores_and_acts_together_are_shared_by_five(
    scores: list[tuple[int | None, ...]], posts: list[int]
) -> None:
    people = [f"P-{number:05d}-00" for number in range(max(len(scores), len(posts)))]
    counts = pl.DataFrame(
        [
            (who, period, 91, one)
            for who, one in zip(people, posts, strict=False)
            for period in (1, 2)
        ],
        schema={PERSON: pl.String, "period": pl.Int32, "days_observable": pl.Int32,
                "posts": pl.Int32}, orient="row",
    )  # fmt: skip
    told = pl.DataFrame(
        [(who, wave, score)
         for who, row in zip(people, scores, strict=False)
         for wave, score in enumerate(row, start=1) if score is not None],
        schema={PERSON: pl.String, WAVE: pl.Int32, "phq9_total": pl.Int16}, orient="row",
    )  # fmt: skip
    options = Options(
        measures=("posts",),
        scores=("phq9_total",),
        schedule=Schedule.of_weeks(WEEKS),
        asked=(AskedInstrument("phq9", 1, (1, 2, 3)),),
    )
    made = period_file.protect(counts, pl.DataFrame({PERSON: people}), options, told)
    assert made.smallest_class >= 5
    rows = made.rows
    for person in rows.partition_by(PERSON):
        by_period = {row["period"]: row for row in person.to_dicts()}
        if {1, 2} <= by_period.keys():
            assert by_period[1]["phq9_total_1"] == by_period[2]["phq9_total_0"]
    assert _smallest_class(rows) >= 5 or made.left_out == made.people
    exact = {(who, wave): score for who, wave, score in told.iter_rows()}
    levels = choosable(options.asked)["phq9_total"].levels
    for row in rows.to_dicts():
        for later_, ending in enumerate(("_0", "_1")):
            code = row["phq9_total" + ending]
            if code == NOT_APPLICABLE:
                continue
            low, high = levels[code]
            assert low <= exact[row[PERSON], row["period"] + later_] <= high
    if rows.is_empty():
        return
    again = period_file.protect_again(rows, options)
    assert again.smallest_class >= 5
