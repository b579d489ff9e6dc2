"""Normal deviates behind bands, which go together (a Gaussian copula), and draws within bands.

Their correlations are those of maximum likelihood, pair by pair (Olsson 1979, Psychometrika
44:443-460). Draws are taken one column after another and weighed (Geweke 1991, Computing Science
and Statistics 23:571-578); they are the same ones each time.
"""

from typing import Final

import numpy as np
from scipy import special
from scipy.optimize import minimize_scalar
from scipy.stats import qmc

from app.research.measures.arrays import Floats

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_HALF: Final = (_NODES + 1) / 2
_MOST: Final = 0.98
_LEAST_CHANCE: Final = 1e-12
#: Of the matrix of correlations: less is no distribution.
_LEAST_VALUE: Final = 1e-3
_DRAWS: Final = 512


def correlations(low: Floats, high: Floats) -> Floats:
    """Of all pairs, from the deviates between which each row lies. Pairs that contradict each other
    are mended to the nearest that do not."""
    width = low.shape[1]
    found = np.eye(width)
    for one in range(width):
        for other in range(one):
            both = [one, other]
            found[one, other] = found[other, one] = _correlation(low[:, both], high[:, both])
    values, vectors = np.linalg.eigh(found)
    mended = vectors @ np.diag(np.maximum(values, _LEAST_VALUE)) @ vectors.T
    size = np.sqrt(np.diag(mended))
    return np.asarray(mended / np.outer(size, size), np.float64)


def _correlation(low: Floats, high: Floats) -> float:
    """Of two columns."""
    cells, times = np.unique(np.column_stack([low, high]), axis=0, return_counts=True)
    first, last = special.ndtr(cells[:, [0]]), special.ndtr(cells[:, [2]])
    deviates = special.ndtri(first + (last - first) * _HALF)

    def lost(of: float) -> float:
        rest = np.sqrt(1 - of * of)
        inside = special.ndtr((cells[:, [3]] - of * deviates) / rest)
        inside -= special.ndtr((cells[:, [1]] - of * deviates) / rest)
        return -float(times @ np.log(np.maximum(inside @ _WEIGHTS, _LEAST_CHANCE)))

    return float(minimize_scalar(lost, bounds=(-_MOST, _MOST), method="bounded").x)


def draws(low: Floats, high: Floats, together: Floats) -> tuple[Floats, Floats]:
    """Deviates of each row within its bands (row, draw, column), and the weight of each draw."""
    triangle = np.linalg.cholesky(together)
    width = low.shape[1]
    uniform = qmc.Sobol(width, rng=1).random(_DRAWS)
    free = np.zeros((len(low), _DRAWS, width))
    weights = np.ones((len(low), _DRAWS))
    for column in range(width):
        known = free[:, :, :column] @ triangle[column, :column]
        ends = [
            special.ndtr((end[:, [column]] - known) / triangle[column, column])
            for end in (low, high)
        ]
        room = np.maximum(ends[1] - ends[0], _LEAST_CHANCE)
        weights *= room
        inside = np.clip(ends[0] + room * uniform[:, column], _LEAST_CHANCE, 1 - _LEAST_CHANCE)
        free[:, :, column] = special.ndtri(inside)
    return free @ triangle.T, weights / weights.sum(axis=1, keepdims=True)
