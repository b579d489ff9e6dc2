"""Dose: how much people did, read and came to, in 28 days on which they could be observed."""

from typing import Final

import polars as pl

from app.research.answer_columns import MEETING_MINUTES, SESSIONS
from app.research.bands import OBSERVED
from app.research.measures import dominance, intervals
from app.research.measures.dataset_frames import Frames
from app.research.measures.definitions import DOSE_DAYS
from app.research.measures.people import counted
from app.research.measures.results import Base, Estimate, MeasurePart, PeopleShare, Trait, Unit

_COUNTED: Final = ("active_days", SESSIONS, "reading", "meetings", MEETING_MINUTES)
#: What is told, in which unit. Minutes of either kind are on one scale, so they add up.
TOLD: Final = (
    ("active_days", "active days", Unit.DAYS),
    (SESSIONS, "sessions", Unit.TIMES),
    ("reading", "minutes reading", Unit.MINUTES),
    ("meetings", "meetings", Unit.TIMES),
    (MEETING_MINUTES, "minutes in meetings", Unit.MINUTES),
    ("minutes", "minutes reading or in meetings", Unit.MINUTES),
)
#: Quantiles are between the two nearest people, in proportion (Hyndman and Fan 1996, type 7).
_QUARTILES: Final = (
    ("lower", "a quarter of people have no more", 0.25),
    ("median", "half of people have no more", 0.5),
    ("upper", "three quarters of people have no more", 0.75),
)
_NOBODY: Final = f"nobody could be observed for {DOSE_DAYS} days"


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Of each count: the share with none, the quartiles; and how many of all minutes were spent in
    meetings."""
    people = (
        counted(frames, *_COUNTED)
        .filter(pl.col(OBSERVED) >= DOSE_DAYS)
        .with_columns((pl.col("reading") + pl.col(MEETING_MINUTES)).alias("minutes"))
    )
    parts: list[MeasurePart] = []
    base = Base("observed", people.height)
    for name, label, unit in TOLD:
        none = int((people[name] == 0).sum())
        share = PeopleShare(
            f"{name}_none", f"No {label}", none, people.height, base, Trait(f"no_{name}")
        )
        parts.append(share)
        rates = people.select(pl.col(name) * DOSE_DAYS / pl.col(OBSERVED))[name]
        parts += [
            _quartile(f"{name}_{place}", f"{label} in 28 days: {words}", unit, rates, share)
            for place, words, share in _QUARTILES
        ]
    return (*parts, _in_meetings(people))


def _quartile(name: str, label: str, unit: Unit, rates: pl.Series, share: float) -> Estimate:
    value = rates.quantile(share, "linear")
    why = "" if len(rates) else _NOBODY
    return Estimate(name, label[0].upper() + label[1:], unit, value, len(rates), why=why)


def _in_meetings(people: pl.DataFrame) -> Estimate:
    name, label = "minutes_in_meetings", "Share of all these minutes that was in meetings"
    meetings, minutes = people[MEETING_MINUTES], people["minutes"]
    total = float(minutes.sum())
    if not total:
        return Estimate(name, label, Unit.SHARE, None, people.height, why="there are no minutes")
    low, high = intervals.of_ratio(meetings, minutes)
    value = float(meetings.sum()) / total
    largest = dominance.most(meetings, minutes)
    return Estimate(name, label, Unit.SHARE, value, people.height, low=low, high=high, **largest)
