"""Survival curves, beside published ones and those of statsmodels."""

from math import exp, log

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from app.research.measures import kaplan_meier
from app.research.measures.results import CurveStep

#: Weeks in remission on 6-MP (Freireich and others 1963, Blood 21:699–716), and whether it ended.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
#: As `sts list` of Stata prints it: the share, and the ends of its 95 % interval.
PUBLISHED = {
    6: (0.8571, 0.6197, 0.9516),
    7: (0.8067, 0.5631, 0.9228),
    10: (0.7529, 0.5032, 0.8894),
    13: (0.6902, 0.4316, 0.8491),
    16: (0.6275, 0.3675, 0.8049),
    22: (0.5378, 0.2678, 0.7468),
    23: (0.4482, 0.1881, 0.6801),
}


def steps_of(days: list[int], happened: list[int]) -> list[CurveStep]:
    return kaplan_meier.steps(
        pl.Series(days, dtype=pl.Int32), pl.Series(happened, dtype=pl.Int32).cast(pl.Boolean)
    )


def test_a_published_curve_is_found() -> None:
    curve = kaplan_meier.surviving(steps_of(WEEKS, ENDED))
    for week, (share, low, high) in PUBLISHED.items():
        found = kaplan_meier.on(curve, week)
        assert (found.share, found.low, found.high) == pytest.approx((share, low, high), abs=6e-5)
    assert kaplan_meier.on(curve, 12) == kaplan_meier.on(curve, 11)
    assert kaplan_meier.on(curve, 5).share == 1
    assert kaplan_meier.on(curve, 5).low is None


def test_a_published_median_is_found() -> None:
    curve = kaplan_meier.surviving(steps_of(WEEKS, ENDED))
    assert kaplan_meier.median(curve) == (23, 13, None)


def test_steps_tell_who_could_be_counted_and_who_left() -> None:
    assert steps_of([6, 6, 6, 9], [1, 1, 0, 0]) == [
        CurveStep(0, 4, 0, 0),
        CurveStep(6, 4, 2, 1),
        CurveStep(9, 1, 0, 1),
    ]
    assert steps_of([0, 3], [0, 1]) == [CurveStep(0, 2, 0, 1), CurveStep(3, 1, 1, 0)]
    assert steps_of([], []) == []


def test_how_many_are_still_observed() -> None:
    steps = steps_of([6, 6, 6, 9], [1, 1, 0, 0])
    assert [kaplan_meier.still_observed(steps, day) for day in (0, 6, 7, 9, 10)] == [4, 4, 1, 1, 0]


def test_half_have_left_when_all_have_at_once() -> None:
    curve = kaplan_meier.surviving(steps_of([28, 28], [1, 1]))
    assert (curve[-1].share, curve[-1].low, curve[-1].high) == (0, None, None)
    assert kaplan_meier.median(curve) == (28, 28, 28)
    assert kaplan_meier.median(kaplan_meier.surviving(steps_of([5, 9], [0, 0]))) == (None,) * 3


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1)), min_size=1, max_size=40))
def test_it_is_what_statsmodels_finds(people: list[tuple[int, int]]) -> None:
    days, happened = [day + 1 for day, _ in people], [one for _, one in people]
    curve = kaplan_meier.surviving(steps_of(days, happened))
    shares = [one.share for one in curve]
    assert shares == sorted(shares, reverse=True)
    theirs = SurvfuncRight(days, happened)
    for day, share, error in zip(
        theirs.surv_times, theirs.surv_prob, theirs.surv_prob_se, strict=True
    ):
        found = kaplan_meier.on(curve, int(day))
        assert found.share == pytest.approx(share, abs=1e-12)
        if 1e-9 < share < 1:
            assert found.low is not None
            wide = 1.959963984540054 * error / (share * -log(share))
            assert found.low == pytest.approx(share ** exp(wide))
