"""What measures found, as the team may see it: nothing of few people, nor of one or two."""

from math import inf, nan
from typing import Any

import pytest

from app.research.measures import protected, shown_parts
from app.research.measures.results import (
    Base,
    Curve,
    CurveStep,
    Estimate,
    PeopleAxis,
    PeopleShare,
    PeopleTable,
    RoundedCounts,
    Trait,
    Unit,
)


def _estimate(value: float | None, persons: int, **more: Any) -> shown_parts.ShownEstimate:
    found = protected.shown(Estimate("it", "It", Unit.POINTS, value, persons, **more))
    assert isinstance(found, shown_parts.ShownEstimate)
    return found


def test_a_figure_of_few_people_is_held_back_with_its_interval() -> None:
    few = _estimate(1.234, 9, low=1.0, high=2.0)
    assert (few.value, few.low, few.high, few.people, few.why) == (
        *(None, None, None, None),
        protected.FEW,
    )
    enough = _estimate(1.23456, 12, low=1.001, high=2.0)
    assert (enough.value, enough.low, enough.high, enough.people, enough.why) == (
        *(1.23, 1.0, 2.0, 10),
        "",
    )


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        (Unit.PENCE, 123_500),
        (Unit.DAYS, 123_456.8),
        (Unit.MINUTES, 123_457),
        (Unit.SHARE, 123_456.79),
    ],
)
def test_figures_are_rounded_by_their_unit(unit: Unit, told: float) -> None:
    found = protected.shown(Estimate("it", "It", unit, 123_456.789, 50))
    assert isinstance(found, shown_parts.ShownEstimate)
    assert found.value == told


def test_a_sum_that_is_mostly_of_one_or_two_people_is_held_back() -> None:
    assert _estimate(5.0, 40, most=0.5).why == protected.DOMINATED
    assert _estimate(5.0, 40, most=0.4, two_most=0.91).value is None
    assert _estimate(5.0, 40, most=0.49, two_most=0.9).value == 5.0


def test_why_there_is_no_figure_is_said() -> None:
    assert _estimate(None, 40, why="The model did not converge.").why == (
        "The model did not converge."
    )
    assert _estimate(None, 40).why == protected.NO_ONE
    assert _estimate(None, 9, why="The model did not converge.").why == protected.FEW


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(nan, None, None), (1.0, -inf, 2.0), (1.0, 0.5, nan), (inf, 1.0, 2.0)],
)
def test_a_figure_that_is_no_number_is_held_back_and_said(
    value: float, low: float | None, high: float | None
) -> None:
    """What is kept and sent as JSON has no word for such."""
    found = _estimate(value, 40, low=low, high=high)
    assert (found.value, found.low, found.high, found.why) == (
        *(None, None, None),
        protected.NO_NUMBER,
    )


@pytest.mark.parametrize(
    ("persons", "of", "told"),
    [
        (30, 100, (30, 100, 30)),
        (7, 100, (None, 100, None)),
        (96, 100, (None, 100, None)),
        (100, 100, (100, 100, 100)),
        (8, 9, (None, None, None)),
        (0, 0, (None, None, None)),
        (52, 53, (None, 55, None)),
    ],
)
def test_a_share_is_of_rounded_counts_and_few_on_either_side_are_held_back(
    persons: int, of: int, told: tuple[int | None, int | None, int | None]
) -> None:
    found = protected.shown(PeopleShare("it", "It", persons, of, Base("all", of), Trait("it")))
    assert isinstance(found, shown_parts.ShownShare)
    assert (found.people, found.of, found.percent) == told
    assert (found.why == "") == (told[0] is not None)


#: How many are in it plays no part inside.
BASE = Base("all", 0)


def _table(persons: list[list[int]]) -> shown_parts.ShownTable:
    rows = PeopleAxis(
        "wave", "Wave", tuple((str(n), f"wave {n}") for n, _ in enumerate(persons, 1))
    )
    columns = PeopleAxis("state", "State", (("yes", "Yes"), ("no", "No")))
    found = protected.shown(PeopleTable("it", "It", rows, columns, persons, BASE))
    assert isinstance(found, shown_parts.ShownTable)
    return found


def test_a_table_is_rounded_and_says_what_its_rule_took() -> None:
    found = _table([[41, 62], [33, 52], [50, 3], [20, 30]])
    assert found.cells == [[40, 60], [35, 50], [50, None], [20, 30]]
    assert (found.row_totals, found.column_totals, found.total) == (
        [100, 85, 50, 50],
        [145, 140],
        285,
    )
    assert found.held_back == 1
    assert (found.rows[:2], found.columns) == (["wave 1", "wave 2"], ["Yes", "No"])
    assert found.why == ""


def test_a_table_of_fewer_than_ten_people_tells_nothing_at_all() -> None:
    found = _table([[8, 0], [0, 1]])
    assert found.cells == [[None, None], [None, None]]
    assert (found.row_totals, found.column_totals, found.total) == ([None] * 2, [None] * 2, None)
    assert (found.flags, found.why) == ([], protected.FEW)


def test_a_table_that_says_the_same_of_a_whole_group_is_flagged() -> None:
    (flag,) = _table([[41, 62], [33, 52], [50, 3], [20, 30]]).flags
    assert flag == {"axis": "row", "index": 2, "kind": "all_in_one"}


def test_a_curve_is_told_in_per_cent_or_not_at_all() -> None:
    found = protected.shown(Curve("it", "It", [CurveStep(3, 60, 8, 0)]))
    assert isinstance(found, shown_parts.ShownCurve)
    assert found.points == [
        {"day": 0, "percent": 100.0, "at_risk": 57},
        {"day": 3, "percent": 84.2, "at_risk": 57},
    ]
    few = protected.shown(Curve("it", "It", [CurveStep(3, 9, 8, 0)]))
    assert isinstance(few, shown_parts.ShownCurve)
    assert (few.points, few.people, few.why) == ([], None, protected.FEW)


def test_counts_that_were_rounded_when_frozen_stay_as_they_are() -> None:
    found = protected.shown(RoundedCounts("it", "It", ("weeks 1 to 12", "later"), (40, None)))
    assert isinstance(found, shown_parts.ShownCounts)
    assert (found.places, found.people) == (["weeks 1 to 12", "later"], [40, None])


def test_nothing_else_can_be_shown() -> None:
    with pytest.raises(TypeError, match="str"):
        protected.shown("a name")  # type: ignore[arg-type]
