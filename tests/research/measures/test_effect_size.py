"""Standardised mean change: what statpsych finds, and where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.measures.effect_size import of_pairs, of_summary


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        (
            (110.4 - 102.1, 15.3, 14.6, 0.75, 25),
            (0.5550319, 0.1609934, 0.2394905, 0.8705732),
        ),
        ((602.4 - 705.6, 33.17, 51.08, 0.769, 8), (-2.3963, 0.65209, -3.6744, -1.1182)),
    ],
)
def test_it_finds_what_statpsych_prints(
    summary: tuple[float, float, float, float, int], told: tuple[float, ...]
) -> None:
    """The manual of statpsych 1.7 and of 2.0, `ci.stdmean.ps`, unweighted standardiser."""
    found = of_summary(*summary)
    low, high = found.value - found.half, found.value + found.half
    assert (found.value, found.error, low, high) == pytest.approx(told, rel=5e-5)


def test_pairs_are_told_as_their_summary_is() -> None:
    """By hand: change 1 of 2 and 4 to 3 and 5, both deviations 2 ** 0.5, all alike."""
    found = of_pairs(np.array([2.0, 4]), np.array([3.0, 5]))
    assert found is not None
    assert found.value == pytest.approx(2**-0.5)
    assert found.error == pytest.approx((0.5 * 16 / 32) ** 0.5)


def test_one_wave_on_which_all_agree_still_has_an_effect() -> None:
    found = of_pairs(np.array([5.0, 5, 5]), np.array([2.0, 5, 8]))
    assert found is not None
    assert found.value == 0


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 3.0, 3.0]])
def test_nobody_one_person_and_people_who_are_all_alike_have_none(values: list[float]) -> None:
    assert of_pairs(np.array(values), np.array(values) + 1) is None


_SCORES = st.lists(
    st.tuples(st.integers(0, 27), st.integers(0, 27)), min_size=3, max_size=30
).filter(lambda pairs: len(set(pairs)) > 2 and len({one for one, _ in pairs}) > 1)


@given(_SCORES)
def test_a_score_that_is_turned_round_has_the_effect_turned_round(
    pairs: list[tuple[int, int]],
) -> None:
    before, after = np.array(pairs, dtype=np.float64).T
    found, turned = of_pairs(before, after), of_pairs(27 - before, 27 - after)
    assert found is not None
    assert turned is not None
    assert turned.value == pytest.approx(-found.value, abs=1e-9)
    assert turned.error == pytest.approx(found.error)
