"""Participation classes: how posts are shared out among those who write most, and all others."""

from typing import Final

import polars as pl

from app.research.measures import dominance
from app.research.measures.dataset_frames import Frames
from app.research.measures.people import AGREED, counted, everyone
from app.research.measures.people_tables import answer_axis, table
from app.research.measures.results import (
    Estimate,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    Trait,
    Unit,
)
from app.research.period_file import PERSON

#: The first hundredth, and the first tenth, by posts; the end of each is rounded up to a person.
_SUPERUSERS: Final = 100
_CONTRIBUTORS: Final = 10
CLASSES: Final = PeopleAxis(
    "class",
    "participation class",
    (
        ("superuser", "superusers: the 1% who post most"),
        ("contributor", "contributors: the next 9%"),
        ("reader", "readers: all others"),
    ),
)
#: Each base with how it is told.
_BASES: Final = (
    ("all", "of all who agreed to activity"),
    ("posted", "of all who posted"),
)


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Who posted; for either base what the most active posted of all, and the Gini coefficient; the
    classes by two answers."""
    people = classes(counted(frames, "posts"))
    bases = {"all": people, "posted": classes(people.filter(pl.col("posts") > 0))}
    parts: list[MeasurePart] = [
        PeopleShare(
            "posted",
            "Posted at least once",
            bases["posted"].height,
            people.height,
            everyone(people),
            Trait("posted"),
        )
    ]
    for base, words in _BASES:
        ranked = bases[base]
        superusers = ranked.filter(pl.col("class") == "superuser")
        first_tenth = ranked.filter(pl.col("class") != "reader")
        parts += [
            _share(f"top_1_{base}", f"Posts by the top 1% {words}", superusers, ranked),
            _share(f"top_10_{base}", f"Posts by the top 10% {words}", first_tenth, ranked),
            _gini(f"gini_{base}", f"Gini coefficient of posts {words}", ranked),
        ]
    tables = [
        table(f"classes_by_{axis.field}", f"Classes by {axis.title}", people, CLASSES, axis, AGREED)
        for axis in map(answer_axis, ("tenure_band", "peer_support_before"))
    ]
    return (*parts, *tables)


def classes(people: pl.DataFrame) -> pl.DataFrame:
    """Ordered by posts, with the class of each. Of those who posted equally often, the pseudonym
    decides, which is random; who posted nothing is a reader."""
    count = people.height
    ranked = people.sort("posts", PERSON, descending=[True, False])
    place = pl.int_range(pl.len())
    has_posted = pl.col("posts") > 0
    return ranked.with_columns(
        pl.when(has_posted & (place < -(-count // _SUPERUSERS)))
        .then(pl.lit("superuser"))
        .when(has_posted & (place < -(-count // _CONTRIBUTORS)))
        .then(pl.lit("contributor"))
        .otherwise(pl.lit("reader"))
        .alias("class")
    )


def gini(amounts: pl.Series) -> float | None:
    """The Gini coefficient of these people as they are, not corrected for their number: 0 when all
    have the same, (n − 1)/n when one has all. None when there is nothing to share."""
    people, total = len(amounts), float(amounts.sum())
    if not total:
        return None
    ranks = pl.int_range(1, people + 1, eager=True)
    ranked = float((amounts.sort() * (2 * ranks - people - 1)).sum())
    return ranked / (people * total)


def _share(name: str, label: str, of: pl.DataFrame, people: pl.DataFrame) -> Estimate:
    """It rests on the posts of the few alone, so these are its persons."""
    total = int(people["posts"].sum())
    value = int(of["posts"].sum()) / total if total else None
    why = "" if total else "nobody posted"
    largest = dominance.most(of["posts"])
    return Estimate(name, label, Unit.SHARE, value, of.height, why=why, **largest)


def _gini(name: str, label: str, people: pl.DataFrame) -> Estimate:
    value = gini(people["posts"])
    why = "" if value is not None else "nobody posted"
    largest = dominance.most(people["posts"])
    return Estimate(name, label, Unit.RATIO, value, people.height, why=why, **largest)
