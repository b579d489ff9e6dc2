"""Banded periods laid over the wall: which member's days could have given these bands.

The wall bounds a record from below: replies are some of what was given, answers some of what was
received. How much more there usually is in this community, the attacker finds out by trying which
guess makes the whole file likeliest; no truth is looked at.
"""

import math
from collections import Counter
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
#: How surely a band of tenure is what the member's page says.
TENURE_TRUE: Final = 0.97
#: What is tried for how much more or less than that it is here.
SCALES: Final = (0.25, 0.5, 1.0, 2.0, 4.0)

Record = dict[str, dict[int, int]]


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
    joined = pl.DataFrame({"member": range(len(wall.members)), "joined": wall.joined},
                          schema={"member": pl.Int32, "joined": pl.Int32})  # fmt: skip
    found = starts.join(joined, on="member", maintain_order="left").with_columns(
        span=last + 1 - pl.col("date")
    )
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
    dict_of = {_key(record): record for record in records.values()}
    model = _Model(file, found)
    people = Counter((patterns[key], spans[key]) for key in patterns)
    model.calibrate([(dict_of[pattern], span, count) for (pattern, span), count in people.items()])
    known = {
        (pattern, span): model.members(dict_of[pattern], span) for pattern, span in people
    }
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


@dataclass(frozen=True, slots=True)
class Span:
    """From how many to how many days someone was seen; how long they had been a member."""

    least: int
    most: int
    tenure: int | None


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
        tenure = row.get("tenure_band")
        if tenure not in file.ranges.get("tenure_band", {}):
            tenure = None
        found[row["participant"]] = Span(before + least, before + most, tenure)
    return found


class _Model:
    """How likely each code is, given what the wall shows."""

    def __init__(self, file: Outgoing, found: Candidacies) -> None:
        self.file = file
        self.rows = found.rows
        self.places = {
            name: {p: found.rows[f"{seen}_{p}"] for p in range(1, found.periods + 1)}
            for name, seen in SEEN.items()
        }
        self.tops = {
            name: max((int(one.max() or 0) for one in row.values()), default=0)  # type: ignore[call-overload]
            for name, row in self.places.items()
        }
        self.scales = dict.fromkeys(SEEN, 1.0)
        self.is_tenure_true = True
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

    def calibrate(self, people: list[tuple[Record, Span, int]]) -> None:
        """Measure by measure, the scale under which the file is likeliest."""
        for measure in {name for record, _, _ in people for name in record}:
            likely: dict[float, float] = {}
            for scale in SCALES:
                self.scales[measure] = scale
                likely[scale] = self._all(people)
            self.scales[measure] = max(likely, key=likely.__getitem__)
        trusted = self._all(people)
        self.is_tenure_true = False
        self.is_tenure_true = trusted > self._all(people)

    def _all(self, people: list[tuple[Record, Span, int]]) -> float:
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
        return [_between(low - seen, high if high is None else high - seen, base + each * seen)
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
        codes = self.file.ranges["tenure_band"]
        low, high = codes[span.tenure]
        column = pl.col("date") - pl.col("joined")
        fits = column.is_between(low - 1, math.inf if high is None else high + 1)
        right = math.log(TENURE_TRUE if self.is_tenure_true else 1 / len(codes))
        wrong = math.log(1 - TENURE_TRUE if self.is_tenure_true else 1 / len(codes))
        return pl.when(fits).then(right).otherwise(wrong)


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
