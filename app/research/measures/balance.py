"""Balance: whether people give more than they receive."""

from typing import Final

import polars as pl

from app.research.measures import intervals
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

#: Five classes of equal width from −1 to 1; an end belongs to the class nearer to the middle.
CLASSES: Final = PeopleAxis(
    "balance_class",
    "balance of giving and receiving",
    (
        ("receives_most", "below −0.6: receives far more"),
        ("receives_more", "−0.6 to −0.2: receives more"),
        ("even", "−0.2 to 0.2: gives about as much"),
        ("gives_more", "0.2 to 0.6: gives more"),
        ("gives_most", "above 0.6: gives far more"),
        ("neither", "neither gave nor received"),
    ),
)


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Who gave or received anything; the mean; the classes by two answers."""
    people = balanced(counted(frames, "giving", "receiving"))
    values = people["balance"].drop_nulls()
    tables = [
        table(f"balance_by_{axis.field}", f"Balance by {axis.title}", people, CLASSES, axis, AGREED)
        for axis in map(answer_axis, ("peer_support_before", "tenure_band"))
    ]
    *names, neither = (name for name, _ in CLASSES.places)
    took_part = PeopleShare(
        "exchanged",
        "Gave or received",
        len(values),
        people.height,
        everyone(people),
        Trait(CLASSES.field),
        tuple(names),
        (neither,),
    )
    return (took_part, _mean(values), *tables)


def balanced(people: pl.DataFrame) -> pl.DataFrame:
    """With the balance of each, null where nothing was given or received, and its class. Fifths are
    compared in whole numbers, for an end of a class must fall on one side everywhere."""
    more, both = pl.col("giving") - pl.col("receiving"), pl.col("giving") + pl.col("receiving")
    names = [name for name, _ in CLASSES.places]
    return people.with_columns(
        pl.when(both > 0).then(more / both).alias("balance"),
        pl.when(both == 0).then(pl.lit(names[5]))
        .when(5 * more < -3 * both).then(pl.lit(names[0]))
        .when(5 * more < -both).then(pl.lit(names[1]))
        .when(5 * more <= both).then(pl.lit(names[2]))
        .when(5 * more <= 3 * both).then(pl.lit(names[3]))
        .otherwise(pl.lit(names[4]))
        .alias("balance_class"),
    )  # fmt: skip


def _mean(values: pl.Series) -> Estimate:
    name, label = "mean_balance", "Mean balance, from −1 (receives only) to 1 (gives only)"
    if not len(values):
        return Estimate(name, label, Unit.RATIO, None, 0, why="nobody gave or received")
    low, high = intervals.of_mean(values, least=-1.0, greatest=1.0)
    value = float(values.to_numpy().mean())
    return Estimate(name, label, Unit.RATIO, value, len(values), low=low, high=high)
