"""95 % intervals of means and ratios over people, who are taken as a sample of such people."""

from math import sqrt
from typing import Final, NamedTuple

import polars as pl
from scipy import stats

from app.research.measures.life_table import Numbers

#: Between the 2.5th and the 97.5th percentile of what chance alone would do.
TAIL: Final = 0.975


class ConfidenceInterval(NamedTuple):
    """Both ends, or neither: one person, or people who are all alike, tell nothing of others."""

    low: float | None
    high: float | None


NONE: Final = ConfidenceInterval(None, None)


def of_mean(values: pl.Series, *, least: float, greatest: float) -> ConfidenceInterval:
    """By Student's t, cut off where no mean can lie."""
    return of_ratio(values, pl.repeat(1, len(values), eager=True), least=least, greatest=greatest)


def of_ratio(
    part: pl.Series, whole: pl.Series, *, least: float = 0.0, greatest: float = 1.0
) -> ConfidenceInterval:
    """Of the sum of `part` by that of `whole`, where people differ and not their acts: by
    linearisation over people (Cochran 1977, Sampling Techniques, 6.4)."""
    people, total = len(part), float(whole.sum())
    if people < 2 or not total:
        return NONE
    ratio = float(part.sum()) / total
    residuals = part.cast(pl.Float64) - ratio * whole.cast(pl.Float64)
    error = sqrt(people / (people - 1) * float((residuals**2).sum())) / total
    return _around(ratio, error, people, least, greatest)


def jackknife(value: float, without: Numbers) -> ConfidenceInterval:
    """Of a share, from what it would be without each of the people (Efron and Stein 1981)."""
    people = len(without)
    if people < 2:
        return NONE
    spread = float(((without - without.mean()) ** 2).sum())
    return _around(value, sqrt((people - 1) / people * spread), people, 0.0, 1.0)


def _around(
    value: float, error: float, people: int, least: float, greatest: float
) -> ConfidenceInterval:
    if not error:
        return NONE
    width = float(stats.t.ppf(TAIL, people - 1)) * error
    return ConfidenceInterval(max(least, value - width), min(greatest, value + width))
