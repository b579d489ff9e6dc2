"""Rounding, against the published rules and the counts that they leave open."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.protection.rounding import MIDPOINT_6, TO_FIVE, Rounding
from app.research.protection.rules import INSIDE, OUTSIDE, OUTSIDE_SURVIVAL, Rule

SOURCE = Path(__file__).parents[2] / "data" / "disclosure" / "opensafely.json"


def test_the_middle_of_six_is_as_opensafely_publishes_it() -> None:
    known = json.loads(SOURCE.read_text())["midpoint6"]["examples"]
    assert {n: MIDPOINT_6.shown(int(n)) for n in known} == known


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10)])
def test_the_nearest_five(count: int, shown: int) -> None:
    assert TO_FIVE.shown(count) == shown


@pytest.mark.parametrize("rounding", [TO_FIVE, MIDPOINT_6, Rounding(1)])
def test_what_a_figure_leaves_open_is_every_count_that_is_shown_so(rounding: Rounding) -> None:
    for figure in {rounding.shown(count) for count in range(60)}:
        counts = [count for count in range(80) if rounding.shown(count) == figure]
        assert rounding.possible(figure) == (counts[0], counts[-1])


@given(st.sampled_from([INSIDE, OUTSIDE, OUTSIDE_SURVIVAL]), st.integers(0, 500))
def test_a_rule_shows_no_few_and_leaves_the_truth_open(rule: Rule, persons: int) -> None:
    figure = rule.shown(persons)
    if persons < rule.least:
        assert figure is None
    else:
        assert figure is not None
        low, high = rule.possible(figure)
        assert rule.least <= low <= persons <= high


def test_the_rule_is_told_in_a_sentence_with_its_numbers() -> None:
    assert "fewer than 8 people" in INSIDE.sentence
    assert "fewer than 10 people" in OUTSIDE.sentence
    assert "rounded to the nearest 5" in OUTSIDE.sentence
    assert "the middle of 6" in OUTSIDE_SURVIVAL.sentence
