"""Rows of single acts laid over somebody's calendar: which person, and which first day, fits.

Behind two attacks: a file's acts over the wall, and one study's acts over another's.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from app.research.attacks.outgoing import most

#: What one act that stands on one side only costs, in nats: texts are edited, taken back, hidden.
MISFIT: Final = 4.0
#: What it costs to believe that someone stopped although they went on writing.
STOPPED: Final = 3.0
#: A person whose best fit has so many more misfits than another's is not looked at further.
MARGIN: Final = 6
#: Likelihoods so close are one.
LIKE: Final = 1e-9

#: By candidate, the log-likelihood and the first day that fits best.
Scores = dict[int, tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Acts of candidates: `counts` has candidate, date, mark, n; `sums` all acts up to a date.

    First days are sought from `first` to `last`; nobody acts after `until`.
    """

    counts: pl.DataFrame
    sums: pl.DataFrame
    first: int
    last: int
    until: int


def marks(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The frame with `mark`: all that is told of an act, as one word."""
    cells = [pl.col(column).cast(pl.String).fill_null("-") for column in columns]
    return frame.with_columns(mark=pl.concat_str(cells, separator="|"))


def calendar(acts: pl.DataFrame, *, first: int, last: int, until: int) -> Calendar:
    """From acts with candidate, date and mark."""
    counts = acts.group_by("candidate", "date", "mark").agg(n=pl.len().cast(pl.Int32))
    daily = acts.group_by("candidate", "date").agg(n=pl.len().cast(pl.Int32))
    sums = daily.sort("candidate", "date").select(
        "candidate", "date", total=pl.col("n").cum_sum().over("candidate")
    )
    return Calendar(counts, sums.sort("date"), first, last, until)


def fit(own: pl.DataFrame, over: Calendar, *, start: int | None = None) -> Scores:
    """By candidate, how well these acts (day, mark) fit, over all first days: log-likelihood.

    What the candidate did on the first day counts only where the file has it too: they may have
    joined in the evening. With `start` the first day is known.
    """
    counted = own.group_by("day", "mark").agg(k=pl.len().cast(pl.Int32))
    shared = _shared(counted, over)
    if start is not None:
        shared = shared.filter(pl.col("start") == start)
    if shared.is_empty():
        return {}
    last_day = most(counted["day"].cast(pl.Int32))
    near = shared.filter(pl.col("both") >= most(shared["both"]) - MARGIN)
    upper = _up_to(near, over, pl.col("start") + last_day)
    within = upper - _up_to(near, over, pl.col("start")) - near["both_later"]
    after = _up_to(near, over, pl.lit(over.until)) - upper
    misfits = (own.height - near["both"]) + within.clip(lower_bound=0)
    scored = near.select(
        "candidate", "start", score=-MISFIT * misfits - STOPPED * (after > 0).cast(pl.Float64)
    )
    return _over_first_days(scored)


def _shared(counted: pl.DataFrame, over: Calendar) -> pl.DataFrame:
    """By candidate and first day, how many acts stand on both sides."""
    both = pl.min_horizontal("k", "n")
    return (
        counted.join(over.counts, on="mark")
        .with_columns(start=pl.col("date") - pl.col("day"))
        .filter(pl.col("start").is_between(over.first, over.last))
        .group_by("candidate", "start")
        .agg(both=both.sum(), both_later=both.filter(pl.col("day") > 0).sum())
    )


def _up_to(near: pl.DataFrame, over: Calendar, date: pl.Expr) -> pl.Series:
    """How many acts each candidate has up to that date."""
    asked = near.with_row_index("row").with_columns(date=date.cast(pl.Int32)).sort("date")
    found = asked.join_asof(over.sums, on="date", by="candidate", check_sortedness=False)
    return found.sort("row")["total"].fill_null(0)


def _over_first_days(scored: pl.DataFrame) -> Scores:
    score = pl.col("score")
    summed = scored.group_by("candidate").agg(
        best=score.max(),
        rest=(score - score.max()).exp().sum(),
        start=pl.col("start").sort_by("score", "start").last(),
    )
    return {one: (best + math.log(rest), start) for one, best, rest, start in summed.iter_rows()}


def best(scores: Mapping[int, float]) -> int | None:
    """The candidate who fits best, unless two do."""
    ordered = sorted(scores.items(), key=lambda one: -one[1])
    if not ordered or (len(ordered) > 1 and ordered[0][1] - ordered[1][1] < LIKE):
        return None
    return ordered[0][0]
