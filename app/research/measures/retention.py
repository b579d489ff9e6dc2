"""Retention: how long people go on, until 28 days in which they did nothing."""

from typing import Final

import polars as pl

from app.research.demographics import NOT_ANSWERED
from app.research.measures import kaplan_meier
from app.research.measures.dataset_frames import Frames
from app.research.measures.definitions import ENOUGH, IDLE_DAYS
from app.research.measures.people import IS_OBSERVED, agreed
from app.research.measures.people_tables import answer_axis
from app.research.measures.results import Curve, Estimate, MeasurePart, Unit
from app.research.period_file import PERSON

#: After 12 weeks, half a year and a year.
TOLD_ON: Final = (84, 182, 364)
#: The code of those whose record ended because they stopped, not with the cut.
_STOPPED: Final = 2


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """The curve of all, how many stayed how long, and curves by time as a member."""
    people = times(frames)
    steps = kaplan_meier.steps(people["time"], people["has_left"])
    curve = Curve("retention", "Days from joining to 28 days without an act", steps)
    return (curve, *(_stayed(curve, day) for day in TOLD_ON), _median(curve), *_by_tenure(people))


def times(frames: Frames) -> pl.DataFrame:
    """A row a person: after how many days observed their record ended, and whether it did with the
    last of 28 whole days without an act."""
    people = agreed(frames).select(PERSON, "first_day", "last_day", "ended", "tenure_band")
    days = frames["days"].join(people, on=PERSON).filter(IS_OBSERVED)
    gone = days.filter(pl.col("is_away") == 1)
    away = gone.group_by(PERSON).agg(pl.col("day").min().alias("away"))
    people = people.join(away, on=PERSON, how="left", maintain_order="left")
    # The day on which they stopped, or went away, was no whole day.
    whole = pl.col("last_day") - (pl.col("ended") == _STOPPED).cast(pl.Int32)
    left = _idle(people, days).join(
        people.select(PERSON, pl.min_horizontal(whole, pl.col("away") - 1).alias("whole")),
        on=PERSON,
    )
    left = left.filter(pl.col("idle") <= pl.col("whole")).group_by(PERSON).agg(pl.col("idle").min())
    end = pl.coalesce("idle", pl.min_horizontal("last_day", "away"))
    return people.join(left, on=PERSON, how="left", maintain_order="left").select(
        PERSON,
        "tenure_band",
        (end - pl.col("first_day")).alias("time"),
        pl.col("idle").is_not_null().alias("has_left"),
    )


def _idle(people: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """The days on which 28 without an act would be complete. Agreeing counts as an act."""
    active = days.filter(pl.col("is_active") == 1).select(PERSON, "day")
    joined = people.select(PERSON, pl.col("first_day").alias("day"))
    acts = pl.concat([joined, active]).unique().sort(PERSON, "day")
    following = pl.col("day").shift(-1).over(PERSON)
    idle = pl.col("day") + IDLE_DAYS
    return acts.filter(following.is_null() | (following > idle)).select(PERSON, idle.alias("idle"))


def _stayed(curve: Curve, day: int) -> Estimate:
    name, label = f"stayed_{day}", f"Still taking part {day} days after joining"
    if kaplan_meier.still_observed(curve.steps, day) < ENOUGH:
        why = f"fewer than {ENOUGH} people could be observed so long"
        return Estimate(name, label, Unit.SHARE, None, curve.persons, why=why)
    on_day = kaplan_meier.on(kaplan_meier.surviving(curve.steps), day)
    return Estimate(
        name, label, Unit.SHARE, on_day.share, curve.persons, low=on_day.low, high=on_day.high
    )


def _median(curve: Curve) -> Estimate:
    name, label = "median_days", "Days after which half have left"
    day, low, high = kaplan_meier.median(kaplan_meier.surviving(curve.steps))
    if day is None:
        why = "fewer than half have left so far"
        return Estimate(name, label, Unit.DAYS, None, curve.persons, why=why)
    if kaplan_meier.still_observed(curve.steps, day) < ENOUGH:
        why = f"fewer than {ENOUGH} people could be observed so long"
        return Estimate(name, label, Unit.DAYS, None, curve.persons, why=why)
    return Estimate(name, label, Unit.DAYS, day, curve.persons, low=low, high=high)


def _by_tenure(people: pl.DataFrame) -> list[Curve]:
    found = []
    for tenure, words in answer_axis("tenure_band").places:
        of_tenure = people.filter(pl.col("tenure_band") == tenure)
        if tenure == NOT_ANSWERED or of_tenure.height < ENOUGH:
            continue
        steps = kaplan_meier.steps(of_tenure["time"], of_tenure["has_left"])
        found.append(Curve(f"retention_{tenure}", f"Members for {words} when they joined", steps))
    return found
