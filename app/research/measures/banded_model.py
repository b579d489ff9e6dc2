"""The model of a score on doses where only bands of all of them are known.

The outcome is fitted by interval regression. For a dose, and for the first score, stands the mean
of everybody in the same bands of all of them and the same period (regression calibration: Carroll,
Ruppert, Stefanski and Crainiceanu 2006, Measurement Error in Nonlinear Models, chapter 4). That
these means are estimated too is not in the intervals.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from app.research.bands import MEASURES
from app.research.instruments.structure import Score
from app.research.measures import band_margins, interval_regression, latent_deviates, means
from app.research.measures.arrays import Floats
from app.research.measures.dose_model import FIRST, OUTCOME
from app.research.measures.nested_sums import NoModelError
from app.research.period_file import PERIOD, PERSON
from app.research.score_bands import of_score


@dataclass(frozen=True, slots=True)
class _Behind:
    """What is behind the bands of one column: of each row where its band begins and ends on a
    normal deviate, and of each period the value at places of it."""

    low: Floats
    high: Floats
    values: dict[float, Callable[[Floats], Floats]]


def fit(
    score: Score, rows: pl.DataFrame, columns: Sequence[str], people: int
) -> dict[str, tuple[float, float]]:
    """The effect of each column, and half the width of its interval, from rows of codes.

    Raises NoModelError.
    """
    freedom = people - len(columns) - 1
    if freedom < 1:
        raise NoModelError("there are too few people for the model")
    means_of = _means(score, rows, [name for name in columns if name != PERIOD])
    values = [
        rows.get_column(name).to_numpy().astype(np.float64) if name == PERIOD else means_of[name]
        for name in columns
    ]
    found = interval_regression.fit(
        *_ends(score, rows.get_column(OUTCOME)),
        np.column_stack([np.ones(rows.height), *values]),
        rows.get_column(PERSON).to_numpy(),
    )
    halves = [means.margin(error, freedom) for error in found.errors.tolist()]
    pairs = zip(found.effects.tolist(), halves, strict=True)
    return dict(zip(columns, list(pairs)[1:], strict=True))


def _ends(score: Score, codes: pl.Series) -> tuple[Floats, Floats]:
    """The values between which each code lies. The lowest and the highest band have no end: a scale
    tells nothing of who is beyond it."""
    bands = of_score(score)
    ends = (-np.inf, *bands.starts[1:], np.inf)
    places = [bands.levels[code] for code in codes.to_list()]
    return (
        np.array([ends[low - 1] for low, _ in places]),
        np.array([ends[high] for _, high in places]),
    )


def _means(score: Score, rows: pl.DataFrame, names: Sequence[str]) -> Mapping[str, Floats]:
    """Of each row the mean of everybody in its bands and period, of each of these columns."""
    if not names:
        return {}
    periods = rows.get_column(PERIOD).to_numpy()
    behind = [_behind(score, rows, name, periods) for name in names]
    low, high = (np.column_stack([getattr(one, end) for one in behind]) for end in ("low", "high"))
    together = latent_deviates.correlations(low, high)
    cells, of_row = np.unique(np.column_stack([periods, low, high]), axis=0, return_inverse=True)
    starts, ends = np.split(cells[:, 1:], 2, axis=1)
    drawn, weights = latent_deviates.draws(starts, ends, together)
    told: dict[str, Floats] = {}
    for place, (name, one) in enumerate(zip(names, behind, strict=True)):
        values = drawn[:, :, place]
        for period, value in one.values.items():
            here = cells[:, 0] == period
            values[here] = value(values[here])
        told[name] = (weights * values).sum(axis=1)[of_row]
    return told


def _behind(score: Score, rows: pl.DataFrame, name: str, periods: Floats) -> _Behind:
    """Of the first score by a normal distribution, of a dose by a count of each period."""
    found = _Behind(np.empty(rows.height), np.empty(rows.height), {})
    if name == FIRST:
        ends = _ends(score, rows.get_column(name))
        people = rows.get_column(PERSON).to_numpy()
        normal = interval_regression.fit(*ends, np.ones((rows.height, 1)), people)
        mean, spread = float(normal.effects[0]), normal.residual
        found.low[:], found.high[:] = ((end - mean) / spread for end in ends)
        found.values.update(dict.fromkeys(np.unique(periods), lambda at: mean + spread * at))
        return found
    ranges = [MEASURES[name].ranges[code] for code in rows.get_column(name)]
    for period in np.unique(periods):
        here = np.flatnonzero(periods == period)
        margin = band_margins.of_counts([ranges[place] for place in here])
        found.low[here], found.high[here] = margin.low, margin.high
        found.values[period] = margin.value
    return found
