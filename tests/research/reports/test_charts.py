"""Pictures of shown parts: every number in them is one that the part tells, and nothing else."""

import re
from typing import Any

import pytest

from app.research.measures.results import Unit
from app.research.reports import charts
from tests.research.reports import told_material as told
from tests.research.reports.test_figure_words import counts, curve


def words_of(svg: str | None) -> list[str]:
    """The words of a picture, as they are read."""
    assert svg is not None
    return re.findall(r"<text[^>]*>([^<]+)</text>", svg)


def test_a_table_says_each_cell_and_what_was_held_back() -> None:
    part = told.table("by", ["young", "young", "old"], [[20, 30], [None, 40], [55, 60]])
    said = words_of(charts.of(part))
    assert {"20", "30", "40", "55", "60", "held back", "Old"} <= set(said)
    assert said.count("Young") + said.count("Young ") == 2
    assert charts.of(part) == charts.of(part)


def test_a_table_that_is_too_large_is_read_as_one() -> None:
    many = told.table("by", [str(one) for one in range(40)], [[20, 30]] * 40)
    assert charts.of(many) is None
    assert charts.of(told.table("by", ["a"], [[None, None]]), is_narrow=True)


def test_a_curve_tells_where_it_ends() -> None:
    said = words_of(charts.of(curve(29)))
    assert "72%" in said
    assert "days" in said


def test_counts_by_period() -> None:
    assert {"1,200", "held back"} <= set(words_of(charts.of(counts())))


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        (Unit.POINTS, 1.5, "1.5 points"),
        (Unit.SHARE, 0.25, "25%"),
        (Unit.PENCE, 40_000, "£400"),
    ],
)
def test_estimates_of_one_unit_stand_together(unit: Unit, value: float, words: str) -> None:
    parts = [told.estimate("a", value, value / 2, unit=unit), told.estimate("b", None, unit=unit)]
    assert {words, "held back"} <= set(words_of(charts.group(parts)))


def test_shares_stand_together_with_their_denominators() -> None:
    said = words_of(charts.group([told.share("a", 20, 40), told.share("b", None, 40)]))
    assert {"50% of 40", "held back", "A", "B"} <= set(said)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [told.share("a", None, 40), told.share("b", None, 40)],
        [told.share("a", 20, 40), told.estimate("b", 1.0)],
    ],
)
def test_what_does_not_belong_together_or_is_not_told_has_no_picture(
    parts: list[dict[str, Any]],
) -> None:
    assert charts.group(parts) is None


def test_a_single_number_and_what_is_held_back_have_no_picture() -> None:
    assert charts.of(told.share("a", 20, 40)) is None
    assert charts.of(curve(why=told.FEW)) is None
