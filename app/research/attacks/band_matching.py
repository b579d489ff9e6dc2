"""Banded periods laid over the wall: which member's days could have given these bands.

The wall bounds a record from below: replies are some of what was given, answers some of what was
received (`likelihood` says how much more there may be).
"""

from collections import Counter

import polars as pl

from app.research.attacks.likelihood import SEEN, Candidacies, Model, Record, Span
from app.research.attacks.outgoing import FIRST_ANSWER, Outgoing
from app.research.attacks.wall import WallRows, ordinal


def candidacies(wall: WallRows, file: Outgoing, periods: int, first: int) -> Candidacies:
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
        lower = _at(starts, sums, file.schedule.first_day(period) - 1, last)
        upper = _at(starts, sums, file.schedule.first_day(period + 1) - 1, last)
        found = found.with_columns(
            (upper[name] - lower[name]).alias(f"{name}_{period}") for name in set(SEEN.values())
        )
    return Candidacies(found, periods)


def _sums(wall: WallRows, first: int, last: int) -> pl.DataFrame:
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


def match(file: Outgoing, wall: WallRows, first: int) -> dict[str, list[float]]:
    """By participant, how probable each member is; each row adds up to 1."""
    records = _records(file)
    spans = _spans(file)
    periods = max((period for one in records.values() for cells in one.values()
                   for period in cells), default=0)  # fmt: skip
    found = candidacies(wall, file, periods, first)
    patterns = {key: _key(record) for key, record in records.items()}
    dict_of = {_key(record): record for record in records.values()}
    model = Model(file, found)
    people = Counter((patterns[key], spans[key]) for key in patterns)
    model.calibrate([(dict_of[pattern], span, count) for (pattern, span), count in people.items()])
    known = {(pattern, span): model.members(dict_of[pattern], span) for pattern, span in people}
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


def _spans(file: Outgoing) -> dict[str, Span]:
    """By participant, from how many to how many days they were seen."""
    found: dict[str, Span] = {}
    has_days = "days_observable" in file.frame.columns
    for row in file.frame.sort("participant", "period").iter_rows(named=True):
        period = row["period"]
        before, length = file.schedule.first_day(period), file.schedule.days(period)
        least, most = 1, length
        if has_days and row["days_observable"] >= FIRST_ANSWER:
            low, high = file.observed(period, row["days_observable"])
            least, most = low, length if high is None else high
        tenure = row.get("tenure_band")
        if tenure not in file.ranges.get("tenure_band", {}):
            tenure = None
        found[row["participant"]] = Span(before + least, before + most, tenure)
    return found
