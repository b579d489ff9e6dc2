"""Means, differences and dominance, beside what SciPy finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.research.measures import means
from app.research.measures.results import Unit

_AMOUNTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=40)


@given(_AMOUNTS.filter(lambda values: len(set(values)) > 1))
def test_a_mean_has_the_interval_of_student(values: list[int]) -> None:
    told = means.mean("a", "A", Unit.POINTS, np.array(values, dtype=np.float64))
    interval = stats.ttest_1samp(values, 0).confidence_interval()
    assert told.value == pytest.approx(sum(values) / len(values))
    assert (told.low, told.high) == pytest.approx((interval.low, interval.high))
    assert told.persons == len(values)


def test_nobody_has_no_mean_and_one_person_no_interval() -> None:
    nobody = means.mean_of_amounts("a", "A", Unit.PENCE, np.array([]))
    assert (nobody.value, nobody.persons, nobody.why) == (None, 0, "nobody answered")
    one = means.mean_of_amounts("a", "A", Unit.PENCE, np.array([3.0]))
    assert (one.value, one.low, one.high, one.persons) == (3, None, None, 1)
    assert (one.why, one.most, one.two_most) == ("one person has no interval", 1, 1)


def test_those_who_have_most_are_told_of_a_mean_of_amounts() -> None:
    told = means.mean_of_amounts("a", "A", Unit.PENCE, np.array([100.0, 0, 600, 300]))
    assert (told.value, told.most, told.two_most) == pytest.approx((250, 0.6, 0.9))
    none = means.mean_of_amounts("a", "A", Unit.PENCE, np.zeros(3))
    assert (none.value, none.low, none.most, none.two_most) == (0, 0, 0, 0)


_VARIED = _AMOUNTS.filter(lambda values: len(set(values)) > 1)


@given(_VARIED, _VARIED)
def test_a_difference_has_the_interval_of_welch(here: list[int], there: list[int]) -> None:
    told = means.difference(
        "a", "A", Unit.POINTS, np.array(here, np.float64), np.array(there, np.float64)
    )
    interval = stats.ttest_ind(here, there, equal_var=False).confidence_interval()
    assert (told.low, told.high) == pytest.approx((interval.low, interval.high), rel=1e-6)
    assert told.persons == len(here) + len(there)


def test_people_who_are_all_alike_on_both_sides_differ_by_exactly_so_much() -> None:
    told = means.difference("a", "A", Unit.POINTS, np.full(2, 5.0), np.full(3, 3.0))
    assert (told.value, told.low, told.high) == (2, 2, 2)


def test_a_difference_needs_two_people_on_each_side() -> None:
    told = means.difference("a", "A", Unit.POINTS, np.array([1.0]), np.array([2.0, 3]))
    assert (told.value, told.persons, told.why) == (None, 3, "fewer than two people on a side")
