"""Disclosure control against published tables, and as properties."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research import disclosure
from app.research.bands import MEASURES
from app.research.disclosure import BadRecordsError, Quasi, TooFewPeopleError, recode
from app.research.people_thresholds import K, rounded
from app.research.special_codes import NOT_APPLICABLE, WITHHELD

DATA = Path(__file__).parents[1] / "data" / "disclosure"
LEVELS = MEASURES["giving"].levels
QUASIS = (Quasi("giving", 2, LEVELS), Quasi("days", 2, LEVELS), Quasi("area", 1))
NAMES = [quasi.name for quasi in QUASIS]

rows = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from((0, 1, 2, 3, NOT_APPLICABLE)), st.integers(1, 4)),
    min_size=K,
    max_size=60,
)


def _json(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / name).read_text())
    return found


def _coded(records: list[dict[str, str]], columns: list[str]) -> pl.DataFrame:
    """Words as whole numbers: what is equal stays equal."""
    words = pl.DataFrame([{column: row[column] for column in columns} for row in records])
    return words.select(
        pl.col(column).rank("dense").cast(pl.Int16).alias(column) for column in columns
    )


def _table(name: str, columns: list[str]) -> pl.DataFrame:
    with (DATA / name).open(newline="") as opened:
        return _coded(list(csv.DictReader(opened)), columns)


def _frame(records: Sequence[tuple[int, ...]]) -> pl.DataFrame:
    return pl.DataFrame(records, schema=dict.fromkeys(NAMES, pl.Int16), orient="row")


@pytest.mark.parametrize(
    "name",
    [
        "StudentsMath_Score.csv",
        "StudentsMath_Score_k2.csv",
        "StudentsMath_Score_k5.csv",
        "hospital_anonymized.csv",
    ],
)
def test_the_smallest_class_is_the_k_that_pycanon_computed(name: str) -> None:
    known = _json("pycanon.json")[name]
    frame = _table(name, known["qi"])
    assert frame.height == known["n"]
    assert disclosure.smallest_class(frame, known["qi"]) == known["k"]


def test_class_sizes_are_the_frequencies_that_sdcmicro_computed() -> None:
    known = _json("sdcmicro.json")
    case = known["case1"]
    keys = list(case["keys"])
    records = zip(*(map(str, case["keys"][key]) for key in keys), strict=True)
    frame = _coded([dict(zip(keys, record, strict=True)) for record in records], keys)
    sizes = disclosure.class_sizes(frame, keys).to_list()
    assert sizes == case["fk"]
    for k in (2, 3):
        assert sum(size < k for size in sizes) == case[f"n_violating_k{k}"]
    frame = _table("francdat.csv", known["francdat"]["keys"])
    assert disclosure.class_sizes(frame, frame.columns).to_list() == known["francdat"]["fk"]


def test_a_real_table_is_made_five_anonymous() -> None:
    known = _json("pycanon.json")["StudentsMath_Score.csv"]
    frame = _table("StudentsMath_Score.csv", known["qi"])
    recoded = recode(frame, [Quasi(column, 1) for column in known["qi"]])
    assert disclosure.smallest_class(frame, known["qi"]) < K <= recoded.smallest_class
    assert disclosure.smallest_class(recoded.frame, known["qi"]) == recoded.smallest_class


@given(rows)
@settings(max_examples=150)
def test_everyone_shares_their_record_with_k_and_nobody_is_lost(
    records: list[tuple[int, ...]],
) -> None:
    frame = _frame(records).with_row_index("person")
    recoded = recode(frame, QUASIS)
    sizes = Counter(recoded.frame.select(NAMES).iter_rows())
    assert min(sizes.values()) >= K
    assert recoded.smallest_class == min(sizes.values())
    assert recoded.frame["person"].to_list() == frame["person"].to_list()


@given(rows)
@settings(max_examples=100)
def test_what_is_told_is_true(records: list[tuple[int, ...]]) -> None:
    recoded = recode(_frame(records), QUASIS).frame
    for before, after in zip(records, recoded.iter_rows(), strict=True):
        for quasi, old, new in zip(QUASIS, before, after, strict=True):
            if new in (old, NOT_APPLICABLE):
                continue
            assert old != NOT_APPLICABLE, "nothing is made up where there was nothing"
            if quasi.ranges is None:
                assert new == WITHHELD
            else:
                low, high = quasi.ranges[new]
                assert low <= old <= high


@given(rows, st.randoms())
@settings(max_examples=50)
def test_the_order_of_people_changes_nothing(records: list[tuple[int, ...]], random: Any) -> None:
    frame = _frame(records).with_row_index("person")
    shuffled = frame.sample(fraction=1, shuffle=True, seed=random.randrange(1_000))
    again = recode(shuffled, QUASIS).frame.sort("person")
    assert again.equals(recode(frame, QUASIS).frame)


@given(rows)
@settings(max_examples=50)
def test_what_is_protected_already_stays_as_it_is(records: list[tuple[int, ...]]) -> None:
    once = recode(_frame(records), QUASIS)
    again = recode(once.frame, QUASIS)
    assert again.frame.equals(once.frame)
    assert set(again.changed.values()) == {0}


def test_whoever_shares_their_record_with_enough_others_keeps_it() -> None:
    many = [(3, 2, 1)] * 5
    recoded = recode(_frame([*many, (0, 0, 1), (0, 1, 1), (1, 0, 2), (1, 1, 2), (2, 0, 2)]), QUASIS)
    assert recoded.frame.rows()[:5] == many
    assert recoded.frame.rows()[5:] == [(102, 101, WITHHELD)] * 5
    assert recoded.changed == {"giving": 5, "days": 5, "area": 5}


def test_just_enough_who_are_alike_are_not_drawn_in_among_the_rest() -> None:
    alike = [(1, 0, 1)] * K
    recoded = recode(
        _frame([*alike, (0, 0, 1), (0, 0, 1), (2, 0, 1), (2, 0, 1), (3, 0, 1)]), QUASIS
    )
    assert recoded.frame.rows()[:K] == alike
    assert recoded.changed == {"giving": 5, "days": 0, "area": 0}


def test_bands_become_coarser_before_an_answer_is_withheld() -> None:
    people = [(band, band, area) for area in (1, 2) for band in (0, 1, 2, 3, 3)]
    recoded = recode(_frame(people), QUASIS).frame
    assert set(recoded["area"]) == {1, 2}
    assert set(recoded["giving"]) == {WITHHELD}


def test_of_two_ways_to_divide_the_one_that_keeps_more_is_taken() -> None:
    halves = [(0, 0), (0, 0), (0, 0), (0, 1), (0, 1), (1, 0), (1, 0), (1, 1), (1, 1), (1, 1)]
    by_answer = recode(_frame([(one, 0, 1 + other) for one, other in halves]), QUASIS)
    assert by_answer.changed == {"giving": 10, "days": 0, "area": 0}, "an answer before a band"
    by_range = recode(_frame([(one, 3 * other, 1) for one, other in halves]), QUASIS)
    assert by_range.changed == {"giving": 10, "days": 0, "area": 0}, "the wider of two bands"


def test_the_few_who_are_left_are_joined_by_the_smallest_other_class() -> None:
    recoded = recode(_frame([(0, 0, 1)] * 6 + [(1, 1, 1)] * 9 + [(0, 1, 1)] * 2), QUASIS)
    sizes = Counter(recoded.frame.iter_rows())
    assert sizes == {(1, 1, 1): 9, (0, 101, 1): 8}


def test_a_period_that_only_a_few_have_is_left_out_for_them() -> None:
    people = [(0, NOT_APPLICABLE, 1)] * 6 + [(0, 3, 1)] * 2
    recoded = recode(_frame(people), QUASIS)
    assert set(recoded.frame.iter_rows()) == {(0, NOT_APPLICABLE, 1)}
    assert recoded.changed["days"] == 2


@pytest.mark.parametrize("people", [0, 1, 4])
def test_too_few_people_are_refused(people: int) -> None:
    with pytest.raises(TooFewPeopleError):
        recode(_frame([(0, 0, 1)] * people), QUASIS)


@pytest.mark.parametrize("record", [(0, 0, 1), (3, NOT_APPLICABLE, 2)])
def test_five_who_are_all_alike_keep_everything(record: tuple[int, ...]) -> None:
    recoded = recode(_frame([record] * 5), QUASIS)
    assert recoded.frame.rows() == [record] * 5
    assert recoded.smallest_class == 5


def test_no_people_have_no_class() -> None:
    assert disclosure.smallest_class(_frame([]), NAMES) == 0


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ([0, 1, None, 2, 3], "not a code"),
        ([0.0, 1.0, float("nan"), 2.0, 3.0], "not a code"),
        (["a", "b", "c", "d", "e"], "not a code"),
        ([0, 1, 2, 3, 77], "stands for nothing"),
    ],
)
def test_what_is_no_code_is_refused(column: list[Any], why: str) -> None:
    frame = pl.DataFrame({"giving": column})
    with pytest.raises(BadRecordsError, match=why):
        recode(frame, [Quasi("giving", 1, LEVELS)])


def test_columns_must_be_named() -> None:
    with pytest.raises(BadRecordsError, match="No column"):
        recode(_frame([(0, 0, 1)] * 5), [])


@pytest.mark.parametrize(
    ("people", "shown"), [(0, 0), (1, WITHHELD), (7, WITHHELD), (8, 10), (12, 10), (13, 15)]
)
def test_counts_of_persons_are_redacted_or_rounded_as_opensafely_does(
    people: int, shown: int
) -> None:
    assert rounded(people) == shown
