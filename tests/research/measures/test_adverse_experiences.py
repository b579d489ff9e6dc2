"""Adverse experiences: people are counted once, whatever they named."""

from collections.abc import Mapping, Sequence

import pytest

from app.research.measures.adverse_experiences import compute
from app.research.measures.dataset_frames import Frames
from app.research.special_codes import NOT_APPLICABLE
from tests.research.measures.outcome_frames import (
    NOT_ANSWERED,
    Told,
    by_name,
    cells,
    frames,
    options,
    share,
    told,
)

_KINDS = (1, 2, 3, 4, 5, 9)

#: The kinds that somebody named, none of them after a yes too; “no”; “skipped”; or a state.
Had = Sequence[int] | str


def _answers(had: Had) -> Mapping[str, Told] | str:
    if not isinstance(had, str):
        named = {f"adverse_kind_{kind}": int(kind in had) for kind in _KINDS}
        unsaid = dict.fromkeys(named, NOT_ANSWERED)
        return {"adverse_any": 1, **(named if had else unsaid)}
    if had in ("no", "skipped"):
        never = {f"adverse_kind_{kind}": float(NOT_APPLICABLE) for kind in _KINDS}
        return {"adverse_any": 0 if had == "no" else None, **never}
    return had


def _study(waves: Mapping[int, Sequence[Had]]) -> Frames:
    rows = told({wave: [_answers(one) for one in had] for wave, had in waves.items()})
    return frames(options("adverse"), responses=rows)


_EIGHT: dict[int, list[Had]] = {
    1: [[2], [1, 2], [], "no", "no", "skipped", "silent", "open"],
    2: ["no", [9], "no", [3], "no", "no", "declined", "begun"],
}


def test_shares_are_of_those_who_said_whether_they_had_any() -> None:
    parts = compute(_study(_EIGHT))
    assert share(parts, "adverse_1") == (3, 5)
    assert share(parts, "adverse_2") == (2, 6)
    assert share(parts, "adverse_kind_2_1") == (2, 5)
    assert share(parts, "adverse_kind_1_1") == (1, 5)
    assert "label='Feeling left out or ignored, wave" in str(by_name(parts)["adverse_kind_2_1"])


def test_somebody_who_had_some_at_two_waves_is_counted_once() -> None:
    parts = compute(_study(_EIGHT))
    assert parts[0].name == "adverse_ever"
    assert share(parts, "adverse_ever") == (4, 6)


def test_each_person_has_one_place_in_the_table_of_a_wave_that_is_over() -> None:
    assert cells(compute(_study(_EIGHT)), "adverse_kinds_1") == {
        ("1", "adverse_kind_2"): 1,
        ("1", "several"): 1,
        ("1", "not_named"): 1,
        ("1", "none"): 2,
        ("1", "not_answered"): 2,
    }
    assert cells(compute(_study(_EIGHT)), "adverse_kinds_2") == {
        ("2", "adverse_kind_9"): 1,
        ("2", "adverse_kind_3"): 1,
        ("2", "none"): 4,
        ("2", "not_answered"): 2,
    }


@pytest.mark.parametrize("people", [1, 4, 5])
def test_a_wave_that_nobody_answered_is_told_as_such(people: int) -> None:
    parts = compute(_study({1: ["no"] * people, 2: ["silent"] * people}))
    assert share(parts, "adverse_ever") == (0, people)
    assert share(parts, "adverse_2") == (0, 0)
    assert cells(parts, "adverse_kinds_2") == {("2", "not_answered"): people}


def test_nobody_is_told_as_nobody() -> None:
    nobody = _study({1: ["no"]})["responses"].clear()
    parts = compute(frames(options("adverse"), responses=nobody))
    assert share(parts, "adverse_ever") == (0, 0)
    assert cells(parts, "adverse_kinds_1") == {}


def test_a_study_that_does_not_ask_it_has_none() -> None:
    assert compute(frames(options("phq9"))) == ()
