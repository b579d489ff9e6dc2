"""Survival curves of persons as they may be seen: computed anew from rounded cumulative counts, so
that a step shows only every six persons, and cut off where too few are left (OpenSAFELY,
"Statistical disclosure control": midpoint 6 for Kaplan-Meier curves)."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.research.protection.rounding import MIDPOINT_6
from app.research.protection.rules import LEAST_PERSONS

#: A day, how many could be counted on it, to how many it happened, how many left.
ExactStep = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """From this day on the curve stands at this share; so many could be counted on the day."""

    day: int
    share: float
    at_risk: int


def protect(steps: Iterable[ExactStep]) -> list[CurvePoint]:
    """The points of a curve that may be seen, none when it began with too few people."""
    points: list[CurvePoint] = []
    events = left = told_events = told_left = 0
    share = 1.0
    begun = None
    for day, at_risk, happened, censored in steps:
        if begun is None:
            begun = MIDPOINT_6.shown(at_risk) if at_risk >= LEAST_PERSONS else 0
            points = [CurvePoint(0, 1.0, begun)] if begun else []
        still = begun - told_events - told_left
        if still < LEAST_PERSONS:
            break
        events, left = events + happened, left + censored
        fallen = MIDPOINT_6.shown(events) - told_events
        told_events, told_left = told_events + fallen, MIDPOINT_6.shown(left)
        if fallen:
            share *= max(0.0, 1 - fallen / still)
            points.append(CurvePoint(day, share, still))
    return points
