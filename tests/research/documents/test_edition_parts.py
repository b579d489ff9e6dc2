"""Waves, tenths and help lines, of which editions for members are made."""

from pathlib import Path

import pytest

from app.core import help_lines
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.editions import latest, tenths
from app.research.documents.editions.tenths import CountedPeople
from app.research.documents.showing import Showing
from tests.research.documents import told_material as told

HELP_NOW = Path(__file__).parents[3] / "frontend" / "src" / "routes" / "help-now" / "+page.svelte"


def _showing(*parts: dict[str, object]) -> Showing:
    found = told.results(follow_up=parts)
    return told.showing(told.material(EditionKind.TOOLKIT, found))


def test_the_latest_wave_of_which_something_is_told() -> None:
    told_twice = _showing(
        told.share("a_2", 20, 40), told.share("a_3", 20, 40), told.share("b", 1, 2)
    )
    found = latest.find(told_twice, "follow_up", "a")
    assert found is not None
    assert found.name == "follow_up.a_3"
    held = _showing(told.share("a_2", 20, 40), told.share("a_10", None, 40))
    found = latest.find(held, "follow_up", "a")
    assert found is not None
    assert found.name == "follow_up.a_2"
    nothing = _showing(told.share("a_2", None, 40), told.share("a_10", None, 40))
    found = latest.find(nothing, "follow_up", "a")
    assert found is not None
    assert found.name == "follow_up.a_10"
    assert latest.find(held, "follow_up", "b") is None


@pytest.mark.parametrize(
    ("label", "when"),
    [
        ("Safety, wave 3 (week 26)", "in week 26"),
        ("Safety, wave 3", "at wave 3"),
        ("Safety", "when they were last asked"),
    ],
)
def test_when_a_wave_was(label: str, when: str) -> None:
    found = latest.find(_showing(told.share("a_3", 20, 40, label)), "follow_up", "a")
    assert found is not None
    assert latest.when(found) == when


@pytest.mark.parametrize(
    ("people", "of", "words"),
    [
        (10, 400, "Fewer than 1 in 10 people"),
        (10, 100, "About 1 in 10 people"),
        (65, 100, "About 7 in 10 people"),
        (94, 100, "About 9 in 10 people"),
        (95, 100, "Nearly everyone"),
        (105, 100, "Nearly everyone"),
        (None, 100, "held back"),
        (10, None, "held back"),
    ],
)
def test_people_out_of_ten(people: int | None, of: int | None, words: str) -> None:
    assert CountedPeople("a.b", people, of).words == words


def test_a_row_or_all_of_a_table() -> None:
    (figure,) = _showing(told.table("t", ["a", "b"], [[10, 30], [20, None]])).figures.values()
    assert tenths.of_first_column(figure, 0) == CountedPeople(figure.name, 10, 40)
    assert tenths.of_first_column(figure, 1) == CountedPeople(figure.name, None, None)
    assert tenths.of_first_column(figure) == CountedPeople(figure.name, None, None)


def test_of_all_is_what_the_table_tells_of_all() -> None:
    """70 and 20 were rounded each by itself: the table has 85 of both."""
    told_table = told.table("t", ["a"], [[70, 20]])
    told_table |= {"row_totals": [85], "total": 85}
    (figure,) = _showing(told_table).figures.values()
    for row in (0, None):
        assert tenths.of_first_column(figure, row) == CountedPeople(figure.name, 70, 85)
    wider = {**told_table, "cells": [[70, 20, 30]], "row_totals": [120]}
    (figure,) = _showing(wider).figures.values()
    assert tenths.of_first_column(figure, 0) == CountedPeople(figure.name, 70, 90)


def test_help_lines_are_those_of_the_page_help_now() -> None:
    page = HELP_NOW.read_text("utf-8")
    acts = [line.act for line in help_lines.ALL]
    assert acts == ["Call 999", "Call 116 123", "Text SHOUT to 85258", "Call 111, option 2"]
    for act in acts:
        assert act in page
    addresses = {line.address for line in help_lines.ALL}
    assert addresses == {"tel:999", "tel:116123", "sms:85258?&body=SHOUT", "tel:111"}
