"""Regression of an outcome of which only a band is known, by maximum likelihood.

The outcome is normal around what columns say of it; of each row its least and greatest value are
known, either of them without end (Stewart 1983, Rev Econ Stud 50:737-753). Told by one over the
residual and effects relative to it, the likelihood has one maximum (Olsen 1978, Econometrica
46:1211-1215), and Newton's steps find it. Standard errors let the rows of one person go together
(Liang and Zeger 1986, Biometrika 73:13-22).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from app.research.measures.arrays import Floats
from app.research.measures.nested_sums import (
    ROUNDING_ERROR,
    NoDifferenceError,
    NoModelError,
    NotConvergedError,
)

_STEPS: Final = 100
_SMALLEST_STEP: Final = 2.0**-30
#: Log likelihood that the next step could add where it is at its maximum.
_NOTHING: Final = 1e-9
#: A log likelihood so near to 0: the columns tell every band, and nothing is left to chance.
_CERTAIN: Final = 1e-6
#: A standard error so small beside the residual is rounding: nobody changed.
_NO_ERROR: Final = 1e-6
_ROOT: Final = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True, slots=True)
class BandedFit:
    """Effects of the columns with their standard errors, and the deviation of what is left."""

    effects: Floats
    errors: Floats
    residual: float


@dataclass(frozen=True, slots=True)
class _Bands:
    """What the likelihood needs of each row: both ends with their columns, and which there are."""

    lower: Floats
    upper: Floats
    has_lower: NDArray[np.bool_]
    has_upper: NDArray[np.bool_]

    @classmethod
    def of(cls, low: Floats, high: Floats, columns: Floats) -> "_Bands":
        has_lower, has_upper = np.isfinite(low), np.isfinite(high)
        ends = [np.where(has, end, 0.0) for has, end in ((has_lower, low), (has_upper, high))]
        lower, upper = (np.column_stack([-columns, end]) for end in ends)
        return cls(lower, upper, has_lower, has_upper)

    def likelihood(self, at: Floats) -> float:
        """The logarithm of it; none where a band has no room."""
        room, _, _ = self._room(at)
        return float(np.log(room).sum()) if room.min() > 0 else -np.inf

    def slopes(self, at: Floats) -> tuple[Floats, Floats]:
        """Of each row the slope of its log likelihood, and the curvature of their sum."""
        room, lower, upper = self._room(at)
        heights = [
            np.where(has, np.exp(-(where**2) / 2) / _ROOT, 0.0) / room
            for has, where in ((self.has_lower, lower), (self.has_upper, upper))
        ]
        slope = heights[1][:, None] * self.upper - heights[0][:, None] * self.lower
        bent = (self.lower.T * (heights[0] * lower)) @ self.lower
        bent -= (self.upper.T * (heights[1] * upper)) @ self.upper
        return slope, bent - slope.T @ slope

    def _room(self, at: Floats) -> tuple[Floats, Floats, Floats]:
        """The chance of each band; taken from the nearer tail, so that nothing is rounded away."""
        lower, upper = self.lower @ at, self.upper @ at
        ends = np.where(self.has_lower, lower, -np.inf), np.where(self.has_upper, upper, np.inf)
        is_high = ends[0] > 0
        near, far = np.where(is_high, -ends[1], ends[0]), np.where(is_high, -ends[0], ends[1])
        return special.ndtr(far) - special.ndtr(near), lower, upper


def fit(low: Floats, high: Floats, columns: Floats, people: NDArray[Any]) -> BandedFit:
    """The effects of columns, the first of which is 1 for everybody.

    Raises NoModelError.
    """
    if np.unique(np.r_[low[np.isfinite(low)], high[np.isfinite(high)]]).size < 2:
        raise NoModelError("the bands do not tell how far people are apart")
    triangle = np.linalg.qr(columns, mode="r")
    size = np.abs(np.diag(triangle))
    if size.min() <= ROUNDING_ERROR * size.max():
        raise NoModelError("what was given and received can't be told apart")
    bands = _Bands.of(low, high, columns)
    at = _maximised(bands, _start(low, high, columns.shape[1]))
    slope, curvature = bands.slopes(at)
    _, numbers = np.unique(people, return_inverse=True)
    sums = np.zeros((numbers.max() + 1, at.size))
    np.add.at(sums, numbers, slope)
    effects, residual = at[:-1] / at[-1], float(1 / at[-1])
    change = residual * np.column_stack([np.eye(effects.size), -effects])
    count = len(sums)
    of_people = sums @ np.linalg.inv(curvature) @ change.T
    errors = np.sqrt(count / max(count - 1, 1)) * np.linalg.norm(of_people, axis=0)
    if (errors * np.abs(columns).max(axis=0)).min() <= _NO_ERROR * residual:
        raise NoDifferenceError
    return BandedFit(effects, errors, residual)


def _start(low: Floats, high: Floats, width: int) -> Floats:
    """Everybody alike, and as far apart as the ends of bands are."""
    ends = np.r_[low[np.isfinite(low)], high[np.isfinite(high)]]
    deviation = float(ends.std())
    start = [ends.mean() / deviation, *np.zeros(width - 1), 1 / deviation]
    return np.array(start, np.float64)


def _maximised(bands: _Bands, at: Floats) -> Floats:
    """Newton's steps, each halved until it leads up. Raises NotConvergedError."""
    value = bands.likelihood(at)
    for _ in range(_STEPS):
        slope, curvature = bands.slopes(at)
        total = slope.sum(axis=0)
        sizes = np.linalg.eigvalsh(-curvature)
        if sizes[0] <= ROUNDING_ERROR * sizes[-1] or value > -_CERTAIN:
            break
        step = np.linalg.solve(-curvature, total)
        if total @ step < _NOTHING:
            return at
        part = 1.0
        while bands.likelihood(at + part * step) <= value and part > _SMALLEST_STEP:
            part /= 2
        at = at + part * step
        value = bands.likelihood(at)
    raise NotConvergedError
