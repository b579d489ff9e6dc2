"""How likely a band is, given what the wall shows of a member from some first day on.

How much more there usually is than can be seen in this community, the attacker finds out by trying
which guess makes the whole file likeliest; no truth is looked at.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from app.research.attacks.outgoing import Outgoing, most

#: What a member can count on the wall, for what a file tells.
SEEN: Final = {
    "posts": "published",
    "giving": "replied",
    "receiving": "answers",
    "active_days": "days",
    "reading": "days",
}
#: How much more there is than can be seen, on average: so much, and so much for each one seen.
UNSEEN: Final = {
    "posts": (0.01, 0.01),
    "giving": (2.0, 1.2),
    "receiving": (0.05, 0.15),
    "active_days": (1.5, 0.6),
    "reading": (10.0, 5.0),
}
#: How alike people are in that: the size of a negative binomial; more is more alike.
ALIKE: Final = 3.0
#: Likelihood of what can't be by the rules (a text was taken back since).
FLOOR: Final = 1e-3
#: Whether somebody stopped before the freeze, as far as the attacker knows.
STOPPED: Final = 0.15
#: How surely a band of tenure is what the member's page says.
TENURE_TRUE: Final = 0.97
#: What is tried for how much more or less than that it is here.
SCALES: Final = (0.25, 0.5, 1.0, 2.0, 4.0)

#: By measure and period, the code.
Record = dict[str, dict[int, int]]
#: A record and what else is told, and how many people have just that.
People = list[tuple[Record, "Span", int]]


@dataclass(frozen=True, slots=True)
class Candidacies:
    """Every member with every first day: a row each, in the order of members."""

    rows: pl.DataFrame
    periods: int


@dataclass(frozen=True, slots=True)
class Span:
    """From how many to how many days someone was seen; how long they had been a member."""

    least: int
    most: int
    tenure: int | None


class Model:
    """How likely each code is, given what the wall shows."""

    def __init__(self, file: Outgoing, found: Candidacies) -> None:
        self.file = file
        self.rows = found.rows
        self.places = {
            name: {p: found.rows[f"{seen}_{p}"] for p in range(1, found.periods + 1)}
            for name, seen in SEEN.items()
        }
        self.tops = {name: max(map(most, row.values()), default=0)
                     for name, row in self.places.items()}  # fmt: skip
        self.scales = dict.fromkeys(SEEN, 1.0)
        self.logs: dict[tuple[str, int, float], pl.Series] = {}

    def weigh(self, record: Record, span: Span) -> tuple[pl.Series, float]:
        """How probable each candidacy is, the best being 1, and the logarithm of the best."""
        total = self._span(span)
        for measure, cells in record.items():
            for period, code in cells.items():
                total = total + self._log(measure, code).gather(self.places[measure][period])
        top = float(total.max())  # type: ignore[arg-type]
        return (total - top).exp(), top

    def members(self, record: Record, span: Span) -> list[float]:
        """How probable each member is, over all first days."""
        weights, _ = self.weigh(record, span)
        summed = (
            self.rows.select("member", weight=weights)
            .group_by("member")
            .agg(pl.col("weight").sum())
            .sort("member")["weight"]
        )
        return (summed / summed.sum()).to_list()

    def calibrate(self, people: People) -> None:
        """Measure by measure, the scale under which the file is likeliest."""
        for measure in {name for record, _, _ in people for name in record}:
            likely: dict[float, float] = {}
            for scale in SCALES:
                self.scales[measure] = scale
                likely[scale] = self._all(people)
            self.scales[measure] = max(likely, key=likely.__getitem__)

    def _all(self, people: People) -> float:
        return sum(count * self._likelihood(record, span) for record, span, count in people)

    def _likelihood(self, record: Record, span: Span) -> float:
        weights, top = self.weigh(record, span)
        return top + math.log(weights.sum())

    def _log(self, measure: str, code: int) -> pl.Series:
        key = measure, code, self.scales[measure]
        if key not in self.logs:
            self.logs[key] = pl.Series([math.log(max(FLOOR, one)) for one in self._guess(*key)])
        return self.logs[key]

    def _guess(self, measure: str, code: int, scale: float) -> list[float]:
        """P(code | seen)."""
        low, high = self.file.range_of(measure, code)
        base, each = (scale * one for one in UNSEEN[measure])
        return [between(low - seen, high if high is None else high - seen, base + each * seen)
                for seen in range(self.tops[measure] + 1)]  # fmt: skip

    def _span(self, span: Span) -> pl.Series:
        """Whoever still takes part was seen until the freeze; whoever stopped, for less long."""
        column = pl.col("span")
        seen = (
            pl.when(column < span.least).then(math.log(FLOOR))
            .when(column > span.most + 1).then(math.log(STOPPED))
            .otherwise(0.0)
        )  # fmt: skip
        return self.rows.select(seen + self._tenure(span)).to_series()

    def _tenure(self, span: Span) -> pl.Expr:
        """Everyone reads on a member's page since when they are here."""
        if span.tenure is None:
            return pl.lit(0.0)
        low, high = self.file.ranges["tenure_band"][span.tenure]
        column = pl.col("date") - pl.col("joined")
        fits = column.is_between(low - 1, math.inf if high is None else high + 1)
        return pl.when(fits).then(math.log(TENURE_TRUE)).otherwise(math.log(1 - TENURE_TRUE))


def between(low: int, high: int | None, mean: float) -> float:
    """P(low <= X <= high) for X negative binomial with this mean."""
    if high is None:
        return 1.0 - _up_to(low - 1, mean)
    return _up_to(high, mean) - _up_to(low - 1, mean)


@lru_cache(maxsize=100_000)
def _up_to(most: int, mean: float) -> float:
    """P(X <= most)."""
    share = mean / (ALIKE + mean)
    one = (1 - share) ** ALIKE
    total = 0.0
    for value in range(most + 1):
        total += one
        one *= share * (ALIKE + value) / (value + 1)
    return total
