"""Figures in words: in a line, in a sentence with its denominator, and as rows of a table."""

from dataclasses import asdict
from typing import Any

import pytest

from app.research.measures.results import Unit
from app.research.measures.shown_parts import ShownCounts, ShownCurve
from app.research.reports import figure_words, figures
from app.research.reports.kinds import EditionKind
from app.research.reports.showing import Showing
from tests.research.reports import told_material as told


def curve(days: int = 3, why: str = "") -> dict[str, Any]:
    points: list[dict[str, float]] = [
        {"day": day, "percent": 100.0 - day, "at_risk": 1200.0 - day} for day in range(days)
    ]
    return asdict(ShownCurve("curve", "still taking part", points, 1200, why))


def counts() -> dict[str, Any]:
    return asdict(
        ShownCounts("members", "members", ["weeks 1 to 12", "weeks 13 to 24"], [1200, None])
    )


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.42, Unit.SHARE, "42%"),
        (-0.42, Unit.SHARE, "−42%"),
        (-120_300, Unit.PENCE, "−£1,203"),
        (0.5, Unit.RATIO, "0.5"),
        (-0.0001, Unit.RATIO, "0"),
        (1.0, Unit.DAYS, "1 day"),
        (1.0, Unit.TIMES, "1 times"),
        (-2.5, Unit.POINTS, "−2.5 points"),
    ],
)
def test_a_value_in_its_unit(value: float, unit: Unit, words: str) -> None:
    assert figure_words.value(value, unit) == words


def test_an_estimate_in_a_line_and_in_a_sentence() -> None:
    part = told.estimate("change", 2.0, 0.5, label="mean change")
    assert figure_words.inline(part) == "2 points (95% interval 1.5 to 2.5)"
    assert figure_words.sentence(part) == (
        "Mean change: 2 points (95% interval 1.5 to 2.5), among about 40 people."
    )
    alone = told.estimate("change", 0.3, unit=Unit.SHARE, label="Wave 2: answered") | {
        "people": None
    }
    assert figure_words.sentence(alone) == "Wave 2: answered, 30%."
    between = told.estimate("cost", 1_000, 500, unit=Unit.PENCE)
    assert figure_words.interval(between) == "£5 to £15"


def test_a_curve_counts_and_a_table_in_a_sentence() -> None:
    assert figure_words.sentence(curve()) == (
        "Still taking part: of about 1,200 people at the beginning, 98% are left after 2 days."
    )
    assert figure_words.sentence(counts()) == (
        "Members: weeks 1 to 12, 1,200; weeks 13 to 24, held back."
    )
    table = told.table("by", ["a", "b"], [[20, 30], [None, 30]], "By kind")
    assert figure_words.sentence(table) == "By kind, in 2 by 2 groups."
    assert figure_words.sentence(table | {"total": 80}).endswith("groups. Of about 80 people.")


def test_each_kind_as_rows() -> None:
    assert figure_words.rows(curve())[1][0] == ("0", "100%", "1,200")
    assert figure_words.rows(counts())[1] == (
        ("weeks 1 to 12", "1,200"),
        ("weeks 13 to 24", "held back"),
    )
    head, rows = figure_words.rows(told.share("agreed", 20, 40))
    assert (head[0], rows) == ("What", (("Agreed", "50%", "", "40"),))
    assert figure_words.rows(told.estimate("change", None))[1] == (
        ("Change", "held back", "", "held back"),
    )


def test_a_table_with_many_columns_is_turned() -> None:
    part = told.table("by", ["a"], [[10]]) | {
        "columns": list("uvwxyz"),
        "cells": [[10, 20, 30, 40, 50, None]],
        "column_totals": [10, 20, 30, 40, 50, None],
        "row_totals": [None],
    }
    head, rows = figure_words.rows(part)
    assert head == ("Columns", "A", "All")
    assert rows[5] == ("Z", "held back", "held back")
    assert len(rows) == 7


@pytest.mark.parametrize(
    ("label", "apart"),
    [
        ("gad, wave 2 (week 13): mean change", ("Gad, wave 2 (week 13)", "Mean change")),
        ("safety, wave 2 (week 13)", ("Wave 2 (week 13)", "Safety")),
        ("posts: answered", ("Posts", "Answered")),
        ("agreed", ("", "Agreed")),
    ],
)
def test_what_a_label_shares_with_its_group(label: str, apart: tuple[str, str]) -> None:
    assert figure_words.apart(label) == apart


def test_labels_lose_what_all_of_them_share() -> None:
    assert figure_words.own_words(["Loneliness, wave 2: mean", "Worry, wave 2: mean"]) == [
        "Loneliness",
        "Worry",
    ]
    assert figure_words.own_words(["Mean: a, then", "Mean: b, then"]) == ["A", "B"]


def test_the_rule_says_what_it_took() -> None:
    few = [told.share("a", None, 40), told.table("t", ["a"], [[None, None]]), counts()]
    found = figures.all_of(told.results(reach=few, unheard_of=[told.share("b", 20, 40)]))
    taken = [one.rule.rpartition("It took ")[2] for one in found.values()]
    assert taken == ["1 figure here.", "2 figures here.", "1 figure here.", "nothing here."]
    assert found["unheard_of.b"].title == "unheard_of"


def test_a_long_curve_beside_its_picture_is_told_at_some_of_its_days() -> None:
    found = told.results(retention=[curve(40)])
    showing = Showing.of(told.material(EditionKind.FULL_REPORT, found), told.DrawnCharts())
    figure = showing.figures["retention.curve"]
    short = showing.table(figure, is_short=True)
    assert (len(short.rows), short.rows[0][0], short.rows[-1][0]) == (12, "0", "39")
    assert len(showing.table(figure).rows) == 40
    few = told.results(retention=[curve(5)])
    showing = Showing.of(told.material(EditionKind.FULL_REPORT, few), told.DrawnCharts())
    assert len(showing.table(showing.figures["retention.curve"], is_short=True).rows) == 5
