"""How a count is spread within its bands, found from how many people are in each.

It is negative binomial, its mean and shape those of maximum likelihood over the bands. It is told
by a standard normal deviate: where each band begins and ends on it, and what count is at a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special
from scipy.optimize import minimize

from app.research.bands import Range
from app.research.measures.arrays import Floats

#: No count of a period is looked at beyond this.
_GREATEST: Final = 5_000
_COUNTS: Final = np.arange(_GREATEST)
#: Logarithms of the mean and of the shape lie between these.
_MEANS, _SHAPES = (-6.0, 7.0), (-3.0, 6.0)
_LEAST_CHANCE: Final = 1e-12


@dataclass(frozen=True, slots=True)
class CountMargin:
    """A count on the scale of doublings, in one period."""

    #: Of each row where its band begins and ends on the deviate.
    low: Floats
    high: Floats
    #: The chance of each count or a lower one.
    chances: Floats

    def value(self, deviate: Floats) -> Floats:
        """The count at a place of the deviate, in doublings."""
        found = np.searchsorted(self.chances, special.ndtr(deviate))
        return np.asarray(np.log2(1 + found), np.float64)


def of_counts(ranges: Sequence[Range]) -> CountMargin:
    """The margin of one count in one period: of each row the counts that it can be."""
    low = np.array([least for least, _ in ranges], np.float64)
    high = np.array([np.inf if most is None else most for _, most in ranges], np.float64)
    pairs, times = np.unique(np.column_stack([low, high]), axis=0, return_counts=True)

    def lost(at: Floats) -> float:
        chance = _up_to(pairs[:, 1], at) - _up_to(pairs[:, 0] - 1, at)
        return -float(times @ np.log(np.maximum(chance, _LEAST_CHANCE)))

    found = minimize(lost, np.array([1.0, 0.0]), method="Nelder-Mead", bounds=(_MEANS, _SHAPES))
    begins, ends = (special.ndtri(_up_to(end, found.x)) for end in (low - 1, high))
    return CountMargin(begins, ends, _up_to(_COUNTS.astype(np.float64), found.x))


def _up_to(count: Floats, at: Floats) -> Floats:
    """The chance of a count or a lower one, by the logarithms of mean and shape."""
    mean, shape = np.exp(at)
    finite = np.where(np.isfinite(count), np.maximum(count, 0), 0)
    chance = special.betainc(shape, finite + 1, shape / (shape + mean))
    return np.where(count < 0, 0.0, np.where(np.isfinite(count), chance, 1.0))
