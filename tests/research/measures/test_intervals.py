"""Intervals over people, and how much of a sum is due to a few."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from app.research.measures import dominance, intervals


@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=30).filter(lambda one: len(set(one)) > 1)
)
def test_the_interval_of_a_mean_is_what_statsmodels_finds(of: list[int]) -> None:
    found = intervals.of_mean(pl.Series(of), least=-1e9, greatest=1e9)
    assert found == pytest.approx(DescrStatsW(of).tconfint_mean(), rel=1e-9, abs=1e-9)


def test_the_interval_of_a_ratio() -> None:
    """Worked out by hand: 6 of 12, residuals 1, −1, 0, 0."""
    found = intervals.of_ratio(pl.Series([3, 1, 2, 0]), pl.Series([4, 4, 4, 0]))
    half = 3.182446 * (4 / 3 * 2) ** 0.5 / 12  # t of 3 degrees of freedom
    assert found == pytest.approx((0.5 - half, 0.5 + half))


def test_of_one_or_of_equals_there_is_none() -> None:
    one, same = pl.Series([3]), pl.Series([3, 3, 3])
    assert intervals.of_ratio(one, pl.Series([4])) == intervals.NONE
    assert intervals.of_ratio(same, pl.Series([4, 4, 4])) == intervals.NONE
    assert intervals.of_ratio(pl.Series([0, 0]), pl.Series([0, 0])) == intervals.NONE
    assert intervals.jackknife(0.5, np.array([0.5])) == intervals.NONE
    assert intervals.jackknife(0.5, np.array([0.5, 0.5, 0.5])) == intervals.NONE


@given(
    st.lists(st.integers(0, 1), min_size=3, max_size=30).filter(lambda one: 0 < sum(one) < len(one))
)
def test_of_a_mean_the_jackknife_is_the_usual_interval(of: list[int]) -> None:
    values = np.array(of, float)
    without = (values.sum() - values) / (len(of) - 1)
    usual = intervals.of_mean(pl.Series(of), least=0, greatest=1)
    assert intervals.jackknife(values.mean(), without) == pytest.approx(usual, abs=1e-9)


def test_how_much_one_and_two_people_did() -> None:
    assert dominance.most(pl.Series([1, 6, 3])) == {"most": 0.6, "two_most": 0.9}
    assert dominance.most(pl.Series([5])) == {"most": 1, "two_most": 1}
    assert dominance.most(pl.Series([0, 0])) == {"most": 0, "two_most": 0}
    assert dominance.most(pl.Series([], dtype=pl.Int64)) == {"most": 0, "two_most": 0}
    # Of a ratio the side counts on which a few did more.
    assert dominance.most(pl.Series([1, 1, 1]), pl.Series([3, 1, 0])) == {
        "most": 0.75,
        "two_most": 1,
    }
