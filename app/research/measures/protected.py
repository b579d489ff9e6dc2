"""What a measure found, as the team may see it: every part passes through here, and nothing else is
kept or shown. The rule that was applied, and how much it took, are part of each.
"""

from dataclasses import asdict
from functools import singledispatch
from math import isfinite
from typing import Final

from app.research.measures.results import (
    Curve,
    Estimate,
    MeasurePart,
    PeopleShare,
    PeopleTable,
    RoundedCounts,
    Unit,
)
from app.research.measures.shown_parts import (
    Shown,
    ShownCounts,
    ShownCurve,
    ShownEstimate,
    ShownResult,
    ShownShare,
    ShownTable,
)
from app.research.protection import curves, tables
from app.research.protection.cells import Tally
from app.research.protection.rules import (
    INSIDE,
    LEAST_PERSONS,
    SHARE_OF_ONE,
    SHARE_OF_TWO,
    is_too_few,
)

#: Why there is no figure, in words for whoever reads the report.
FEW: Final = f"It rests on fewer than {LEAST_PERSONS} people."
DOMINATED: Final = "One or two people make up most of it."
NO_ONE: Final = "There is nothing to compute it from."
NO_NUMBER: Final = "It cannot be told as a number, or its interval has no end."

#: Decimals of a figure in each unit.
_DECIMALS: Final = {
    Unit.SHARE: 2,
    Unit.POINTS: 2,
    Unit.TIMES: 1,
    Unit.DAYS: 1,
    Unit.MINUTES: 0,
    Unit.PENCE: -2,
    Unit.RATIO: 3,
}


def result(measure: str, parts: tuple[MeasurePart, ...], why: str = "") -> ShownResult:
    """What may be seen of what a measure found, or why it found nothing."""
    return ShownResult(measure, [asdict(shown(part)) for part in parts], why)


@singledispatch
def shown(part: MeasurePart) -> Shown:
    """One part as it may be seen."""
    raise TypeError(type(part).__name__)


@shown.register
def _(part: Estimate) -> ShownEstimate:
    why = _why(part)
    decimals = _DECIMALS[part.unit]
    value, low, high = (
        None if why or one is None else round(one, decimals)
        for one in (part.value, part.low, part.high)
    )
    return ShownEstimate(
        part.name, part.label, part.unit, value, low, high, _people(part.persons), why
    )


def _why(part: Estimate) -> str:
    if is_too_few(part.persons):
        return FEW
    if part.most >= SHARE_OF_ONE or part.two_most > SHARE_OF_TWO:
        return DOMINATED
    if part.value is None:
        return part.why or NO_ONE
    told = (part.value if one is None else one for one in (part.value, part.low, part.high))
    return "" if all(map(isfinite, told)) else NO_NUMBER


def _people(persons: int) -> int | None:
    return None if is_too_few(persons) else INSIDE.shown(persons)


@shown.register
def _(part: PeopleShare) -> ShownShare:
    people, of = INSIDE.shown(part.persons), _people(part.of)
    # Of who is left over there may be as few as of who is counted.
    rest = INSIDE.shown(part.of - part.persons)
    if of is None or people is None or (rest is None and part.persons < part.of):
        return ShownShare(part.name, part.label, None, of, None, FEW)
    return ShownShare(part.name, part.label, people, of, min(100, round(100 * people / of)), "")


@shown.register
def _(part: PeopleTable) -> ShownTable:
    found = tables.protect([[Tally(persons) for persons in row] for row in part.persons])
    is_refused = is_too_few(sum(map(sum, part.persons)))
    cells: list[list[int | None]] = [
        [None if is_refused else value for value in row] for row in found.values
    ]
    lines, across = found.row_totals or [], found.column_totals or []
    return ShownTable(
        name=part.name,
        label=part.title,
        row_title=part.rows.title,
        rows=[label for _, label in part.rows.places],
        column_title=part.columns.title,
        columns=[label for _, label in part.columns.places],
        cells=cells,
        row_totals=[None if is_refused else one for one in lines],
        column_totals=[None if is_refused else one for one in across],
        total=None if is_refused else found.total,
        held_back=sum(value is None for row in cells for value in row),
        flags=[] if is_refused else [asdict(flag) for flag in found.flags],
        why=FEW if is_refused else "",
    )


@shown.register
def _(part: Curve) -> ShownCurve:
    points = curves.protect(
        (step.day, step.at_risk, step.events, step.censored) for step in part.steps
    )
    return ShownCurve(
        part.name,
        part.title,
        [
            {"day": one.day, "percent": round(100 * one.share, 1), "at_risk": one.at_risk}
            for one in points
        ],
        points[0].at_risk if points else None,
        "" if points else FEW,
    )


@shown.register
def _(part: RoundedCounts) -> ShownCounts:
    return ShownCounts(part.name, part.title, list(part.places), list(part.persons))
