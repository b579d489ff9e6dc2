"""The six values: by the kind of group of the period before the wave."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from app.research.measures.dataset_frames import Frames
from app.research.measures.six_values import compute
from tests.research.measures.outcome_frames import (
    Told,
    by_name,
    cells,
    doses,
    estimate,
    frames,
    options,
    told,
)

_NAMES = ("experience", "safety", "choice", "two_way", "connection", "oneself")
_GROUPS = pl.DataFrame(
    {
        "group_cluster": [1, 2, 3],
        "kind": ["peer_led", "facilitated", "peer_led"],
        "mode": ["room", "online", "online"],
    }
)


def _study(
    waves: Mapping[int, Sequence[Told]], did: pl.DataFrame, days: Sequence[int] = (0, 84)
) -> Frames:
    """People who put every value alike, but for safety, which all put at 4."""

    def row(value: Told) -> Mapping[str, Told] | str:
        if isinstance(value, str):
            return value
        others = {f"values_{name}_score": value for name in _NAMES}
        return {**others, "values_safety_score": 4.0}

    rows = told({wave: [row(value) for value in values] for wave, values in waves.items()})
    chosen = options("values", waves=days)
    return frames(chosen, responses=rows, scores=rows, doses=did, groups=_GROUPS)


_SEVEN: list[Told] = [4.0, 2.0, 3.0, None, 1.0, "silent", "open"]
_DID = doses(
    {
        1: [
            {"group_cluster": 1},
            {"group_cluster": 3},
            {"group_cluster": 2},
            {"group_cluster": 2},
            {},
            None,
            {"group_cluster": 1},
        ]
    }
)


def test_means_are_told_by_the_kind_of_group_they_came_to() -> None:
    parts = compute(_study({1: [0.0] * 7, 2: _SEVEN}, _DID))
    led = estimate(parts, "values_choice_score_2_peer_led")
    assert (led.value, led.persons) == (3, 2)
    assert (led.low, led.high) == pytest.approx((3 - 12.7062, 3 + 12.7062), abs=1e-3)
    assert estimate(parts, "values_choice_score_2_facilitated").value == 3
    assert estimate(parts, "values_choice_score_2_online").value == 1
    assert estimate(parts, "values_choice_score_2_unknown").why == "nobody answered"
    assert estimate(parts, "values_safety_score_2_peer_led").value == 4


def test_everybody_for_whom_the_wave_is_over_has_one_place() -> None:
    parts = compute(_study({1: [0.0] * 7, 2: _SEVEN}, _DID))
    assert cells(parts, "values_choice_score_2") == {
        ("peer_led", "high"): 1,
        ("peer_led", "lower"): 1,
        ("facilitated", "high"): 1,
        ("facilitated", "not_answered"): 1,
        ("online", "lower"): 1,
        ("unknown", "not_answered"): 1,
    }
    assert sum(name.endswith("_score_2") for name in by_name(parts)) == 6


def test_groups_are_those_of_the_period_that_the_wave_ends() -> None:
    did = doses({1: [{"group_cluster": 1}], 2: [{"group_cluster": 2}]})
    parts = compute(_study({1: [0.0], 2: [4.0], 3: [2.0]}, did, days=(0, 84, 168)))
    assert cells(parts, "values_choice_score_2") == {("peer_led", "high"): 1}
    assert cells(parts, "values_choice_score_3") == {("facilitated", "lower"): 1}


@pytest.mark.parametrize("people", [1, 4, 5])
def test_people_who_all_tell_the_same_and_came_to_no_group_are_told(people: int) -> None:
    did = doses({1: [{}] * people})
    parts = compute(_study({1: [3.0] * people, 2: [3.0] * people}, did))
    told_ = estimate(parts, "values_choice_score_2_online")
    assert (told_.value, told_.persons) == (3, people)
    assert cells(parts, "values_choice_score_2") == {("online", "high"): people}


def test_a_wave_that_nobody_answered_is_told_as_such() -> None:
    parts = compute(_study({1: [3.0], 2: ["silent"]}, doses({1: [{}]})))
    assert estimate(parts, "values_choice_score_2_online").value is None
    assert cells(parts, "values_choice_score_2") == {("online", "not_answered"): 1}


def test_nobody_is_told_as_nobody() -> None:
    one = _study({1: [3.0], 2: [3.0]}, doses({1: [{}]}))
    rows = one["responses"].clear()
    files = {"responses": rows, "scores": rows, "doses": one["doses"].clear()}
    parts = compute(frames(options("values"), groups=_GROUPS.clear(), **files))
    assert estimate(parts, "values_choice_score_2_online").persons == 0
    assert cells(parts, "values_choice_score_2") == {}


def test_a_study_that_does_not_ask_them_or_has_no_periods_between_waves_has_none() -> None:
    assert compute(frames(options("phq9"))) == ()
    assert compute(frames(options(waves=()))) == ()
