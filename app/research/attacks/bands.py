"""Banded periods laid over the wall: which member's days could have given these bands.

The wall bounds a record from below: replies are some of what was given, answers some of what was
received. How much more there usually is, the attacker guesses first and then learns from the
matches themselves (expectation-maximisation): no truth is looked at.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from app.research.attacks.outgoing import FIRST_ANSWER, Outgoing
from app.research.attacks.wall import Wall, ordinal

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
ROUNDS: Final = 0
#: With more codes than this there is too little of each to learn from.
FEW_CODES: Final = 12
#: How many made-up people stand behind the first guess when it is corrected.
PRIOR: Final = 20.0
#: Lower ends of the bins in which the wall's numbers are learned from.
BINS: Final = (0, 1, 2, 3, 4, 6, 9, 14, 21, 35, 60)

Record = dict[str, dict[int, int]]
Logs = dict[tuple[str, int], pl.Series]


@dataclass(frozen=True, slots=True)
class Candidacies:
    """Every member with every first day: a row each, in the order of members."""

    rows: pl.DataFrame
    periods: int


def candidacies(wall: Wall, file: Outgoing, periods: int, first: int) -> Candidacies:
    """By member and first day, what can be counted in each period: columns `<measure>_<period>`."""
    last = ordinal(file.frozen_on)
    sums = _sums(wall, first, last)
    starts = sums.select("member", "date")
    columns = [pl.col("member"), pl.col("date"), (last + 1 - pl.col("date")).alias("span")]
    found = starts.with_columns(columns)
    for period in range(1, periods + 1):
        lower = _at(starts, sums, (period - 1) * file.period_days - 1, last)
        upper = _at(starts, sums, period * file.period_days - 1, last)
        found = found.with_columns(
            (upper[name] - lower[name]).alias(f"{name}_{period}") for name in set(SEEN.values())
        )
    return Candidacies(found, periods)


def _sums(wall: Wall, first: int, last: int) -> pl.DataFrame:
    """By member and every day, all that was seen up to it."""
    kind = pl.col("kind")
    daily = wall.rows.group_by("member", "date").agg(
        published=(kind == "published").sum(),
        replied=(kind == "replied").sum(),
        answers=(kind == "received").sum() + pl.col("reactions").sum(),
        days=(kind != "received").any().cast(pl.Int32),
    )
    names = ["published", "replied", "answers", "days"]
    grid = pl.DataFrame({"member": range(len(wall.members))}, schema={"member": pl.Int32}).join(
        pl.DataFrame({"date": range(first, last + 1)}, schema={"date": pl.Int32}), how="cross"
    )
    return (
        grid.join(daily, on=["member", "date"], how="left", maintain_order="left")
        .with_columns(pl.col(names).fill_null(0).cast(pl.Int32))
        .with_columns(pl.col(names).cum_sum().over("member"))
    )


def _at(starts: pl.DataFrame, sums: pl.DataFrame, later: int, last: int) -> pl.DataFrame:
    days = pl.min_horizontal(pl.col("date") + later, pl.lit(last, pl.Int32))
    asked = starts.with_columns(date=days)
    found = asked.join(sums, on=["member", "date"], how="left", maintain_order="left")
    return found.with_columns(pl.exclude("member", "date").fill_null(0))


def match(file: Outgoing, wall: Wall, first: int) -> dict[str, list[float]]:
    """By participant, how probable each member is; each row adds up to 1."""
    records = _records(file)
    spans = _spans(file)
    periods = max((period for one in records.values() for cells in one.values()
                   for period in cells), default=0)  # fmt: skip
    found = candidacies(wall, file, periods, first)
    patterns = {key: _key(record) for key, record in records.items()}
    model = _Model(file, found)
    for _ in range(ROUNDS):
        model.learn([(records[key], spans[key]) for key in patterns])
    known: dict[object, list[float]] = {}
    for key, pattern in patterns.items():
        whole = (pattern, spans[key])
        if whole not in known:
            known[whole] = model.members(records[key], spans[key], len(wall.members))
    return {key: known[patterns[key], spans[key]] for key in patterns}


def _key(record: Record) -> tuple[tuple[str, int, int], ...]:
    return tuple(sorted((name, p, code) for name, row in record.items() for p, code in row.items()))


def _records(file: Outgoing) -> dict[str, Record]:
    """By participant, measure and period, the code: only those that tell something."""
    measures = [name for name in SEEN if name in file.frame.columns]
    found: dict[str, Record] = {name: {} for name in file.participants}
    for row in file.frame.iter_rows(named=True):
        for measure in measures:
            code = row[measure]
            if code is not None and code >= FIRST_ANSWER:
                found[row["participant"]].setdefault(measure, {})[row["period"]] = code
    return found


Span = tuple[int, int]


def _spans(file: Outgoing) -> dict[str, Span]:
    """By participant, from how many to how many days they were seen."""
    found: dict[str, Span] = {}
    has_days = "days_observable" in file.frame.columns
    for row in file.frame.sort("participant", "period").iter_rows(named=True):
        before = (row["period"] - 1) * file.period_days
        least, most = 1, file.period_days
        if has_days and row["days_observable"] >= FIRST_ANSWER:
            low, high = file.range_of("days_observable", row["days_observable"])
            least, most = low, file.period_days if high is None else high
        found[row["participant"]] = (before + least, before + most)
    return found


class _Model:
    """How likely each code is, given what the wall shows; corrected round by round."""

    def __init__(self, file: Outgoing, found: Candidacies) -> None:
        self.file = file
        self.rows = found.rows
        self.places = {
            name: {p: found.rows[f"{seen}_{p}"] for p in range(1, found.periods + 1)}
            for name, seen in SEEN.items()
        }
        top = max((int(one.max() or 0) for row in self.places.values()  # type: ignore[call-overload]
                   for one in row.values()), default=0)  # fmt: skip
        self.values = range(top + 1)
        self.bins = [sum(low <= value for low in BINS) - 1 for value in self.values]
        self.logs: Logs = {}
        self.learned: dict[tuple[str, int], list[float]] = {}

    def weights(self, record: Record, span: Span) -> pl.Series:
        """How probable each candidacy is, up to a factor."""
        total = self._span(span)
        for measure, cells in record.items():
            for period, code in cells.items():
                total = total + self._log(measure, code).gather(self.places[measure][period])
        return (total - total.max()).exp()

    def members(self, record: Record, span: Span, count: int) -> list[float]:
        """How probable each member is, over all first days."""
        summed = (
            self.rows.select("member", weight=self.weights(record, span))
            .group_by("member")
            .agg(pl.col("weight").sum())
            .sort("member")["weight"]
        )
        whole = float(summed.sum())
        return [weight / whole for weight in summed] if count else []

    def learn(self, people: list[tuple[Record, Span]]) -> None:
        """Correct the guesses by who fits whom under the present ones."""
        counts: dict[tuple[str, int], list[float]] = {}
        for record, span in people:
            weights = self.weights(record, span)
            weights = weights / weights.sum()
            for measure, cells in record.items():
                for period, code in cells.items():
                    row = counts.setdefault((measure, code), [0.0] * len(BINS))
                    seen = pl.DataFrame({"n": self.places[measure][period], "w": weights})
                    for value, weight in seen.group_by("n").agg(pl.col("w").sum()).iter_rows():
                        row[self.bins[value]] += weight
        for measure in {name for name, _ in counts}:
            self._correct(measure, {code: row for (name, code), row in counts.items()
                                    if name == measure})  # fmt: skip

    def _correct(self, measure: str, counts: Mapping[int, list[float]]) -> None:
        if len(counts) > FEW_CODES:
            return
        totals = [sum(row[place] for row in counts.values()) for place in range(len(BINS))]
        for code, row in counts.items():
            first = self._guess(measure, code)
            mixed = [
                (row[place] + PRIOR * first[value]) / (totals[place] + PRIOR)
                for value, place in enumerate(self.bins)
            ]
            self.logs[measure, code] = pl.Series([math.log(max(FLOOR, one)) for one in mixed])

    def _log(self, measure: str, code: int) -> pl.Series:
        if (measure, code) not in self.logs:
            guess = self._guess(measure, code)
            self.logs[measure, code] = pl.Series([math.log(max(FLOOR, one)) for one in guess])
        return self.logs[measure, code]

    def _guess(self, measure: str, code: int) -> list[float]:
        """P(code | seen)."""
        low, high = self.file.range_of(measure, code)
        base, each = UNSEEN[measure]
        return [_between(low - seen, high if high is None else high - seen, base + each * seen)
                for seen in self.values]  # fmt: skip

    def _span(self, span: Span) -> pl.Series:
        """Whoever still takes part was seen until the freeze; whoever stopped, for less long."""
        least, most = span
        column = pl.col("span")
        return self.rows.select(
            pl.when(column < least).then(math.log(FLOOR))
            .when(column > most + 1).then(math.log(STOPPED))
            .otherwise(0.0)
        ).to_series()  # fmt: skip


def _between(low: int, high: int | None, mean: float) -> float:
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
