"""What everybody may see of all measures: small evaluations, two cuts of a study, few people."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.measures import outside, outside_tables, protected
from app.research.measures.outside import UnprotectedResult
from app.research.measures.results import (
    Base,
    Curve,
    CurveStep,
    Estimate,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    PeopleTable,
    RoundedCounts,
    Trait,
    Unit,
)
from app.research.protection.rules import LEAST_PERSONS, OUTSIDE

AREA = PeopleAxis("area", "Area", (("a", "A"), ("b", "B"), ("c", "C")), Trait("area", True))
CAME = PeopleAxis("came", "Came", (("yes", "Yes"), ("no", "No")))
Seen = dict[str, dict[str, Any]]


def _table(persons: list[list[int]], *, base: str = "all") -> PeopleTable:
    rows = replace(AREA, places=AREA.places[: len(persons)])
    return PeopleTable("came", "Came, by area", rows, CAME, persons, Base(base, _sum(persons)))


def _share(persons: int, of: int, *, name: str = "came") -> PeopleShare:
    return PeopleShare(name, "Came", persons, of, Base("all", of), Trait(name))


def _sum(persons: list[list[int]]) -> int:
    return sum(map(sum, persons))


def _seen(
    *parts: MeasurePart, cut: str = "1", before: list[Any] | None = None, has_leavers: bool = False
) -> tuple[Seen, Any]:
    """The parts by name, and the figures to keep as they come back from where they are kept."""
    results, figures = outside.protect(
        cut, [UnprotectedResult("it", parts)], before or [], has_leavers=has_leavers
    )
    (result,) = results
    return {part["name"]: part for part in result.parts}, json.loads(json.dumps(figures))


def test_a_table_is_rounded_with_totals_of_their_own_and_says_its_rule() -> None:
    seen, _ = _seen(_table([[41, 62], [33, 52], [4, 38]]))
    table = seen["came"]
    assert table["cells"] == [[40, 60], [35, 50], [None, 40]]
    assert (table["row_totals"], table["column_totals"], table["total"]) == (
        [105, 85, 40],
        [80, 150],
        230,
    )
    assert (table["held_back"], table["why"], table["rule"]) == (1, "", OUTSIDE.sentence)


def test_a_share_and_a_table_of_the_same_people_say_the_same() -> None:
    """Alone the share is told; after the table, whose three people it would tell of, it is not."""
    share = _share(31, 61)
    alone, _ = _seen(share)
    assert (alone["came"]["people"], alone["came"]["of"], alone["came"]["percent"]) == (30, 60, 50)
    table = _table([[28, 30], [3, 0]])
    seen, _ = _seen(replace(table, name="table"), share)
    assert seen["came"]["people"] == seen["table"]["column_totals"][0]
    assert seen["came"]["of"] == seen["table"]["total"]


@pytest.mark.parametrize("rest", [0, 1, 4, 5])
def test_all_the_same_answer_and_few_others_are_no_figure(rest: int) -> None:
    seen, _ = _seen(_share(12, 12 + rest))
    assert seen["came"]["people"] is None
    assert seen["came"]["why"] == outside_tables.HELD


@pytest.mark.parametrize("people", [0, 1, 4, 5, 9])
def test_of_so_few_people_nothing_is_told_and_it_is_said_why(people: int) -> None:
    seen, kept = _seen(
        replace(_table([[people, 0]]), name="table"),
        _share(people, people),
        Estimate("mean", "Mean", Unit.POINTS, 1.5, people),
        Curve("curve", "Curve", [CurveStep(3, people, 1, 0)]),
    )
    assert {part["why"] for part in seen.values()} == {protected.FEW}
    assert seen["table"]["total"] is None
    assert seen["came"]["of"] is None
    assert kept["bases"]["all"]["figures"] == []
    assert kept["persons"] == {}


def test_a_measure_without_parts_keeps_its_reason() -> None:
    results, _ = outside.protect("1", [UnprotectedResult("it", (), "Nobody answered.")])
    assert [(one.measure, one.parts, one.why) for one in results] == [
        ("it", [], "Nobody answered.")
    ]


def _estimate(persons: int) -> Estimate:
    return Estimate("mean", "Mean", Unit.POINTS, 1.234, persons, 1.0, 1.5)


def test_an_estimate_does_not_say_of_how_many_it_is() -> None:
    seen, kept = _seen(_estimate(57))
    mean = seen["mean"]
    assert (mean["value"], mean["low"], mean["high"], mean["people"]) == (1.23, 1.0, 1.5, None)
    assert kept["persons"] == {"it.mean": 57}


@pytest.mark.parametrize(
    ("persons", "is_told"), [(57, True), (58, False), (66, False), (48, False), (67, True)]
)
def test_an_estimate_of_almost_the_same_people_as_before_is_held_back(
    persons: int, is_told: bool
) -> None:
    _, kept = _seen(_estimate(57))
    seen, again = _seen(_estimate(persons), cut="2", before=[kept])
    mean = seen["mean"]
    assert (mean["why"] == "") == is_told
    assert (mean["why"] == outside.TOLD_BEFORE) == (not is_told)
    assert (mean["value"] is not None) == (mean["low"] is not None) == is_told
    assert ("it.mean" in again["persons"]) == is_told


def test_a_curve_of_almost_the_same_people_as_before_is_held_back() -> None:
    def curve(persons: int) -> Curve:
        return Curve("curve", "Curve", [CurveStep(3, persons, 12, 0)])

    first, kept = _seen(curve(60))
    assert first["curve"]["points"]
    assert first["curve"]["people"] == 57
    second, _ = _seen(curve(61), cut="2", before=[kept])
    assert (second["curve"]["points"], second["curve"]["people"]) == ([], None)
    assert second["curve"]["why"] == outside.TOLD_BEFORE


def test_counts_that_were_rounded_when_frozen_are_told_from_ten_on() -> None:
    seen, _ = _seen(RoundedCounts("joined", "Joined", ("1", "2", "3", "4"), (40, 5, None, 10)))
    assert seen["joined"]["people"] == [40, None, None, 10]


def test_figures_that_contradict_each_other_are_held_back_and_it_is_said() -> None:
    table = _table([[41, 62], [33, 52]])
    other = replace(table, name="other", persons=[[20, 83], [54, 31]])
    seen, _ = _seen(table, other)
    assert seen["came"]["why"] == ""
    assert seen["other"]["why"] == outside_tables.UNAUDITED
    assert seen["other"]["cells"] == [[None, None], [None, None]]
    assert seen["other"]["total"] is None
    share = PeopleShare("met", "Met", 150, 188, Base("all", 188), Trait("came"))
    seen, _ = _seen(table, share)
    assert (seen["met"]["why"], seen["met"]["of"]) == (outside_tables.UNAUDITED, None)


#: Areas by whether they came, and one person more in the last.
FIRST = [[40, 61], [33, 52], [11, 12]]
SECOND = [[40, 61], [33, 52], [12, 13]]


def test_of_two_people_who_joined_between_two_cuts_nothing_is_told() -> None:
    """Without the first cut a cell would be told as 15, and with it that somebody joined there."""
    lasting = Trait("came", is_lasting=True)

    def table(persons: list[list[int]]) -> PeopleTable:
        return replace(_table(persons), columns=replace(CAME, trait=lasting))

    first, kept = _seen(table(FIRST))
    alone, _ = _seen(table(SECOND), cut="2")
    assert first["came"]["cells"][2] == [10, 10]
    assert alone["came"]["cells"][2] == [10, 15]
    seen, _ = _seen(table(SECOND), cut="2", before=[kept])
    assert 15 not in seen["came"]["cells"][2]
    assert seen["came"]["row_totals"][:2] == first["came"]["row_totals"][:2]


def test_who_was_erased_between_two_cuts_is_no_contradiction() -> None:
    _, kept = _seen(_table(SECOND))
    cut = _table([[40, 61], [33, 30], [12, 13]])
    refused, _ = _seen(cut, cut="2", before=[kept])
    assert refused["came"]["why"] == outside_tables.UNAUDITED
    seen, _ = _seen(cut, cut="2", before=[kept], has_leavers=True)
    assert seen["came"]["why"] == ""


def test_what_changes_from_cut_to_cut_is_another_field_at_each() -> None:
    _, kept = _seen(_share(30, 60))
    seen, _ = _seen(_share(20, 60), cut="2", before=[kept])
    assert seen["came"]["people"] == 20
    with_base = replace(_share(20, 40), base=Base("all", 40, is_lasting=False))
    seen, figures = _seen(with_base, cut="2", before=[kept])
    assert seen["came"]["people"] == 20
    assert set(figures["bases"]) == {"all 2"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 16), min_size=2, max_size=2), min_size=2, max_size=3))
def test_what_is_told_is_true_and_never_of_fewer_than_ten(persons: list[list[int]]) -> None:
    table = _table(persons)
    came = sum(row[0] for row in persons)
    seen, _ = _seen(replace(table, name="table"), _share(came, _sum(persons)))
    told = seen["table"]
    for row, counts in zip(told["cells"], persons, strict=True):
        for value, count in zip(row, counts, strict=True):
            assert value is None or (count >= LEAST_PERSONS and value == OUTSIDE.shown(count))
    for value, counts in zip(told["row_totals"], persons, strict=True):
        assert value in (None, OUTSIDE.shown(sum(counts)))
    if seen["came"]["people"] is not None:
        assert seen["came"]["people"] == told["column_totals"][0]
