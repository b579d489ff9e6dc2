"""Tables of persons: against a published table, rule by rule, and as an attacker reads them."""

import json
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.research.protection import flags, rules
from app.research.protection.cells import Cell, Tally, Why
from app.research.protection.flags import FlagKind
from app.research.protection.tables import ProtectedTable, protect

SOURCE = Path(__file__).parents[2] / "data" / "disclosure" / "opensafely.json"
PUBLISHED: dict[str, Any] = json.loads(SOURCE.read_text())

Grid = list[list[int]]


def _protected(grid: Grid, **options: Any) -> ProtectedTable:
    return protect([[Tally(n) for n in row] for row in grid], **options)


def _possible(value: int | None) -> range:
    """The counts that a figure leaves open for someone who knows the rule."""
    if value is None:
        return range(rules.REDACTED_TO + 1)
    return range(max(value - 2, rules.REDACTED_TO + 1), value + 3)


def test_the_published_table_of_opensafely_comes_out_as_they_publish_it() -> None:
    known = PUBLISHED["redact7_round5"]
    for name, total in zip(known["before"], known["after"]["totals"], strict=False):
        if name == "totals":
            continue
        before, after = known["before"][name], known["after"][name]
        shown = [None if one == "[REDACTED]" else one for one in after]
        assert [rules.INSIDE.shown(n) for n in before] == shown
        assert sum(n for n in shown if n is not None) == total


def test_one_figure_alone_in_its_line_takes_the_smallest_beside_it_along() -> None:
    found = _protected([[3, 8]])
    assert found.values == [[None, None]]
    assert [cell.why for cell in found.cells[0]] == [Why.FEW, Why.FEW], "which is which is not told"
    assert found.redacted == 2
    assert (found.row_totals, found.total) == ([None], None)


def test_where_the_total_leaves_enough_open_nothing_more_is_held_back() -> None:
    found = _protected([[3, 8, 16, 23]])
    assert found.values == [[None, 10, 15, 25]]
    assert (found.row_totals, found.total, found.redacted) == ([50], 50, 1)


def test_what_was_taken_along_is_itself_not_left_alone() -> None:
    found = _protected([[3, 8], [40, 40], [60, 70]])
    for line in chain(found.values, zip(*found.values, strict=True)):
        assert sum(value is None for value in line) != 1


def test_totals_stand_only_where_nobody_is_counted_twice() -> None:
    found = _protected([[20, 30], [40, 50]], rows_add=False)
    assert (found.row_totals, found.column_totals, found.total) == ([50, 90], None, None)
    found = _protected([[20, 30], [40, 50]], columns_add=False)
    assert (found.row_totals, found.column_totals, found.total) == (None, [60, 80], None)
    found = _protected([[20, 30], [40, 50]])
    assert (found.row_totals, found.column_totals, found.total) == ([50, 90], [60, 80], 140)


def test_each_figure_stands_beside_the_people_it_is_a_part_of() -> None:
    found = _protected([[20, 3], [40, 9]], of=[[35, None]], columns_add=False)
    assert [[cell.of for cell in row] for row in found.cells] == [[35, None], [35, None]]
    found = _protected([[20, 18], [40, 9]], of=[[30], [45]], columns_add=False)
    assert [[cell.of for cell in row] for row in found.cells] == [[30, 30], [45, 45]]


@pytest.mark.parametrize(
    ("grid", "of", "flags"),
    [
        ([[20, 0, 0], [30, 0, 0]], None, [
            ("row", 0, FlagKind.ALL_IN_ONE), ("row", 1, FlagKind.ALL_IN_ONE)]),
        ([[20, 12]], [[20]], [("row", 0, FlagKind.EVERYONE), ("column", 0, FlagKind.EVERYONE)]),
        ([[20, 30]], [[60]], []),
        ([[0, 0]], None, []),
    ],
)  # fmt: skip
def test_what_a_table_says_about_a_whole_group_is_flagged(
    grid: Grid, of: Any, flags: list[tuple[str, int, FlagKind]]
) -> None:
    found = _protected(grid, of=of)
    assert [(flag.axis, flag.index, flag.kind) for flag in found.flags] == flags


@pytest.mark.parametrize(
    ("tally", "value"),
    [
        (Tally(0), None),
        (Tally(9, 900, 100, 100), None),
        (Tally(10, 101, 12, 12), 100),
        (Tally(10, 101, 51, 10), None),
        (Tally(10, 100, 50, 10), None),
        (Tally(10, 100, 49, 10), 100),
        (Tally(10, 100, 46, 45), None),
        (Tally(10, 100, 45, 45), 100),
    ],
)
def test_sums_of_acts_need_ten_people_and_nobody_who_did_most_of_them(
    tally: Tally, value: int | None
) -> None:
    found = protect([[tally]], of=[[60]], are_acts=True)
    assert found.cells == [[Cell(value, Why.UNSAFE if value is None else None, 60)]]


def test_a_sum_held_back_is_never_alone_in_its_line() -> None:
    tallies = [[Tally(20, 900, 800, 5), Tally(30, 200, 9, 9), Tally(30, 90, 9, 9)]]
    found = protect(tallies, of=[[100]], are_acts=True)
    assert found.values == [[None, 200, None]]


def test_as_many_acts_as_there_are_people_say_nothing_of_each() -> None:
    found = protect([[Tally(20, 20, 2, 2)]], of=[[20]], are_acts=True)
    assert (found.values, found.flags) == ([[20]], [])


def test_ten_people_are_enough_for_a_table_and_nine_are_not() -> None:
    assert rules.is_too_few(9)
    assert not rules.is_too_few(10)


counts = st.one_of(st.integers(0, 14), st.integers(0, 200))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width = draw(st.integers(1, 5))
    row = st.lists(counts, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=5))


@settings(max_examples=300)
@given(grids(), st.booleans(), st.booleans())
def test_no_figure_tells_a_count_more_exactly_than_two_either_way(
    grid: Grid, rows_add: bool, columns_add: bool
) -> None:
    """Every figure but the cells is worked out from them, so the cells are all an attacker has."""
    found = _protected(grid, rows_add=rows_add, columns_add=columns_add)
    for truth, cell in zip(chain(*grid), chain(*found.cells), strict=True):
        if cell.value is None:
            assert cell.why == Why.FEW
        else:
            assert truth > rules.REDACTED_TO
            assert truth in _possible(cell.value)
            assert len(_possible(cell.value)) == 5
    told = [[value or 0 for value in row] for row in found.values]
    if found.row_totals is not None:
        assert [total or 0 for total in found.row_totals] == [sum(row) for row in told]
    if found.column_totals is not None:
        columns = zip(*told, strict=True)
        assert [total or 0 for total in found.column_totals] == [sum(one) for one in columns]
    again = flags.of(found.cells, row_totals=found.row_totals, column_totals=found.column_totals)
    assert again == found.flags


@settings(max_examples=300)
@given(grids())
def test_an_exact_total_from_elsewhere_does_not_give_back_the_one_that_is_held_back(
    grid: Grid,
) -> None:
    found = _protected(grid)
    lines = [*zip(grid, found.cells, strict=True)]
    lines += zip(zip(*grid, strict=True), zip(*found.cells, strict=True), strict=True)  # type: ignore[arg-type]
    for truths, cells in lines:
        held = [truth for truth, cell in zip(truths, cells, strict=True) if cell.value is None]
        shown = [_possible(cell.value) for cell in cells if cell.value is not None]
        if len(held) != 1 or not shown:
            continue
        lowest, highest = sum(one[0] for one in shown), sum(one[-1] for one in shown)
        open_ = [n for n in range(8) if lowest <= sum(truths) - n <= highest]
        assert held[0] in open_
        assert len(open_) >= rules.LEAST_OPEN


@settings(max_examples=300)
@given(st.integers(0, 300), st.integers(0, 300))
def test_two_questions_that_differ_by_a_filter_never_tell_a_small_difference(
    fewer: int, more: int
) -> None:
    """All against some of them: what is open for the rest is five counts wide or more."""
    assume(fewer <= more)
    all_, some = _possible(rules.INSIDE.shown(more)), _possible(rules.INSIDE.shown(fewer))
    rest = {a - b for a, b in product(all_, some) if a >= b}
    assert more - fewer in rest
    assert len(rest) >= 5


def test_the_published_pair_of_tables_no_longer_gives_the_one_woman_away() -> None:
    known = PUBLISHED["differencing_example"]
    for (some, of_some), (more, of_more) in zip(
        known["male"].values(), known["all"].values(), strict=True
    ):
        for fewer, all_ in ((some, more), (of_some, of_more)):
            seen, less = _possible(rules.INSIDE.shown(all_)), _possible(rules.INSIDE.shown(fewer))
            assert len({a - b for a, b in product(seen, less) if a >= b}) >= 5
