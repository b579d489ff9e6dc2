"""Means of people with their 95 % intervals by Student's t, and how far few people make them."""

from typing import Final

import numpy as np
from scipy import stats

from app.research.measures.arrays import Floats
from app.research.measures.results import Estimate, Unit

LEVEL: Final = 0.95
#: Said where nobody, or only one person, can be counted.
NOBODY: Final = "nobody answered"
ONE: Final = "one person has no interval"


def margin(error: float, freedom: float) -> float:
    """Half the width of an interval, from a standard error."""
    return float(stats.t.ppf((1 + LEVEL) / 2, freedom)) * error


def mean(name: str, label: str, unit: Unit, values: Floats) -> Estimate:
    """The mean of one value a person; no interval for one person."""
    if not values.size:
        return Estimate(name, label, unit, None, 0, why=NOBODY)
    found = float(values.mean())
    if values.size == 1:
        return Estimate(name, label, unit, found, 1, why=ONE)
    half = margin(float(values.std(ddof=1)) / values.size**0.5, values.size - 1)
    return Estimate(name, label, unit, found, values.size, found - half, found + half)


def mean_of_amounts(name: str, label: str, unit: Unit, values: Floats) -> Estimate:
    """The mean of amounts of money or of acts, none of them negative, with the shares of those who
    have most."""
    told = mean(name, label, unit, values)
    total = float(values.sum())
    if not total:
        return told
    first, second = np.sort(np.r_[values, 0.0])[:-3:-1] / total
    return Estimate(
        told.name,
        told.label,
        told.unit,
        told.value,
        told.persons,
        told.low,
        told.high,
        why=told.why,
        most=float(first),
        two_most=float(first + second),
    )


def difference(name: str, label: str, unit: Unit, here: Floats, there: Floats) -> Estimate:
    """The mean of some people less that of others (Welch 1947)."""
    people = here.size + there.size
    if min(here.size, there.size) < 2:
        return Estimate(name, label, unit, None, people, why="fewer than two people on a side")
    found = float(here.mean() - there.mean())
    parts = np.array([here.var(ddof=1) / here.size, there.var(ddof=1) / there.size])
    if not parts.sum():
        return Estimate(name, label, unit, found, people, found, found)
    freedom = parts.sum() ** 2 / (parts**2 / [here.size - 1, there.size - 1]).sum()
    half = margin(float(parts.sum() ** 0.5), float(freedom))
    return Estimate(name, label, unit, found, people, found - half, found + half)
