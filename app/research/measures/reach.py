"""Reach: who joined, who received something, and who came to a meeting."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from app.research.bands import ANSWERS
from app.research.measures.dataset_frames import Frames
from app.research.measures.people import AGREED, agreed, counted, everyone
from app.research.measures.people_tables import answer_axis, table
from app.research.measures.results import (
    Base,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    RoundedCounts,
    Trait,
)
from app.research.period_file import PERIOD, PERSON
from app.research.schedule import TWELVE_WEEKS

#: How people came to meetings, over all groups they came to.
CAME: Final = PeopleAxis(
    "came",
    "meetings",
    (
        ("in_person", "in person only"),
        ("online", "online only"),
        ("both", "in person and online"),
        ("unknown", "in groups of which this is not known"),
        ("none", "none"),
    ),
)
RECEIVED: Final = Trait("received")
#: Counts that were rounded when the dataset was frozen: file, column and how they are told.
_ROUNDED: Final = (
    ("community", "members", "Members of the community"),
    ("flow", "looked", "Looked at the study"),
    ("flow", "consented", "Joined the study"),
    ("flow", "stopped", "Stopped taking part"),
    ("flow", "erased", "Had everything erased"),
)


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Who agreed, by when they joined and each answer; who received and who came; and how many
    there were in the community, looked at the study, joined, stopped and had all erased."""
    people = agreed(frames)
    all_ = frames["people"].height
    parts: list[MeasurePart] = [
        PeopleShare(
            "agreed",
            "Agreed to a record of what they do",
            people.height,
            all_,
            Base("people", all_),
            Trait("activity"),
        )
    ]
    parts += _joined(people)
    if frames.has("doses"):
        parts += _received(frames)
    if frames.has("doses", "groups"):
        parts += _came(frames)
    return (*parts, *_rounded(frames))


def _joined(people: pl.DataFrame) -> Iterator[MeasurePart]:
    last = max(people["joined"], default=1)
    places = tuple((str(period), TWELVE_WEEKS.spoken(period)) for period in range(1, last + 1))
    periods = PeopleAxis(
        "joined", "joined, since the study opened", places, Trait("joined", is_lasting=True)
    )
    people = people.with_columns(pl.col("joined").cast(pl.String))
    for axis in map(answer_axis, ANSWERS):
        name, title = f"joined_by_{axis.field}", f"Joined when, by {axis.title}"
        yield table(name, title, people, periods, axis, AGREED)


def _received(frames: Frames) -> Iterator[MeasurePart]:
    people = counted(frames, "receiving", "meetings")
    base = everyone(people)
    received = int((people["receiving"] > 0).sum())
    label = "Received something from a peer"
    yield PeopleShare("received", label, received, people.height, base, RECEIVED)
    met = int((people["meetings"] > 0).sum())
    yield _share("came", "Came to a meeting", met, base, ("in_person", "online", "both", "unknown"))


def _share(name: str, label: str, persons: int, base: Base, ways: tuple[str, ...]) -> PeopleShare:
    others = tuple(way for way, _ in CAME.places if way not in ways)
    return PeopleShare(name, label, persons, base.persons, base, Trait("came"), ways, others)


def _came(frames: Frames) -> Iterator[MeasurePart]:
    people = came(frames)
    axis = answer_axis("peer_support_before")
    yield table(
        "came_by_peer_support_before", f"Meetings by {axis.title}", people, CAME, axis, AGREED
    )
    for mode, label in (("in_person", "in person"), ("online", "online")):
        persons = int(people["came"].is_in([mode, "both"]).sum())
        label = f"Came to a meeting {label}"
        yield _share(f"came_{mode}", label, persons, everyone(people), (mode, "both"))


def came(frames: Frames) -> pl.DataFrame:
    """Everyone with how they came: by the group of most of their meetings in each period."""
    met = frames["doses"].filter(pl.col("meetings") > 0).select(PERSON, PERIOD, "group_cluster")
    modes = met.join(frames["groups"], on="group_cluster", how="left").group_by(PERSON)
    of_person = modes.agg(
        (pl.col("mode") == mode).any().alias(mode) for mode in ("in_person", "online")
    )
    in_person, online = pl.col("in_person"), pl.col("online")
    return (
        agreed(frames)
        .join(of_person, on=PERSON, how="left", maintain_order="left")
        .with_columns(
            pl.when(in_person.is_null()).then(pl.lit("none"))
            .when(in_person & online).then(pl.lit("both"))
            .when(in_person).then(pl.lit("in_person"))
            .when(online).then(pl.lit("online"))
            .otherwise(pl.lit("unknown"))
            .alias("came")
        )
    )  # fmt: skip


def _rounded(frames: Frames) -> Iterator[RoundedCounts]:
    for file, column, title in _ROUNDED:
        if frames.has(file):
            rows = frames[file].sort(PERIOD)
            periods = [TWELVE_WEEKS.spoken(period) for period in rows[PERIOD]]
            persons = [None if count < 0 else count for count in rows[column]]
            yield RoundedCounts(column, f"{title}, by 12 weeks since it opened", periods, persons)
