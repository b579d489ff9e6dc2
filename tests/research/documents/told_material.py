"""Results and material of a small study, in the shapes in which figures are told to everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from app.research.charts.flow_steps import FlowStep
from app.research.demographics import NOT_ANSWERED, Area
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.material import Advice, Material
from app.research.documents.showing import Showing
from app.research.measures.results import Unit
from app.research.measures.shown_parts import (
    ShownEstimate,
    ShownResult,
    ShownShare,
    ShownTable,
)
from app.research.question_fields import FIELDS

FEW = "It rests on fewer than 10 people."
STUDY = "What helps when we help each other"
AREAS = list((FIELDS["area"].values or {}).values())
KINDS = ["peer led", "facilitated"]
VALUES = ("experience", "safety", "choice", "two_way", "connection", "oneself")
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="240"></svg>'


class DrawnCharts:
    """Charts that are quickly drawn."""

    def of(self, part: Mapping[str, Any], *, is_narrow: bool = False) -> str | None:
        return DRAWN

    def group(self, parts: Sequence[Mapping[str, Any]], *, is_narrow: bool = False) -> str | None:
        return DRAWN if len(parts) > 1 else None

    def flow(self, steps: Sequence[FlowStep], *, is_narrow: bool = False) -> str | None:
        return DRAWN


class NoCharts:
    """Charts of parts that have no picture."""

    def of(self, part: Mapping[str, Any], *, is_narrow: bool = False) -> str | None:
        return None

    def group(self, parts: Sequence[Mapping[str, Any]], *, is_narrow: bool = False) -> str | None:
        return None

    def flow(self, steps: Sequence[FlowStep], *, is_narrow: bool = False) -> str | None:
        return None


def share(name: str, people: int | None, of: int | None, label: str = "") -> dict[str, Any]:
    """A share; None of people is held back."""
    percent = None if people is None or of is None else round(100 * people / of)
    why = FEW if people is None else ""
    return asdict(ShownShare(name, label or name, people, of, percent, why))


def estimate(
    name: str,
    value: float | None,
    half: float | None = None,
    *,
    unit: Unit = Unit.POINTS,
    label: str = "",
) -> dict[str, Any]:
    """An estimate with its interval, or one that is held back."""
    low = high = None
    if value is not None and half is not None:
        low, high = value - half, value + half
    people, why = (None, FEW) if value is None else (40, "")
    return asdict(ShownEstimate(name, label or name, unit, value, low, high, people, why))


def table(
    name: str, rows: Sequence[str], cells: list[list[int | None]], label: str = ""
) -> dict[str, Any]:
    """A table of yes and no, or of one column."""
    columns = ["yes", "no"][: len(cells[0])]
    totals = [
        None if None in line else sum(one or 0 for one in line)
        for line in ([row[at] for row in cells] for at in range(len(columns)))
    ]
    return asdict(
        ShownTable(
            name=name,
            label=label or name,
            row_title="rows",
            rows=list(rows),
            column_title="columns",
            columns=columns,
            cells=cells,
            row_totals=[None] * len(rows),
            column_totals=totals,
            total=None,
            held_back=sum(one is None for row in cells for one in row),
            flags=[],
            why="",
        )
    )


def values(high: int | None = 30, low: int | None = 10) -> list[dict[str, Any]]:
    """Each value at two waves; the first is higher than the others."""
    parts = []
    for place, value in enumerate(VALUES):
        more = None if high is None else high + (10 if place == 0 else 0)
        for wave in (2, 3):
            cells: list[list[int | None]] = [[more, low], [high, low]]
            label = f"{value}, wave {wave} (week {wave * 13})"
            parts.append(table(f"values_{value}_score_{wave}", KINDS, cells, label))
    return parts


def changes() -> list[dict[str, Any]]:
    """Better, worse, a little better, unclear, held back; without an effect; and of support."""
    return [
        estimate("ons4_satisfied_score_2_change", 1.0, 0.5),
        estimate("ons4_satisfied_score_2_effect", 0.9, unit=Unit.RATIO),
        estimate("ons4_anxious_score_2_change", 1.0, 0.5),
        estimate("ons4_happy_score_2_change", 0.4, 0.3),
        estimate("ons4_happy_score_2_effect", 0.2, unit=Unit.RATIO),
        estimate("phq9_total_2_change", 0.1, 0.5),
        estimate("gad7_total_2_change", None),
        estimate("ucla3_total_2_change", 0.3),
        estimate("support_given_2_change", 1.0, 0.5),
    ]


def by_area(small: Area = Area.WALES) -> list[dict[str, Any]]:
    """Forty people in each area, twenty in the one beside it, and an area that is too small."""
    places = [*Area, NOT_ANSWERED]
    one: list[list[int | None]] = [[None if place == small else 40] for place in places]
    two: list[list[int | None]] = [[None, None] if place == small else [30, 10] for place in places]
    label = "Satisfied with life, wave 2 (week 13): told at both waves, by area"
    told = [
        table("agreed", AREAS, one),
        table("received", AREAS, two),
        table("came", AREAS, two),
        table("ons4_satisfied_score_2_both", AREAS, two, label),
        table("support_given_2_both", AREAS, two),
    ]
    return told + [
        estimate(f"ons4_satisfied_score_2_{place}", None if place == small else 0.5, 0.2)
        for place in places
    ]


def results(**parts: Sequence[dict[str, Any]]) -> list[ShownResult]:
    """Parts by their measure."""
    return [ShownResult(measure, list(found)) for measure, found in parts.items()]


def everything() -> list[ShownResult]:
    """A study that asked everything."""
    adverse = [share("adverse_ever", 20, 100)]
    adverse += [
        share(f"adverse_kind_{kind}_2", 10 if kind == 2 else None, 100, "Kind, wave 2 (week 13)")
        for kind in (1, 2, 3, 4, 5, 9)
    ]
    response = [
        estimate("any_4", 0.83, unit=Unit.SHARE),
        estimate("any_median", 360, unit=Unit.MINUTES),
    ]
    cost = [estimate("cost_2", 30_000, unit=Unit.PENCE), share("services_any_2", None, 80)]
    joined = table("joined_by_area", ["weeks 1 to 12"], [[None]])
    totals = [None if area == "Wales" else 40 for area in AREAS]
    joined |= {"columns": AREAS, "cells": [totals], "column_totals": totals, "total": 500}
    return results(
        reach=[
            share("agreed", 500, 520),
            share("received", 490, 500),
            share("came", 250, 500),
            joined,
        ],
        response=response,
        follow_up=[share("follow_up_2", 200, 300)],
        outcome_change=changes(),
        service_use=cost,
        adverse_experiences=adverse,
        six_values=values(),
        by_area=by_area(),
    )


def material(
    kind: EditionKind,
    found: Sequence[ShownResult] = (),
    *,
    texts: Mapping[str, str] | None = None,
    contact: str = "",
    advice: Sequence[Advice] = (),
) -> Material:
    """Of one edition."""
    return Material(
        kind=kind,
        number=4,
        study_title=STUDY,
        made_on=date(2026, 11, 28),
        dataset_number=3,
        dataset_sha256="1f2e3d4c" * 8,
        frozen_on=date(2026, 11, 1),
        software_version="1.2.0",
        results=found,
        texts=texts or {},
        plan=None,
        departures=(),
        instruments=(),
        advice=advice,
        contact=contact,
    )


def showing(of: Material) -> Showing:
    """Its figures."""
    return Showing.of(of, DrawnCharts())
