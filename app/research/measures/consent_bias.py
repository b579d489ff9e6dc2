"""Consent bias: whether participants do what all members do, and who agreed to what."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from app.research.codebook import code_of
from app.research.measures import people_tables
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import (
    Base,
    Estimate,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    PeopleTable,
    Trait,
    Unit,
)
from app.research.people_thresholds import rounded
from app.research.period_file import PERIOD, PERSON
from app.research.registry import ActivityKind
from app.research.schedule import PERIOD_DAYS
from app.research.special_codes import WITHHELD

#: Columns of the whole community, and what each counts.
_ACTS: Final = {
    "writers": (ActivityKind.PUBLISHED, "Published a post"),
    "repliers": (ActivityKind.REPLIED, "Replied to someone else"),
    "reactors": (ActivityKind.REACTED, "Gave a reaction"),
}
_YES_NO: Final = (("yes", "agreed"), ("no", "did not agree"))
_ACTIVITY: Final = PeopleAxis("activity", "A record of activity", _YES_NO)
_QUESTIONNAIRES: Final = PeopleAxis("questionnaires", "Questionnaires", _YES_NO)


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Each act among participants, among members, and the difference; consents last."""
    people = frames["people"]
    whole = people.filter(pl.col("last_day") >= PERIOD_DAYS - 1).select(PERSON)
    parts = [part for name in _ACTS for part in _compared(frames, name, whole)]
    if frames.options.asked:
        parts.append(_consents(frames))
    return tuple(parts)


def _compared(frames: Frames, name: str, whole: pl.DataFrame) -> Iterator[MeasurePart]:
    kind, label = _ACTS[name]
    acts = frames["acts"].filter(
        (pl.col("kind") == code_of("kind")[kind])
        & (pl.col("day") < PERIOD_DAYS)
        & (pl.col("other_side") != code_of("other_side")["self"])
    )
    did = whole.join(acts, on=PERSON, how="semi").height
    of_members, members = _members(frames, name)
    here = _rounded_share(did, whole.height)
    base, trait = Base("first_12_weeks", whole.height), Trait(f"{name}_first", is_lasting=True)
    words = f"{label} in their first 12 weeks: participants"
    yield PeopleShare(name, words, did, whole.height, base, trait)
    why = "" if of_members is not None else "too few members, or no 12 weeks are over"
    what = f"{label} in 12 weeks: all members"
    yield Estimate(f"{name}_members", what, Unit.SHARE, of_members, members, why=why)
    why = why or ("" if here is not None else "too few participants to tell it")
    apart = None if of_members is None or here is None else here - of_members
    what = f"{label}: share of participants less that of all members"
    yield Estimate(f"{name}_difference", what, Unit.SHARE, apart, rounded(whole.height), why=why)


def _members(frames: Frames, name: str) -> tuple[float | None, int]:
    """The share of members, over the periods in which it was told, and the most members of one.
    Counts were rounded to 5 where they were counted. The last period may not be over: it is left
    out."""
    over = frames["community"].filter(pl.col(PERIOD) < pl.col(PERIOD).max())
    told = over.filter((pl.col("members") > 0) & (pl.col(name) >= 0))
    if told.is_empty():
        return None, 0
    doing, members = (told.get_column(one) for one in (name, "members"))
    return int(doing.sum()) / int(members.sum()), max(members)


def _rounded_share(people: int, of: int) -> float | None:
    """From counts rounded as those of all members are."""
    part, whole = rounded(people), rounded(of)
    return None if WITHHELD in (part, whole) or whole == 0 else part / whole


def _consents(frames: Frames) -> PeopleTable:
    asked = (
        frames["responses"]
        .select(PERSON)
        .unique()
        .with_columns(pl.lit("yes").alias(_QUESTIONNAIRES.field))
    )
    activity = pl.when(pl.col("last_day") >= 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    people = (
        frames["people"]
        .select(PERSON, activity.alias(_ACTIVITY.field))
        .join(asked, on=PERSON, how="full", coalesce=True)
        .with_columns(pl.col(_ACTIVITY.field, _QUESTIONNAIRES.field).fill_null("no"))
    )
    title = "What participants agreed to"
    return people_tables.table(
        "consents", title, people, _ACTIVITY, _QUESTIONNAIRES, "agreed_or_asked"
    )
