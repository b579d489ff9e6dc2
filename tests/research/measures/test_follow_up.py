"""Follow-up: of those who began and whose wave is over; states; who was lost."""

import polars as pl
import pytest
from scipy import stats

from app.research.measures.follow_up import compute
from tests.research.measures.outcome_frames import (
    Told,
    by_name,
    cells,
    doses,
    estimate,
    frames,
    of_score,
    options,
    share,
)

_PHQ9 = options("phq9")
_SIX: dict[int, list[Told]] = {
    1: [10.0, 12.0, 4.0, 20.0, "silent", 6.0],
    2: [8.0, "silent", "open", "declined", 5.0, None],
}


def test_the_rate_is_of_those_who_began_and_for_whom_the_wave_is_over() -> None:
    """The third's wave is still open; the fifth handed in no first wave."""
    parts = compute(frames(_PHQ9, **of_score("phq9_total", _SIX)))
    assert parts[0].name == "follow_up_2"
    assert share(parts, "follow_up_2") == (2, 4)
    assert "wave 2 (week 12)" in parts[0].label  # type: ignore[union-attr]


def test_each_person_has_one_state_and_one_mode_at_a_wave_that_is_over() -> None:
    parts = compute(frames(_PHQ9, **of_score("phq9_total", _SIX)))
    assert cells(parts, "states_1") == {("done", "alone"): 5, ("silent", "none"): 1}
    assert cells(parts, "states_2") == {
        ("done", "alone"): 3,
        ("declined", "none"): 1,
        ("silent", "none"): 1,
    }


def test_those_who_were_lost_are_told_by_what_they_gave_in_the_first_period() -> None:
    given = doses({1: [{"giving": 9}, {"giving": 1}, {"giving": 3}, {"giving": -1}, None, None]})
    parts = compute(frames(_PHQ9, doses=given, **of_score("phq9_total", _SIX)))
    assert cells(parts, "followed_by_giving_2") == {
        ("most", "yes"): 1,
        ("some", "no"): 1,
        ("none", "no"): 1,
        ("not_counted", "yes"): 1,
    }
    assert "followed_by_giving_2" not in by_name(
        compute(frames(_PHQ9, **of_score("phq9_total", _SIX)))
    )


def test_the_first_score_of_those_who_stayed_is_held_against_that_of_those_lost() -> None:
    told = estimate(compute(frames(_PHQ9, **of_score("phq9_total", _SIX))), "lost_2_phq9_total")
    interval = stats.ttest_ind([10, 6], [12, 20], equal_var=False).confidence_interval()
    assert told.value == -8
    assert (told.low, told.high) == pytest.approx((interval.low, interval.high))
    assert told.persons == 4


def test_costs_are_told_elsewhere() -> None:
    parts = compute(
        frames(options("services"), **of_score("services_cost", {1: [5.0, 7.0], 2: [5.0, 7.0]}))
    )
    assert [part.name for part in parts] == ["follow_up_2", "states_1", "states_2"]


@pytest.mark.parametrize("people", [0, 1, 4])
def test_few_people_and_a_wave_that_nobody_answered_are_told_as_they_are(people: int) -> None:
    silent: dict[int, list[Told]] = {1: [5.0] * people, 2: ["silent"] * people}
    parts = compute(frames(_PHQ9, **of_score("phq9_total", silent)))
    assert share(parts, "follow_up_2") == (0, people)
    assert estimate(parts, "lost_2_phq9_total").value is None


def test_a_study_without_waves_has_none() -> None:
    assert compute(frames(options(waves=()), periods=pl.DataFrame())) == ()
