"""The Gini coefficient, beside a published one and its own rules."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.measures.participation_classes import gini

amounts = st.lists(st.integers(0, 1000), min_size=1, max_size=60).filter(any)


def test_a_published_coefficient_is_found() -> None:
    """The example of the R package ineq, which gives 0.4620911."""
    incomes = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
    assert gini(pl.Series(incomes)) == pytest.approx(0.4620911, abs=1e-7)


def test_one_has_all_or_all_have_the_same() -> None:
    assert gini(pl.Series([0, 0, 0, 7])) == 0.75
    assert gini(pl.Series([3, 3, 3])) == 0
    assert gini(pl.Series([0, 0])) is None
    assert gini(pl.Series([], dtype=pl.Int64)) is None


@given(amounts, st.integers(2, 9))
def test_neither_scale_nor_order_matters(of: list[int], times: int) -> None:
    found = gini(pl.Series(of))
    assert found is not None
    assert 0 <= found < 1
    assert gini(pl.Series([times * one for one in of])) == pytest.approx(found, abs=1e-12)
    assert gini(pl.Series(sorted(of, reverse=True))) == found


@given(amounts)
def test_it_is_half_the_mean_difference_by_the_mean(of: list[int]) -> None:
    differences = sum(abs(one - other) for one in of for other in of)
    assert gini(pl.Series(of)) == pytest.approx(differences / (2 * len(of) * sum(of)), abs=1e-12)
