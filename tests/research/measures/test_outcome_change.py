"""Outcome change: the same people at two waves, its size, and whose change is reliable."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from app.research.measures.outcome_change import compute
from app.research.measures.results import PeopleTable
from tests.research.measures.outcome_frames import (
    Told,
    by_name,
    cells,
    estimate,
    frames,
    of_score,
    options,
    share,
)

#: Four told both; of the others one skipped, one declined, one's wave is open, one began late.
_BEFORE: list[Told] = [10.0, 12.0, 14.0, 20.0, 9.0, 9.0, 9.0, "silent"]
_AFTER: list[Told] = [4.0, 12.0, 13.0, 26.0, None, "declined", "open", 3.0]
_PHQ9 = frames(options("phq9"), **of_score("phq9_total", {1: _BEFORE, 2: _AFTER}))


def test_the_change_is_of_those_who_told_the_score_at_both_waves() -> None:
    parts = compute(_PHQ9)
    assert parts[0].name == "phq9_total_2_both"
    assert share(parts, "phq9_total_2_both") == (4, 6)
    assert estimate(parts, "phq9_total_2_first").value == 14
    assert estimate(parts, "phq9_total_2_then").value == 13.75
    change = estimate(parts, "phq9_total_2_change")
    interval = stats.ttest_rel([4, 12, 13, 26], [10, 12, 14, 20]).confidence_interval()
    assert change.value == -0.25
    assert (change.low, change.high) == pytest.approx((interval.low, interval.high))
    assert change.persons == 4


def test_its_size_is_told_in_standard_deviations() -> None:
    told = estimate(compute(_PHQ9), "phq9_total_2_effect")
    pooled = (np.var([10, 12, 14, 20], ddof=1) + np.var([4, 12, 13, 26], ddof=1)) / 2
    assert told.value == pytest.approx(-0.25 / pooled**0.5)
    assert told.low is not None
    assert told.high is not None
    assert told.low < -0.25 / pooled**0.5 < told.high
    assert (told.low + told.high) / 2 == pytest.approx(told.value)


def test_everybody_whose_wave_is_over_has_one_place() -> None:
    """A change of 6 is reliable, and a higher score is worse."""
    parts = compute(_PHQ9)
    assert estimate(parts, "phq9_total_2_least").value == 6
    assert cells(parts, "phq9_total_2_reliable") == {
        ("2", "improved"): 1,
        ("2", "unchanged"): 2,
        ("2", "worsened"): 1,
        ("2", "not_answered"): 2,
    }


def test_reliable_change_is_computed_where_only_reliability_is_published() -> None:
    """By hand: the deviation of 10, 20, 30 is 10; 1.96 × 10 × √0.2 = 8.77."""
    told = of_score("core10_total", {1: [10.0, 20.0, 30.0], 2: [1.0, 12.0, 39.0]})
    parts = compute(frames(options("core10"), **told))
    assert estimate(parts, "core10_total_2_least").value == pytest.approx(8.7654, abs=1e-4)
    assert cells(parts, "core10_total_2_reliable") == {
        ("2", "improved"): 1,
        ("2", "unchanged"): 1,
        ("2", "worsened"): 1,
    }


def test_no_reliable_change_is_told_where_nothing_is_published() -> None:
    told = of_score("ons4_happy_score", {1: [3.0, 5.0], 2: [4.0, 9.0]})
    for other in ("satisfied", "worthwhile", "anxious"):
        told["scores"] = told["scores"].with_columns(
            told["scores"]["ons4_happy_score"].alias(f"ons4_{other}_score")
        )
    parts = compute(frames(options("ons4"), **told))
    assert not any(isinstance(part, PeopleTable) for part in parts)
    assert len(parts) == 4 * 6
    least = estimate(parts, "ons4_happy_score_2_least")
    assert (least.value, least.low) == (None, None)
    assert least.why == "no reliability of this score is published that we have read"
    assert estimate(parts, "ons4_happy_score_2_change").value == 2.5


@pytest.mark.parametrize("people", [2, 5])
def test_people_who_all_tell_the_same_have_no_size_of_change(people: int) -> None:
    same: list[Told] = [7.0] * people
    told = of_score("core10_total", {1: same, 2: same})
    parts = compute(frames(options("core10"), **told))
    effect = estimate(parts, "core10_total_2_effect")
    assert (effect.value, effect.persons, effect.why) == (None, people, "everybody told the same")
    assert estimate(parts, "core10_total_2_change").value == 0
    assert "core10_total_2_reliable" not in by_name(parts)
    least = estimate(parts, "core10_total_2_least")
    assert (least.value, least.why) == (
        None,
        "fewer than two people told it, or all of them the same",
    )


def test_of_loneliness_no_reliable_change_is_told_and_the_result_says_why() -> None:
    """The paper of UCLA-3 was not to be had: a figure from memory is none."""
    told = of_score("ucla3_total", {1: [3.0, 9.0, 6.0], 2: [4.0, 3.0, 6.0]})
    told["scores"] = told["scores"].with_columns(pl.col("ucla3_total").alias("ucla3_direct"))
    parts = compute(frames(options("ucla3"), **told))
    assert "ucla3_total_2_reliable" not in by_name(parts)
    assert estimate(parts, "ucla3_total_2_least").why.startswith("no reliability of this score")
    assert estimate(parts, "ucla3_total_2_change").value == pytest.approx(-5 / 3)


@pytest.mark.parametrize("people", [0, 1])
def test_too_few_people_have_no_size_of_change(people: int) -> None:
    one: list[Told] = [7.0] * people
    parts = compute(frames(options("phq9"), **of_score("phq9_total", {1: one, 2: one})))
    effect = estimate(parts, "phq9_total_2_effect")
    assert (effect.value, effect.persons) == (None, people)
    assert effect.why == "fewer than two people told it twice"


def test_a_wave_that_nobody_answered_is_told_as_such() -> None:
    told = of_score("phq9_total", {1: [7.0, 9.0], 2: ["silent", "begun"]})
    parts = compute(frames(options("phq9"), **told))
    assert share(parts, "phq9_total_2_both") == (0, 2)
    assert estimate(parts, "phq9_total_2_change").why == "nobody answered"
    assert cells(parts, "phq9_total_2_reliable") == {("2", "not_answered"): 2}


def test_what_was_answered_and_never_handed_in_is_no_answer() -> None:
    told = of_score("phq9_total", {1: [7.0, 9.0], 2: [5.0, 3.0]})
    begun = pl.when((pl.col("participant") == "p1") & (pl.col("wave") == 2)).then(3)
    changed = {
        name: file.with_columns(begun.otherwise(pl.col("state")).alias("state"))
        for name, file in told.items()
    }
    parts = compute(frames(options("phq9"), **changed))
    assert share(parts, "phq9_total_2_both") == (1, 2)


def test_what_has_a_measure_of_its_own_and_a_study_without_waves_have_none() -> None:
    told = of_score("services_cost", {1: [5.0], 2: [5.0]})
    assert compute(frames(options("services"), **told)) == ()
    assert compute(frames(options(waves=()))) == ()
