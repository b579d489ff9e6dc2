"""Posts and their first replies, by author, and the shares answered within each limit."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from app.research.measures import intervals, life_table
from app.research.measures.dataset_frames import Frames
from app.research.measures.intervals import ConfidenceInterval
from app.research.measures.life_table import Numbers
from app.research.measures.people import IS_OBSERVED, agreed
from app.research.period_file import PERSON
from app.research.registry import LATENCY_BANDS

#: Ends of the bands of waiting, in seconds; the code of a band is its place from 1, and one more is
#: for all that waited longer.
LIMITS: Final = tuple(seconds for seconds, _ in LATENCY_BANDS)
#: Codes of who answered first.
ANSWERERS: Final = {"peer": 1, "team": 2}
#: What passes of a day in each band: so much of those posts whose last day ended meanwhile.
_WIDTHS: Final = np.diff([0, *LIMITS]) / LIMITS[-1]


@dataclass(frozen=True, slots=True)
class Answered:
    """The share of posts that were answered so, and its interval."""

    share: float
    interval: ConfidenceInterval


def authors(frames: Frames) -> pl.DataFrame:
    """A row an author: `posts`; `open`, those of their last day that were not answered on it; and
    `peer_1` and on: how many were first answered by a peer in a band of waiting."""
    people = agreed(frames).select(PERSON, "first_day", "last_day")
    always, is_last = pl.lit(True), pl.col("day") == pl.col("last_day")
    published = (
        frames["days"]
        .join(people, on=PERSON)
        .filter(IS_OBSERVED & (pl.col("published") > 0))
        .group_by(PERSON)
        .agg(_sum("published", always).alias("posts"), _sum("published", is_last).alias("late"))
    )
    within_a_day = pl.col("waited") <= len(LIMITS)
    replies = (
        frames["answered"]
        .join(people, on=PERSON)
        .filter(IS_OBSERVED)
        .group_by(PERSON)
        .agg(
            _sum("posts", is_last & within_a_day).alias("answered_late"),
            *(
                _sum("posts", (pl.col("answerer") == code) & (pl.col("waited") == band)).alias(
                    f"{name}_{band}"
                )
                for name, code in ANSWERERS.items()
                for band in range(1, len(LIMITS) + 2)
            ),
        )
    )
    return (
        published.sort(PERSON)
        .join(replies, on=PERSON, how="left", maintain_order="left")
        .fill_null(0)
        .with_columns((pl.col("late") - pl.col("answered_late")).clip(0).alias("open"))
        .drop("late", "answered_late")
    )


def _sum(name: str, condition: pl.Expr) -> pl.Expr:
    return pl.col(name).cast(pl.Int64).filter(condition).sum()


def total(found: pl.DataFrame, by: tuple[str, ...], bands: int) -> pl.Series:
    """By author, how many posts these answered first within so many bands."""
    columns = [f"{name}_{band}" for name in by for band in range(1, bands + 1)]
    return found.select(pl.sum_horizontal(columns).alias("answered"))["answered"]


def within(found: pl.DataFrame, by: tuple[str, ...]) -> list[Answered]:
    """The share of posts that these answered first within each limit; of authors, one at least.

    A post of an author's last day that was not answered on it is taken as published at any time of
    that day, each alike: so it leaves the table somewhere in its first 24 hours. All other posts
    could be observed for 24 hours.
    """
    bands = range(1, len(LIMITS) + 1)
    events = np.array(
        [[found[f"{name}_{band}"].to_numpy() for name in ANSWERERS] for band in bands], float
    )
    posts, open_ = (found[name].to_numpy().astype(float) for name in ("posts", "open"))
    places = [list(ANSWERERS).index(name) for name in by]

    def shares(posts: Numbers, events: Numbers, open_: Numbers) -> Numbers:
        table = life_table.cumulative(posts, events, _WIDTHS[:, None] * open_)
        return np.asarray(table[:, places].sum(axis=1))

    sums = [one.sum(axis=-1, keepdims=True) for one in (posts, events, open_)]
    values = shares(*sums)[:, 0]
    without = shares(*(all_ - own for all_, own in zip(sums, (posts, events, open_), strict=True)))
    return [
        Answered(float(value), intervals.jackknife(float(value), others))
        for value, others in zip(values, without, strict=True)
    ]
