"""Tables that leave the team: small numbers, several tables, and everything a reader can try."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.protection.audit import ContradictionError
from app.research.protection.cells import Why
from app.research.protection.counts import OverlappingPlacesError, Split
from app.research.protection.flags import Flag, FlagKind
from app.research.protection.publication import PublishedTable, publish
from app.research.protection.rounding import Rounding
from app.research.protection.rules import LEAST_OPEN, OUTSIDE, OUTSIDE_SURVIVAL, Rule
from tests.research.protection.published import (
    Study,
    areas,
    domain_of,
    held_open,
    table_of,
)

#: Nothing is rounded, so that second suppression has to do everything.
EXACT = Rule(OUTSIDE.least, Rounding(1), "")


def _published(persons: list[list[int]], rule: Rule = OUTSIDE) -> PublishedTable:
    table = table_of(persons)
    return publish(table, domain_of(table), rule=rule)


@pytest.mark.parametrize("few", [0, 1, 4, 5])
def test_a_few_people_are_shown_nowhere_and_look_all_the_same(few: int) -> None:
    found = _published([[few, 40], [30, 60]])
    assert found.table.values == [[None, 40], [30, 60]]
    assert found.table.cells[0][0].why == Why.FEW
    assert found.rule == OUTSIDE.sentence
    for row in ([few], [few, 0], [few, few]):
        told = _published([row]).table
        assert told.redacted == len(row)


def test_ten_people_are_shown() -> None:
    assert _published([[10, 12, 13]]).table.values == [[10, 10, 15]]


@pytest.mark.parametrize("everyone", [0, 1, 4, 5])
def test_a_study_of_so_few_has_no_figure(everyone: int) -> None:
    found = _published([[everyone, 0], [0, 0]]).table
    assert (found.redacted, found.total) == (4, None)
    assert (found.row_totals, found.column_totals) == ([None, None], [None, None])


def test_totals_are_counts_of_their_own() -> None:
    found = _published([[12, 12, 12], [40, 4, 22]]).table
    assert found.values == [[10, 10, 10], [40, None, 20]]
    assert (found.row_totals, found.column_totals) == ([35, 65], [50, 15, 35])
    assert found.total == 100


def test_a_count_that_its_total_would_tell_takes_the_smallest_along() -> None:
    found = _published([[3, 20, 40], [30, 50, 60]], EXACT).table
    assert found.values == [[None, None, 40], [None, None, 60]]
    assert found.total == 203
    words = {cell.why for row in found.cells for cell in row if cell.value is None}
    assert words == {Why.FEW}, "which is which is not told"


def test_what_stays_of_a_total_without_its_shown_cells_is_no_group_of_a_few() -> None:
    """115 people, 50 and 60 of them elsewhere: the first two cells have five together."""
    found = _published([[2, 3, 50, 60]], EXACT).table
    assert found.values == [[None, None, None, 60]]
    assert found.row_totals == [115]


def test_where_rounding_leaves_enough_open_nothing_more_is_held_back() -> None:
    found = _published([[3, 20, 40], [30, 50, 60]]).table
    assert (found.redacted, found.row_totals) == (1, [65, 140])


def test_two_figures_of_ten_that_differ_by_one_person_are_not_both_told() -> None:
    """10 is shown for 10 to 12 only, so two of them leave three counts open for who is in one."""
    found = _published([[11, 1]]).table
    assert (found.values, found.row_totals) == ([[None, None]], [None])
    found = _published([[40, 1]]).table
    assert (found.values, found.row_totals) == ([[40, None]], [40])


def test_survival_tables_show_the_middle_of_six() -> None:
    found = _published([[12, 13, 18], [40, 4, 19]], OUTSIDE_SURVIVAL)
    assert found.table.values == [[9, 15, 15], [39, None, 21]]
    assert found.rule == OUTSIDE_SURVIVAL.sentence


@pytest.mark.parametrize(
    ("persons", "flags"),
    [
        ([[40, 0, 0], [30, 30, 30]], [Flag("row", 0, FlagKind.ALL_IN_ONE)]),
        ([[40, 1, 20], [30, 30, 30]], [Flag("column", 1, FlagKind.ALL_IN_ONE)]),
        ([[400, 10, 20], [300, 300, 300]], []),
    ],
)  # fmt: skip
def test_a_row_whose_people_are_all_in_one_place_is_flagged(
    persons: list[list[int]], flags: list[Flag]
) -> None:
    assert [one for one in _published(persons).table.flags if one in flags or not flags] == flags


def test_nobody_has_two_places() -> None:
    with pytest.raises(OverlappingPlacesError):
        Split("area", tuple(areas("ab", "bc")))


def test_an_area_of_three_is_not_had_from_two_editions() -> None:
    """Each merger alone leaves nine or five counts open for the three people; both leave four."""
    people = {"a": 42, "b": 30, "c": 3, "d": 38}
    free = Study(people)
    free.publish("a", "c", "d")
    for names in (("ac", "b"), ("b", "cd")):
        free.publish(*names, forgets=True)
    assert free.open_counts("c") == {1, 2, 3, 4}

    study = Study(people)
    first = study.publish("a", "c", "d")
    assert first.table.values == [[40], [None], [40]]
    later = [study.publish("ac", "b"), study.publish("b", "cd")]
    assert sum(one.table.redacted for one in later) == 1
    assert {1, 2, 3, 4} < study.open_counts("c")
    assert len(study.open_counts("c")) >= LEAST_OPEN


def test_the_one_who_joined_between_two_cuts_is_not_told() -> None:
    table, later = table_of([[3, 40], [30, 11]]), table_of([[3, 40], [30, 12]], cut="2027-05")
    domain = domain_of(table)
    first = publish(table, domain)
    assert first.table.values == [[None, 40], [30, 10]]
    second = publish(later, domain, before=first.figures)
    assert second.table.values == [[None, 40], [30, None]]


def test_who_left_between_two_cuts_is_no_contradiction() -> None:
    table, later = table_of([[3, 40], [30, 50]]), table_of([[3, 40], [30, 20]], cut="2027-05")
    domain = domain_of(table)
    first = publish(table, domain)
    with pytest.raises(ContradictionError):
        publish(later, domain, before=first.figures)
    second = publish(later, domain, before=first.figures, has_leavers=True)
    assert second.table.values == [[None, 40], [30, 20]]


def test_what_was_told_of_the_same_people_is_told_again() -> None:
    study = Study({"a": 3, "b": 40, "c": 50}, rule=EXACT)
    first = study.publish("a", "b", "c")
    assert first.table.values == [[None], [None], [50]]
    second = study.publish("c", "b")
    assert second.table.values == [[50], [None]], "held back for the sake of a: it stays so"


def test_groups_within_areas_share_the_total_of_their_area() -> None:
    """Area ab is the sum of its groups, so both tables say the same of it."""
    study = Study({"a": 4, "b": 30, "c": 25, "d": 41}, rule=EXACT)
    whole = study.publish("ab", "cd")
    assert whole.table.values == [[34], [66]]
    within = [study.publish("a", "b"), study.publish("c", "d")]
    assert [one.table.total for one in within] == [34, 66]
    assert within[0].table.values == [[None], [None]]
    assert within[1].table.values == [[25], [41]]


def test_where_nothing_more_can_go_the_attacker_does_not_know_why_either() -> None:
    """Whoever knew that b has ten people or more would know that a has two or fewer."""
    study = Study({"a": 1, "b": 11, "c": 40}, rule=EXACT)
    assert study.publish("ab").table.values == [[12]]
    found = study.publish("a", "b")
    assert (found.table.values, found.table.total) == ([[None], [None]], 12)
    assert {(figure.low, figure.high) for figure in found.figures} == {(0, 9), (0, None)}


def test_without_a_proof_nothing_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.research.protection.audit.Attack._is_true", lambda *_: False)
    found = _published([[3, 40], [30, 50]])
    assert found.figures == ()
    assert (found.table.redacted, found.table.total) == (4, None)


def test_what_was_told_before_the_audit_costs_later_tables_nothing() -> None:
    study = Study({"a": 1, "b": 11, "c": 40}, rule=EXACT)
    study.publish("ab")
    study.publish("b", forgets=True)
    assert study.open_counts("a") == {1}
    assert study.publish("a", "c").table.values == [[None], [40]]


def test_figures_of_another_day_under_the_same_cut_are_refused() -> None:
    study = Study({"a": 30, "b": 40, "c": 50})
    study.publish("ab", "c")
    study.people["b"] += 200
    with pytest.raises(ContradictionError):
        study.publish("a", "b")


def test_all_people_and_all_men_do_not_give_the_one_woman_away() -> None:
    """OpenSAFELY's example, with their women counted for what they are: 8 and 7 of one age."""
    study = Study({"m": 27, "f": 1, "o": 50})
    assert study.publish("mf").table.values == [[30]]
    assert study.publish("m").table.values == [[25]]
    assert len(study.open_counts("f")) >= LEAST_OPEN
    close = Study({"m": 11, "f": 1, "o": 50})
    assert close.publish("mf").table.values == [[10]]
    assert close.publish("m").table.values == [[None]]
    assert len(close.open_counts("f")) >= LEAST_OPEN


#: The worlds that are tried go well beyond them.
small = st.integers(0, 16)
rules = st.sampled_from([OUTSIDE, OUTSIDE_SURVIVAL, EXACT])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(small, min_size=2, max_size=2), min_size=2, max_size=2), rules)
def test_no_world_tells_a_count_that_is_held_back(persons: list[list[int]], rule: Rule) -> None:
    table = table_of(persons)
    found = publish(table, domain_of(table), rule=rule)
    if not found.figures:
        return
    for open_ in held_open(table, found, rule):
        assert len(open_) >= LEAST_OPEN


@settings(max_examples=30, deadline=None)
@given(
    st.lists(small, min_size=4, max_size=4),
    st.lists(
        st.sampled_from(["a b c d", "ab c d", "a bc d", "ac bd", "ad b", "abc", "cd"]), max_size=4
    ),
    rules,
)
def test_no_edition_together_with_the_others_tells_an_area_that_is_held_back(
    people: list[int], editions: list[str], rule: Rule
) -> None:
    study = Study(dict(zip("abcd", people, strict=True)), rule=rule)
    for names in editions:
        places = {place for place, _ in study.told} | {*areas(*names.split())}
        open_before = {place: len(study.open_counts(place)) for place in places}
        study.publish(*names.split())
        for place in {place for place, value in study.told if value is None} & places:
            assert len(study.open_counts(place)) >= min(LEAST_OPEN, open_before[place])
    told: dict[Any, set[int | None]] = {}
    for place, value in study.told:
        told.setdefault(place, set()).add(value)
        assert value in (None, rule.shown(study.count(place)))
    assert all(len(values) == 1 for values in told.values()), "one population, one figure"


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(small, min_size=3, max_size=3), min_size=3, max_size=3),
    st.sampled_from(list(permutations(range(3)))),
    st.sampled_from(list(permutations(range(3)))),
)
def test_the_order_of_rows_and_columns_changes_nothing(
    persons: list[list[int]], rows: tuple[int, ...], columns: tuple[int, ...]
) -> None:
    table = table_of(persons)
    found = publish(table, domain_of(table), rule=EXACT).table
    assert publish(table, domain_of(table), rule=EXACT).table == found
    other = type(table)(
        table.population,
        Split("area", tuple(table.rows.places[at] for at in rows)),
        Split("sex", tuple(table.columns.places[at] for at in columns)),
        tuple(tuple(persons[at][place] for place in columns) for at in rows),
    )
    turned = publish(other, domain_of(table), rule=EXACT).table
    assert turned.values == [[found.values[at][place] for place in columns] for at in rows]
    assert found.row_totals is not None
    assert turned.row_totals == [found.row_totals[at] for at in rows]


def test_the_order_of_what_came_before_changes_nothing() -> None:
    study = Study({"a": 12, "b": 11, "c": 1, "d": 14}, rule=EXACT)
    study.publish("ab", "cd")
    study.publish("ac", "bd")
    told = study.publish("a", "b", "c", "d").table
    again = Study(study.people, rule=EXACT, figures=list(reversed(study.figures[:5])))
    assert again.publish("a", "b", "c", "d").table == told
