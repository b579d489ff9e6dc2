"""Survival curves of persons: the product-limit estimate, its interval and its median."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import polars as pl

from app.research.measures.results import CurveStep

_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Surviving:
    """The share to whom it has not happened by the end of a day (Kaplan and Meier 1958), with the
    95 % interval from Greenwood's variance on the scale log(−log) (Kalbfleisch and Prentice 1980).
    There is no interval while it has happened to none, or once to all."""

    day: int
    share: float
    low: float | None
    high: float | None


def steps(days: pl.Series, happened: pl.Series) -> list[CurveStep]:
    """A step for day 0 and each day on which it happened to somebody or somebody left. Who leaves
    on the day of an event could still be counted on it."""
    if not len(days):
        return []
    people = pl.DataFrame({"day": days, "happened": happened.cast(pl.Int64)})
    by_day = people.group_by("day").agg(pl.len().alias("left"), pl.col("happened").sum())
    found: list[CurveStep] = []
    at_risk = len(days)
    for day, left, events in by_day.sort("day").iter_rows():
        if not found and day > 0:
            found.append(CurveStep(0, at_risk, 0, 0))
        found.append(CurveStep(day, at_risk, events, left - events))
        at_risk -= left
    return found


def surviving(of: Sequence[CurveStep]) -> list[Surviving]:
    """The curve after each step."""
    found: list[Surviving] = []
    share, variance = 1.0, 0.0
    for step in of:
        share *= 1 - step.events / step.at_risk
        low = high = None
        if 0 < share < 1:
            variance += step.events / (step.at_risk * (step.at_risk - step.events))
            wide = _Z * sqrt(variance) / -log(share)
            low, high = share ** exp(wide), share ** exp(-wide)
        found.append(Surviving(step.day, share, low, high))
    return found


def on(curve: Sequence[Surviving], day: int) -> Surviving:
    """The curve on a day; of a curve that begins on day 0."""
    return [one for one in curve if one.day <= day][-1]


def still_observed(of: Sequence[CurveStep], day: int) -> int:
    """How many could be counted on a day."""
    return next((step.at_risk for step in of if step.day >= day), 0)


def median(curve: Sequence[Surviving]) -> tuple[int | None, int | None, int | None]:
    """The first day by whose end it has happened to half of all, and where the two ends of the
    interval reach half (Brookmeyer and Crowley 1982); None where they never do."""

    def first(ends: Sequence[tuple[int, float | None]]) -> int | None:
        return next((day for day, end in ends if end is not None and end <= 0.5), None)

    return (
        first([(one.day, one.share) for one in curve]),
        first([(one.day, one.low if one.share else 0.0) for one in curve]),
        first([(one.day, one.high if one.share else 0.0) for one in curve]),
    )
