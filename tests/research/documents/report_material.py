"""A small study with every kind of figure, for the editions that tell all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from app.research.documents.edition_kinds import EditionKind
from app.research.documents.material import (
    Advice,
    Departure,
    InstrumentAsked,
    Material,
    PlannedAnalysis,
)
from app.research.measures.results import Unit
from app.research.measures.shown_parts import ShownCounts, ShownCurve, ShownResult, ShownTable
from tests.research.documents import told_material as told

FEW = told.FEW


def curve(name: str, *days: int, why: str = "") -> dict[str, Any]:
    """A curve that falls by one in a hundred each time."""
    points = [
        {"day": day, "percent": 100.0 - place, "at_risk": 501 - 6 * place}
        for place, day in enumerate(days)
    ]
    return asdict(ShownCurve(name, name, points, 501 if days else None, why))


def counts(name: str, *people: int | None) -> dict[str, Any]:
    """Counts by 12 weeks."""
    places = [f"weeks {12 * place + 1} to {12 * place + 12}" for place in range(len(people))]
    return asdict(ShownCounts(name, f"{name}, by 12 weeks", places, list(people)))


def grid(
    name: str, cells: list[list[int | None]], *, label: str = "", rows: Sequence[str] = ()
) -> dict[str, Any]:
    """A table whose totals are those of its cells, or held back."""
    lines = [None if None in line else sum(one or 0 for one in line) for line in cells]
    across = [sum(one or 0 for one in column) for column in zip(*cells, strict=True)]
    return asdict(
        ShownTable(
            name=name,
            label=label or name,
            row_title="group",
            rows=list(rows) or [f"row {place}" for place in range(len(cells))],
            column_title="answer",
            columns=[f"column {place}" for place in range(len(cells[0]))],
            cells=cells,
            row_totals=lines,
            column_totals=list(across),
            total=sum(across),
            held_back=sum(one is None for line in cells for one in line),
            flags=[{"axis": "row", "index": 0, "kind": "all_in_one"}],
            why="",
        )
    )


def results() -> list[ShownResult]:
    """What a study found, each kind of figure among it, told and held back."""
    wave = "wave 2 (week 13)"
    effects = [
        told.estimate(f"score_{place}_2_effect", 0.3, 0.1, unit=Unit.RATIO, label=f"Score {place}")
        for place in (1, 2)
    ]
    changed = told.estimate("score_1_2_change", 0.5, 0.25, label=f"Score 1, {wave}: mean change")
    both = told.share("score_1_2_both", 200, 300, f"Score 1, {wave}: told at both waves")
    alone = told.share("posted", 20, 40, "Posted at least once")
    return told.results(
        reach=[
            told.share("received", 490, 500, "Received something from a peer"),
            told.share("came", None, 500, "Came to a meeting"),
            grid("joined_by_age_band", [[30, None], [20, 10]], label="Joined when, by age"),
            counts("consented", 325, None, 0),
            counts("looked", None, None),
        ],
        retention=[
            curve("retention", *range(0, 600, 28)),
            told.estimate(
                "stayed_84", 0.43, 0.05, unit=Unit.SHARE, label="Still taking part after 84 days"
            ),
            told.estimate("median_days", None, unit=Unit.DAYS, label="Days until half have left"),
            curve("retention_new", why=FEW),
        ],
        follow_up=[
            told.share(
                f"follow_up_{number}",
                300 - 20 * number,
                400,
                f"Handed in wave {number}, of those who did the first",
            )
            for number in (2, 3)
        ],
        outcome_change=[both, changed, *effects],
        adverse_experiences=[told.share("adverse_ever", 20, 100), told.share("adverse_2", 10, 100)],
        participation_classes=[alone, grid("classes", [[None, None]])],
        of_tomorrow=[told.share("unheard_of", 20, 40, "Of a measure that is not declared")],
    )


PLAN = PlannedAnalysis(
    version=2,
    signed_on=date(2026, 6, 1),
    questions="Do people feel better?\n\nDo they stay?",
    primary_measures=["retention", "outcome_change"],
    secondary_measures=["adverse_experiences"],
    population="All who agreed.",
    missing_answers="They are left out.",
    worthwhile_change="One point.",
)
ASKED = (
    InstrumentAsked("ons4", 1, "Well-being", "ONS 2018", "OGL v3", ["How satisfied are you?"]),
    InstrumentAsked("swemwbs", 1, "Short scale", "Others 2009", "by licence", []),
)


def material(
    kind: EditionKind,
    found: Sequence[ShownResult] | None = None,
    *,
    texts: Mapping[str, str] | None = None,
) -> Material:
    """Of one edition, with a plan, a departure, instruments and advice."""
    plain = told.material(
        kind, results() if found is None else found, texts=texts, contact="the study team"
    )
    return replace(
        plain,
        plan=PLAN,
        departures=(Departure("Told at 84 days.", "Periods are of 28 days.", date(2026, 7, 3)),),
        instruments=ASKED,
        advice=(Advice("Say it sooner.", ["It comes first now."]), Advice("Thank you.", [])),
    )
