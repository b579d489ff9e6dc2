"""Attack 4: two datasets of one study, side by side: what is new was done between the freezes."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import polars as pl

from app.research.attacks.findings import Finding
from app.research.attacks.likelihood import SEEN
from app.research.attacks.outgoing import FIRST_ANSWER, Outgoing, Range

#: Whatever is located to this many days or more is not located.
APART_DAYS: Final = 28


def attack(files: Sequence[Outgoing]) -> Finding:
    """How many people have something new that is located more narrowly than to 28 days.

    Chance locates nothing. Enrolments that the days observable narrow down are in the note.
    """
    in_order = sorted(files, key=lambda file: file.frozen_on)
    located: set[str] = set()
    gaps: list[int] = []
    for former, latter in pairwise(in_order):
        gaps.append((latter.frozen_on - former.frozen_on).days)
        if gaps[-1] < APART_DAYS:
            located |= _changed(former, latter)
        if gaps[-1] == 0:  # which of the two came first, the day does not say
            located |= _changed(latter, former)
    people = {name for file in files for name in file.participants}
    return Finding("freezes", len(located), len(people), 0.0, _note(in_order, gaps))


def _note(files: Sequence[Outgoing], gaps: list[int]) -> str:
    if not gaps:
        return "no other dataset to compare with"
    widths = enrolment_widths(files)
    narrow = sum(width < APART_DAYS - 1 for width in widths.values())
    told = f"; first days of {narrow} people narrower than 27 days" if narrow else ""
    return f"freezes at least {min(gaps)} days apart{told}"


def _changed(former: Outgoing, latter: Outgoing) -> set[str]:
    """Who certainly did something between the two."""
    return _new_acts(former, latter) if latter.kind == "acts" else _moved(former, latter)


def _new_acts(former: Outgoing, latter: Outgoing) -> set[str]:
    """Who has acts in the latter that the former doesn't have, or not as often."""
    columns = [one for one in latter.frame.columns if one in former.frame.columns]
    counted = [
        file.frame.select(pl.col(columns).cast(pl.String)).group_by(columns).len(name)
        for file, name in ((former, "before"), (latter, "after"))
    ]
    both = counted[1].join(counted[0], on=columns, how="left", nulls_equal=True)
    new = both.filter(pl.col("after") > pl.col("before").fill_null(0))
    return set(new["participant"].to_list())


def _moved(former: Outgoing, latter: Outgoing) -> set[str]:
    """Whose bands of a period have no number in common: other codes alone may be coarser ones."""
    columns = [one for one in SEEN if one in former.frame.columns and one in latter.frame.columns]
    both = former.frame.join(latter.frame, on=["participant", "period"], suffix="_after")
    return {
        row["participant"]
        for row in both.iter_rows(named=True)
        for column in columns
        if min(row[column], row[f"{column}_after"]) >= FIRST_ANSWER
        and _are_apart(former.range_of(column, row[column]),
                       latter.range_of(column, row[f"{column}_after"]))
    }  # fmt: skip


def _are_apart(one: Range, other: Range) -> bool:
    ends = [math.inf if high is None else high for _, high in (one, other)]
    return max(one[0], other[0]) > min(ends)


def enrolment_widths(files: Sequence[Outgoing]) -> dict[str, int]:
    """By participant, to how many days the days observable locate their enrolment.

    Each dataset tells one interval before its freeze; of several, only what they share is left.
    Somebody who stopped tells nothing new: intervals that share no day are passed over.
    """
    found: dict[str, tuple[int, int]] = {}
    for file in files:
        for name, (low, high) in _enrolments(file).items():
            least, most = found.get(name, (low, high))
            if max(least, low) <= min(most, high):
                found[name] = max(least, low), min(most, high)
    return {name: high - low + 1 for name, (low, high) in found.items()}


def _enrolments(file: Outgoing) -> dict[str, tuple[int, int]]:
    """From which to which day each may have joined, if they still take part."""
    if "days_observable" not in file.frame.columns:
        return {}
    found: dict[str, tuple[int, int]] = {}
    rows = file.frame.sort("participant", "period")
    for name, period, code in rows.select("participant", "period", "days_observable").iter_rows():
        if code >= FIRST_ANSWER:
            low, high = file.observed(period, code)
            before = file.frozen_on.toordinal() - file.schedule.first_day(period)
            found[name] = (before - (high or file.schedule.days(period)), before - low)
    return found
