"""Charts of a measure: what belongs in one, drawn from what may be seen and nothing else."""

import re
from dataclasses import asdict
from typing import Any

import pytest

from app.research.charts import directions, measure_charts
from app.research.charts.together import charts_of
from app.research.measures import protected
from app.research.measures.results import (
    Base,
    Curve,
    CurveStep,
    Estimate,
    PeopleAxis,
    PeopleShare,
    PeopleTable,
    Trait,
    Unit,
)
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told


def _words(drawn: str) -> list[str]:
    found = re.findall(r"<text[^>]*>(.*?)</text>", drawn, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in found]


def _effect(score: str, wave: int, value: float | None = 0.5) -> dict[str, Any]:
    return told.estimate(f"{score}_{wave}_effect", value, 0.2, unit=Unit.RATIO)


def _names(measure: str, parts: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(one.name, [part["name"] for part in one.parts]) for one in charts_of(measure, parts)]


def test_what_belongs_together_is_one_chart_by_wave_the_newest_first() -> None:
    parts = [_effect("one", 2), _effect("one", 3), _effect("two", 2), _effect("two", 3)]
    parts += [made.grid("t", [[20, 30]]), told.share("other", 20, 40)]
    assert _names("outcome_change", parts) == [
        ("one_3_effect", ["one_3_effect", "two_3_effect"]),
        ("one_2_effect", ["one_2_effect", "two_2_effect"]),
        ("t", ["t"]),
    ]


def test_a_single_figure_has_no_chart_and_a_single_curve_has_one() -> None:
    assert charts_of("follow_up", [told.share("follow_up_2", 20, 40)]) == []
    curve = made.curve("retention", 0, 28)
    assert _names("retention", [curve]) == [("retention", ["retention"])]
    assert charts_of("retention", [curve])[0].caption.startswith("Still taking part")
    assert _names("no_such_measure", [curve]) == [("retention", ["retention"])]


def test_of_many_tables_the_first_are_drawn() -> None:
    parts = [made.grid(f"t{number}", [[20, 30]]) for number in range(12)]
    assert [one.name for one in charts_of("by_area", parts)] == [f"t{place}" for place in range(9)]


def test_a_table_tells_its_columns_under_each_other_and_each_held_back_cell() -> None:
    part = made.grid("t", [[20, 30, 40, None], [10, 20, 30, 40]])
    [drawn] = measure_charts.draw("by_area", [part]).values()
    words = _words(drawn)
    assert words.count("held back") == 1
    assert {"Column 0", "Column 3", "Row 0", "Row 1"} <= set(words)
    assert words.count("Row 0") == 4, "in each of its columns"
    assert re.search(r'viewBox="-16 0 \d+ \d+"', drawn), "room for a wider font"


def test_a_table_that_is_too_large_for_a_glance_has_none() -> None:
    assert measure_charts.draw("by_area", [made.grid("t", [[10] * 5] * 8)]) == {}


def test_the_same_parts_are_the_same_bytes_and_stand_on_their_own_ground_by_day_and_night() -> None:
    parts = [
        made.grid("t", [[20, 30], [30, 20]]),
        made.counts("c", 325, None),
        made.curve("v", 0, 28),
    ]
    drawn = measure_charts.draw("reach", parts)
    assert list(drawn) == ["t", "c", "v"]
    assert drawn == measure_charts.draw("reach", parts)
    for svg in drawn.values():
        assert "background: light-dark(#ffffff, #1b2625)" in svg
        assert '[fill="#22302e"] { fill: light-dark(#22302e, #e8eeea); }' in svg
        assert not re.search(r"<script|https?://(?!www\.w3\.org)|@import", svg)


def test_which_way_of_a_score_is_good_is_said_beside_it() -> None:
    words = "Symptoms of depression"
    part = {"name": "phq9_total_2_effect", "label": f"{words}, wave 2 (week 13): change"}
    says = f"{words} (lower is better), wave 2 (week 13): change"
    assert directions.told(part)["label"] == says
    assert directions.told({"name": "own_2_effect", "label": "Own"})["label"] == "Own"
    parts = [_effect("phq9_total", 2), _effect("swemwbs_raw", 2)]
    parts[0]["label"] = words
    [chart] = charts_of("outcome_change", parts)
    assert chart.parts[0]["label"] == f"{words} (lower is better)"


BASE, TRAIT = Base("agreed", 40), Trait("trait")


def _axis(field: str) -> PeopleAxis:
    return PeopleAxis(field, field, (("a", "A"), ("b", "B")))


@pytest.mark.parametrize("few", [0, 1, 4, 5, 9])
def test_what_is_protected_is_never_drawn(few: int) -> None:
    """The picture has no number of people that the protected part does not tell."""
    table = PeopleTable("t", "T", _axis("x"), _axis("y"), [[few, 41], [43, 47]], BASE)
    curve = Curve("c", "C", [CurveStep(0, 9, 0, 0), CurveStep(28, few, 0, 0)])
    shares = [
        PeopleShare(f"follow_up_{wave}", f"F, wave {wave}", few, 40, BASE, TRAIT) for wave in (2, 3)
    ]
    doses = [Estimate(f"{name}_giving", name, Unit.POINTS, 7.77, few, 6.66, 8.88) for name in "ab"]
    shown = [
        [asdict(protected.shown(part)) for part in parts]
        for parts in ((table, curve), shares, doses)
    ]
    drawn = [
        measure_charts.draw(measure, parts)
        for measure, parts in zip(("reach", "follow_up", "outcome_on_dose"), shown, strict=True)
    ]
    words = _words(drawn[0].get("t", ""))
    told_cells = {str(cell) for line in shown[0][0]["cells"] for cell in line if cell is not None}
    assert {word for word in words if word.isdigit()} <= told_cells
    assert not {"41", "43", "47"} & set(words), "rounded"
    assert ("t" in drawn[0]) == bool(told_cells)
    assert "c" not in drawn[0]
    assert bool(drawn[1]) == any(not part["why"] for part in shown[1])
    assert drawn[2] == {}
