"""Disclosure control against published tables, and as properties."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research import disclosure
from app.research.disclosure import WITHHELD, TooFewPeopleError, recode

DATA = Path(__file__).parents[1] / "data" / "disclosure"
COLUMNS = ("tenure", "age", "area")
ORDER = ("area", "age", "tenure")


def _json(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / name).read_text())
    return found


def _records(name: str, columns: list[str]) -> list[tuple[str, ...]]:
    with (DATA / name).open(newline="") as opened:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(opened)]


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
    records = _records(name, known["qi"])
    assert len(records) == known["n"]
    assert disclosure.smallest_class(records) == known["k"]


def test_class_sizes_are_the_frequencies_that_sdcmicro_computed() -> None:
    known = _json("sdcmicro.json")
    case = known["case1"]
    records = [tuple(map(str, record)) for record in zip(*case["keys"].values(), strict=True)]
    sizes = disclosure.class_sizes(records)
    assert [sizes[record] for record in records] == case["fk"]
    for k in (2, 3):
        assert sum(sizes[record] < k for record in records) == case[f"n_violating_k{k}"]
    records = _records("francdat.csv", known["francdat"]["keys"])
    sizes = disclosure.class_sizes(records)
    assert [sizes[record] for record in records] == known["francdat"]["fk"]


def test_a_real_table_is_made_five_anonymous() -> None:
    columns = _json("pycanon.json")["StudentsMath_Score.csv"]["qi"]
    records = dict(
        zip(map(str, range(300)), _records("StudentsMath_Score.csv", columns), strict=False)
    )
    found = recode(records, columns, order=columns[::-1])
    assert found.smallest_class >= 5
    assert found.smallest_class == disclosure.smallest_class(list(found.records.values()))


def test_only_the_rare_answer_is_withheld_and_only_where_it_is_rare() -> None:
    many = {f"m{i}": ("long", "30s", "wales") for i in range(5)}
    few = {f"f{i}": ("long", "30s", f"place {i}") for i in range(5)}
    found = recode({**many, **few}, COLUMNS, order=ORDER)
    assert {found.records[key] for key in many} == {("long", "30s", "wales")}
    assert {found.records[key] for key in few} == {("long", "30s", WITHHELD)}
    assert found.withheld == {"area": 5}
    assert found.smallest_class == 5


def test_the_last_few_are_joined_by_the_smallest_other_class() -> None:
    small = {f"s{i}": ("short", "20s", "wales") for i in range(5)}
    large = {f"l{i}": ("long", "30s", "wales") for i in range(6)}
    odd = {"odd": ("new", "60s", "london")}
    found = recode({**small, **large, **odd}, COLUMNS, order=ORDER)
    assert {found.records[key] for key in (*small, *odd)} == {(WITHHELD,) * 3}
    assert {found.records[key] for key in large} == {("long", "30s", "wales")}
    assert found.withheld == {"tenure": 6, "age": 6, "area": 6}


def test_fewer_than_k_people_cannot_be_hidden() -> None:
    with pytest.raises(TooFewPeopleError):
        recode({"a": ("x", "y", "z")}, COLUMNS, order=ORDER)
    assert disclosure.smallest_class([]) == 0


answers = st.tuples(*(st.sampled_from("abcd") for _ in COLUMNS))


@settings(max_examples=200)
@given(st.lists(answers, min_size=5, max_size=60), st.randoms(use_true_random=False))
def test_whatever_people_answered_nobody_stands_in_a_class_below_k(
    people: list[tuple[str, ...]], random: Any
) -> None:
    records = {str(number): record for number, record in enumerate(people)}
    found = recode(records, COLUMNS, order=ORDER)
    assert found.smallest_class >= disclosure.K
    assert min(Counter(found.records.values()).values()) == found.smallest_class
    assert found.records.keys() == records.keys()
    for key, record in found.records.items():
        assert all(new in (old, WITHHELD) for new, old in zip(record, records[key], strict=True))
    shuffled = list(records)
    random.shuffle(shuffled)
    again = recode({key: records[key] for key in shuffled}, COLUMNS, order=ORDER)
    assert again.records == found.records
