"""The standardised mean change of the same people between two waves, d_av: their mean change over
the root mean square of both standard deviations (Cumming 2012, Understanding the New Statistics,
chapter 11).

That keeps an effect in the units of differences between people, so that it compares with trials
(Morris and DeShon 2002, Psychol Methods 7:105-125). Its interval is Bonett's for paired scores with
unequal variances (2008, Psychol Methods 13:99-109), without correction for bias.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from app.research.measures.arrays import Floats
from app.research.measures.means import LEVEL


@dataclass(frozen=True, slots=True)
class EffectSize:
    """The standardised mean change, with its 95 % interval."""

    value: float
    error: float

    @property
    def half(self) -> float:
        """Half the width of its interval."""
        return float(stats.norm.ppf((1 + LEVEL) / 2)) * self.error


def of_summary(
    change: float, before: float, after: float, correlation: float, people: int
) -> EffectSize:
    """From the mean change, the standard deviations at both waves and the correlation."""
    pooled = (before**2 + after**2) / 2
    value = change / pooled**0.5
    shared = correlation * before * after
    spread = value**2 * (before**4 + after**4 + 2 * shared**2) / (8 * pooled**2)
    variance = (spread + (before**2 + after**2 - 2 * shared) / pooled) / (people - 1)
    return EffectSize(value, variance**0.5)


def of_pairs(before: Floats, after: Floats) -> EffectSize | None:
    """From what each person told at both waves; None for fewer than two people, and where everybody
    told the same at both."""
    if before.size < 2:
        return None
    spread = np.cov(before, after)
    deviations = np.sqrt(np.diag(spread))
    if not deviations.any():
        return None
    first, second = deviations.tolist()
    product = first * second
    correlation = float(spread[0, 1]) / product if product else 0.0
    change = float((after - before).mean())
    return of_summary(change, first, second, correlation, before.size)
