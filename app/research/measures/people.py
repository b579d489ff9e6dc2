"""Who is counted: everyone who ever agreed to activity, with the sums of what they did."""

from typing import Final

import polars as pl

from app.research.bands import ANSWERS, OBSERVED
from app.research.demographics import NOT_ANSWERED
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import Base
from app.research.period_file import PERSON

#: The base of all of them.
AGREED: Final = "agreed"


def everyone(people: pl.DataFrame) -> Base:
    """All who ever agreed to activity, as a base."""
    return Base(AGREED, people.height)


def agreed(frames: Frames) -> pl.DataFrame:
    """A row a person who ever agreed to activity, in the order of pseudonyms; their answers about
    themselves in words."""
    return (
        frames["people"]
        .filter(pl.col("last_day") >= 0)
        .sort(PERSON)
        .with_columns(_worded(name, tuple(map(str, words))) for name, words in ANSWERS.items())
    )


def _worded(name: str, words: tuple[str, ...]) -> pl.Expr:
    codes = dict(enumerate(words, start=1))
    return pl.col(name).replace_strict(codes, default=NOT_ANSWERED, return_dtype=pl.String)


def counted(frames: Frames, *names: str) -> pl.DataFrame:
    """All of them with days observable and these counts over all their periods. Who deleted more
    than they wrote while observed has written nothing: what they deleted was from before."""
    sums = frames["doses"].group_by(PERSON).agg(pl.col(OBSERVED, *names).cast(pl.Int64).sum())
    return (
        agreed(frames)
        .join(sums, on=PERSON, how="left", maintain_order="left")
        .with_columns(pl.col(OBSERVED, *names).fill_null(0).clip(0))
    )


#: The days of a person on which anything could be recorded, where a frame has both ends.
IS_OBSERVED: Final = pl.col("day").is_between(pl.col("first_day"), pl.col("last_day"))
