"""The model of a score on what somebody gave, received and came to between two waves.

The score at the wave that ends a period, on the score at the first wave (an analysis of covariance:
Vickers and Altman 2001, BMJ 323:1123-1124), on time and on doses of that period, each as the
logarithm to base 2 of one more than its count: an effect is told for each doubling. A person has an
intercept, and so has the group they came to in most periods; who came to none is a group by
themselves.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from app.research.bands import MEASURES
from app.research.instruments.structure import Score
from app.research.measures import means, mixed_model
from app.research.measures.nested_sums import NoModelError
from app.research.measures.results import Estimate, Unit
from app.research.period_file import PERIOD, PERSON

#: What is looked at, in the order in which it is told.
DOSES: Final = ("giving", "receiving", "active_days", "meetings")
OUTCOME: Final = "outcome"
FIRST: Final = "first"
GROUP: Final = "group"
#: Of the days of a period, so much must have been observed: the upper half of the bands.
OBSERVED_LEAST: Final = 2 / 3
#: Its place among the bands of days observed.
OBSERVED_BAND: Final = 3


#: Of rows, columns and how many people: the effect of each column, and half the width of its
#: interval; of no column, none. Raises NoModelError.
Fitter = Callable[[pl.DataFrame, Sequence[str], int], dict[str, tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Effects:
    """The effect of each dose, and of how many people it is told."""

    told: tuple[Estimate, ...]
    people: int


def doubled(dose: str) -> pl.Expr:
    """A count on the scale of the model; what was deleted again can outweigh what was done."""
    return (1 + pl.col(dose).clip(lower_bound=0)).log(2).alias(dose)


def mixed(
    rows: pl.DataFrame, columns: Sequence[str], people: int
) -> dict[str, tuple[float, float]]:
    """By the mixed model. People count, not answers: Student's t has as many degrees of freedom as
    there are people more than columns."""
    freedom = people - len(columns) - 1
    if freedom < 1:
        raise NoModelError("there are too few people for the model")
    if not columns:
        return {}
    values = rows.select(columns).to_numpy().astype(np.float64)
    model = mixed_model.fit(
        rows.get_column(OUTCOME).to_numpy(),
        np.column_stack([np.ones(rows.height), values]),
        rows.get_column(PERSON).rank("dense").to_numpy(),
        rows.get_column(GROUP).rank("dense").to_numpy(),
    )
    halves = [means.margin(error, freedom) for error in model.errors.tolist()]
    pairs = zip(model.effects.tolist(), halves, strict=True)
    return dict(zip(columns, list(pairs)[1:], strict=True))


def effects(
    score: Score, rows: pl.DataFrame, doses: Sequence[str], fitted: Fitter = mixed
) -> Effects:
    """Of rows a person and period: outcome, first score, group and doses; without a figure, and
    with the reason, where the model can't be told."""
    people = rows.get_column(PERSON).n_unique()
    varied = [name for name in (*doses, PERIOD) if rows.get_column(name).n_unique() > 1]
    columns = [*varied, *([FIRST] if rows.get_column(FIRST).n_unique() > 1 else [])]
    found: dict[str, tuple[float, float]] = {}
    why = ""
    try:
        found = fitted(rows, columns, people)
    except NoModelError as error:
        why = str(error)
    told = tuple(_told(score, name, rows, found, why, people) for name in (*doses, PERIOD))
    return Effects(told, people)


def _told(
    score: Score,
    name: str,
    rows: pl.DataFrame,
    found: dict[str, tuple[float, float]],
    why: str,
    people: int,
) -> Estimate:
    what = "each later wave" if name == PERIOD else f"each doubling of: {MEASURES[name].label}"
    label = f"{score.label}, points for {what[0].lower()}{what[1:]}"
    part = f"{score.name}_{'time' if name == PERIOD else name}"
    if name in found:
        value, half = found[name]
        return Estimate(part, label, Unit.POINTS, value, people, value - half, value + half)
    said = why or "it was the same for everybody"
    return Estimate(part, label, Unit.POINTS, None, people, why=said)


def beside(one: Estimate, ending: str, words: str) -> Estimate:
    """The same estimate under another name, where two ways are told side by side."""
    return Estimate(
        f"{one.name}_{ending}",
        f"{one.label} ({words})",
        one.unit,
        one.value,
        one.persons,
        one.low,
        one.high,
        one.why,
    )


def losses(first: Sequence[Estimate], second: Sequence[Estimate]) -> Iterator[Estimate]:
    """How far the first are off the second, and how much wider their intervals are."""
    for one, other in zip(first, second, strict=True):
        off, width = f"{one.name}_off", f"{one.name}_width"
        labels = f"{one.label}: difference from exact", f"{one.label}: width, to exact"
        why = one.why or other.why
        if one.value is None or other.value is None:
            yield Estimate(off, labels[0], Unit.POINTS, None, one.persons, why=why)
            yield Estimate(width, labels[1], Unit.RATIO, None, one.persons, why=why)
            continue
        yield Estimate(off, labels[0], Unit.POINTS, one.value - other.value, one.persons)
        widths = [(each.high or 0.0) - (each.low or 0.0) for each in (one, other)]
        yield Estimate(width, labels[1], Unit.RATIO, widths[0] / widths[1], one.persons)
