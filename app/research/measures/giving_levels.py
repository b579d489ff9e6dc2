"""People by how much they gave in a period: nothing, less than half of those who gave, or more."""

from typing import Final

import polars as pl

from app.research.measures.dataset_frames import Frames
from app.research.measures.results import PeopleAxis, Trait
from app.research.period_file import PERIOD, PERSON

LEVEL: Final = "level"
NOT_COUNTED: Final = "not_counted"
PLACES: Final = (
    ("none", "gave nothing"),
    ("some", "gave less than half of those who gave"),
    ("most", "gave as much as half of those who gave, or more"),
)
AXIS: Final = PeopleAxis(
    LEVEL,
    "Support given",
    (*PLACES, (NOT_COUNTED, "no record of what they gave")),
    Trait("giving_first"),
)


def levels(frames: Frames, period: int) -> pl.DataFrame:
    """The level of everyone with a record in a period: a row a person."""
    rows = frames["doses"].filter(pl.col(PERIOD) == period)
    middle = rows.filter(pl.col("giving") > 0).get_column("giving").median()
    level = (
        pl.when(pl.col("giving") <= 0)
        .then(pl.lit("none"))
        .when(pl.col("giving") < pl.lit(middle, pl.Float64))
        .then(pl.lit("some"))
        .otherwise(pl.lit("most"))
    )
    return rows.select(PERSON, level.alias(LEVEL))


def with_levels(people: pl.DataFrame, frames: Frames, period: int) -> pl.DataFrame:
    """People with their level."""
    found = people.join(levels(frames, period), on=PERSON, how="left")
    return found.with_columns(pl.col(LEVEL).fill_null(NOT_COUNTED))
