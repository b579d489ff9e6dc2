"""The mixed model: what lme4 and statsmodels find, and what it refuses to tell."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from statsmodels.regression.mixed_linear_model import MixedLM

from app.research.measures.mixed_model import fit
from app.research.measures.nested_sums import NoModelError, NotConvergedError
from tests.research.measures.published_models import PASTES, SLEEPSTUDY

Floats = NDArray[np.float64]


def _ones(count: int, *columns: Sequence[float] | Floats) -> Floats:
    return np.column_stack([np.ones(count), *columns])


def _drawn(seed: int) -> tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64]]:
    """People of unequal numbers of answers in groups of unequal size."""
    draw = np.random.default_rng(seed)
    groups = draw.integers(0, 8, 60)
    people = np.repeat(np.arange(60), draw.integers(1, 5, 60))
    columns = _ones(len(people), draw.normal(size=len(people)), draw.normal(size=60)[people])
    outcome = (
        columns @ [10.0, 2.0, -1.0]
        + draw.normal(size=8)[groups][people]
        + 1.5 * draw.normal(size=60)[people]
        + draw.normal(size=len(people))
    )
    return outcome, columns, people, groups[people]


def _errors(
    model: Any, columns: Floats, people: NDArray[np.int64], groups: NDArray[np.int64]
) -> Floats:
    """Generalised least squares with the variances that a model found, all rows in one matrix;
    its own errors take more from the curve of the likelihood."""
    covariance = float(model.scale) * np.eye(len(people))
    covariance += float(model.vcomp[0]) * (people[:, None] == people)
    covariance += float(np.asarray(model.cov_re)[0, 0]) * (groups[:, None] == groups)
    squared = np.linalg.inv(columns.T @ np.linalg.solve(covariance, columns))
    return np.asarray(np.sqrt(np.diag(squared)), np.float64)


def test_it_finds_of_the_sleep_study_what_lme4_prints() -> None:
    """lme4, `summary(lmer(Reaction ~ Days + (1 | Subject), sleepstudy))`."""
    people = np.repeat(np.arange(18), 10)
    days = np.tile(np.arange(10.0), 18)
    found = fit(SLEEPSTUDY.ravel(), _ones(180, days), people, people)
    assert found.effects == pytest.approx([251.4051, 10.4673], abs=5e-5)
    assert found.errors == pytest.approx([9.7467, 0.8042], abs=5e-5)
    assert (found.of_people, found.residual) == pytest.approx((37.12, 30.99), abs=5e-3)
    assert (found.of_groups, found.people) == (0, 18)


def test_it_finds_of_casks_within_batches_what_lme4_prints() -> None:
    """lme4, `summary(lmer(strength ~ 1 + (1 | batch / cask), Pastes))`."""
    casks, batches = np.repeat(np.arange(30), 2), np.repeat(np.arange(10), 6)
    found = fit(PASTES.ravel(), _ones(60), casks, batches)
    assert (found.effects[0], found.errors[0]) == pytest.approx((60.0533, 0.6769), abs=5e-5)
    assert (found.of_people, found.of_groups, found.residual) == pytest.approx(
        (2.9041, 1.2874, 0.8234), abs=1e-4
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_finds_of_unequal_groups_what_statsmodels_finds(seed: int) -> None:
    outcome, columns, people, groups = _drawn(seed)
    found = fit(outcome, columns, people, groups)
    frame = pd.DataFrame(columns[:, 1:], columns=["a", "b"])
    frame = frame.assign(y=outcome, person=people, place=groups)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = MixedLM.from_formula(
            "y ~ a + b", frame, groups="place", re_formula="1", vc_formula={"p": "0 + C(person)"}
        ).fit(reml=True)
    assert found.effects == pytest.approx(np.asarray(other.fe_params), rel=1e-3)
    assert found.errors == pytest.approx(_errors(other, columns, people, groups), rel=1e-2)
    assert found.residual == pytest.approx(float(other.scale) ** 0.5, rel=1e-3)
    assert found.of_people == pytest.approx(float(other.vcomp[0]) ** 0.5, rel=1e-2)


def test_the_order_of_rows_and_the_names_of_people_change_nothing() -> None:
    outcome, columns, people, groups = _drawn(4)
    order = np.random.default_rng(5).permutation(len(outcome))
    named = np.array([f"person {one}" for one in people])
    first = fit(outcome, columns, people, groups)
    second = fit(outcome[order], columns[order], named[order], groups[order])
    assert second.effects == pytest.approx(first.effects, rel=1e-6)
    assert second.errors == pytest.approx(first.errors, rel=1e-5)


@settings(deadline=None, max_examples=15)
@given(
    times=st.floats(0.01, 100),
    shift=st.lists(st.floats(-50, 50), min_size=3, max_size=3),
    seed=st.integers(0, 20),
)
def test_another_unit_gives_the_same_effects_in_that_unit(
    times: float, shift: list[float], seed: int
) -> None:
    outcome, columns, people, groups = _drawn(seed)
    before = fit(outcome, columns, people, groups)
    after = fit(times * outcome + columns @ shift, columns, people, groups)
    assert after.effects == pytest.approx(times * before.effects + shift, rel=1e-3, abs=1e-3)
    assert after.errors == pytest.approx(times * before.errors, rel=1e-3)


def test_people_with_one_row_each_have_no_intercept_of_their_own() -> None:
    """By hand: 1, 3, 5, 5 on 0, 1, 2, 3; slope 1.4, squares 1.2 on 2 degrees of freedom."""
    people = np.arange(4)
    found = fit(np.array([1.0, 3, 5, 5]), _ones(4, [0, 1, 2, 3]), people, people)
    assert found.effects == pytest.approx([1.4, 1.4])
    assert found.errors[1] == pytest.approx((0.6 / 5) ** 0.5)
    assert (found.of_people, found.of_groups) == (0, 0)
    assert found.residual == pytest.approx(0.6**0.5)


def test_groups_alone_are_told_where_people_have_one_row_each() -> None:
    """The same as people in groups: casks, with each sample a person of its own."""
    within = fit(PASTES.ravel(), _ones(60), np.arange(60), np.repeat(np.arange(10), 6))
    alone = fit(PASTES.ravel(), _ones(60), np.repeat(np.arange(10), 6), np.repeat(np.arange(10), 6))
    assert within.errors == pytest.approx(alone.errors, rel=1e-5)
    assert within.of_groups == pytest.approx(alone.of_people, rel=1e-4)


def test_an_intercept_that_columns_already_tell_is_not_found() -> None:
    outcome, _, people, groups = _drawn(6)
    each = (people[:, None] == np.arange(60)).astype(np.float64)
    with pytest.raises(NotConvergedError, match="the model did not converge"):
        fit(outcome, each, people, groups)


@pytest.mark.parametrize("chance", [0.0, 1e-4])
def test_people_who_never_change_leave_nothing_for_chance(chance: float) -> None:
    people = np.repeat(np.arange(20), 3)
    draw = np.random.default_rng(7)
    outcome = draw.normal(size=20)[people] + chance * draw.normal(size=60)
    with pytest.raises(NotConvergedError):
        fit(outcome, _ones(60), people, people)


@pytest.mark.parametrize(
    ("outcome", "columns", "why"),
    [
        ([1.0, 2], [[1.0, 0], [1, 1]], "too few answers"),
        ([1.0, 2, 4], [[1.0, 2], [1, 2], [1, 2]], "told apart"),
        ([3.0, 3, 3], [[1.0, 0], [1, 1], [1, 5]], "no difference that chance"),
    ],
)
def test_it_says_why_there_is_no_model(
    outcome: list[float], columns: list[list[float]], why: str
) -> None:
    people = np.arange(len(outcome))
    with pytest.raises(NoModelError, match=why):
        fit(np.array(outcome), np.array(columns), people, people)
