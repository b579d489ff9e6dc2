"""Datasets of one study side by side: what is new was done in between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.research.attacks import freezes
from app.research.attacks.outgoing import Outgoing, Range
from tests.research.attacks.factories import FROZEN, acts, periods

FORMER = acts(
    ("P0", 1, "published", None), ("P0", 1, "published", None), ("P1", 4, "replied", "P0")
)
LATTER = acts(
    ("P0", 1, "published", None),
    ("P0", 1, "published", None),
    ("P0", 1, "published", None),
    ("P1", 4, "replied", "P0"),
    ("P2", 0, "published", None),
)


def days_before(file: Outgoing, days: int) -> Outgoing:
    return replace(file, frozen_on=FROZEN - timedelta(days=days))


@pytest.mark.parametrize(("days", "named"), [(0, 2), (1, 2), (27, 2), (28, 0), (90, 0)])
def test_acts_are_located_when_freezes_stand_less_than_28_days_apart(days: int, named: int) -> None:
    found = freezes.attack([LATTER, days_before(FORMER, days)])
    assert (found.named, found.of) == (named, 3)
    assert found.is_refused is (named > 0)
    assert f"at least {days} days apart" in found.note


def test_neighbours_in_time_are_compared_whatever_the_order() -> None:
    files = [days_before(FORMER, 40), LATTER, days_before(FORMER, 10)]
    assert freezes.attack(files).named == 2
    assert freezes.attack(files[:2]).named == 0


def test_one_dataset_has_nothing_to_be_compared_with() -> None:
    found = freezes.attack([LATTER])
    assert (found.named, found.is_refused) == (0, False)
    assert "no other dataset" in found.note


ROW = {"participant": "P0", "period": 1, "days_observable": 2, "giving": 1, "active_days": 1}


@pytest.mark.parametrize(
    ("change", "named"),
    [({}, 0), ({"giving": 2}, 1), ({"active_days": 2}, 1), ({"giving": -8}, 0), ({"period": 2}, 0)],
)
def test_only_bands_that_have_no_number_in_common_tell_of_an_act(
    change: dict[str, object], named: int
) -> None:
    former = days_before(periods(ROW), 5)
    assert freezes.attack([former, periods(ROW | change)]).named == named


def test_a_coarser_code_is_no_change() -> None:
    coarse: dict[str, dict[int, Range]] = {
        "giving": {0: (0, 0), 12: (1, 20)},
        "active_days": {1: (1, 2)},
    }
    latter = Outgoing("periods", periods(ROW | {"giving": 12}).frame, FROZEN, coarse)
    assert freezes.attack([days_before(periods(ROW), 5), latter]).named == 0


def test_days_observable_of_several_freezes_narrow_the_first_day_down() -> None:
    """56 to 83 days now and 1 to 27 days 30 days ago: joined 56 or 57 days ago."""
    now = periods(ROW | {"days_observable": 3})
    before = days_before(periods(ROW | {"days_observable": 1}), 30)
    assert freezes.enrolment_widths([now]) == {"P0": 28}
    assert freezes.enrolment_widths([now, before]) == {"P0": 2}
    assert "first days of 1 people narrower than 27 days" in freezes.attack([now, before]).note


def test_whoever_stopped_or_has_no_days_tells_nothing_more() -> None:
    stopped = periods(ROW | {"days_observable": 1})
    before = days_before(stopped, 60)
    assert freezes.enrolment_widths([stopped, before]) == {"P0": 27}
    assert freezes.enrolment_widths([periods(ROW | {"days_observable": -8})]) == {}
    assert freezes.enrolment_widths([FORMER]) == {}
