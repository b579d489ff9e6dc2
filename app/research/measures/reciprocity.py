"""Reciprocity: how often who gives to somebody gets something from them too."""

import igraph
import polars as pl

from app.research.measures import dominance
from app.research.measures.dataset_frames import Frames
from app.research.measures.definitions import ENOUGH
from app.research.measures.people import agreed
from app.research.measures.results import Estimate, MeasurePart, Unit
from app.research.period_file import PERSON


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Of pairs, and of what was given."""
    edges = edges_of(frames)
    people = pl.concat([edges[PERSON], edges["counterpart"]]).n_unique()
    is_enough = min(edges.height, people) >= ENOUGH
    pairs = "Share of pairs of giver and receiver in which the receiver gave too"
    given = "Share of what was given that was returned by the same person"
    if not is_enough:
        why = f"fewer than {ENOUGH} people, or pairs of them, gave to each other"
        return (
            Estimate("dyadic_reciprocity", pairs, Unit.SHARE, None, people, why=why),
            Estimate("weighted_reciprocity", given, Unit.SHARE, None, people, why=why),
        )
    by_giver = edges.group_by(PERSON).agg(pl.len().alias("pairs"), pl.col("giving").sum())
    return (
        _estimate("dyadic_reciprocity", pairs, dyadic(edges), people, by_giver["pairs"]),
        _estimate("weighted_reciprocity", given, weighted(edges), people, by_giver["giving"]),
    )


def edges_of(frames: Frames) -> pl.DataFrame:
    """Who gave to whom, and how often: both in the study, and never to oneself."""
    people = agreed(frames).select(PERSON)
    return (
        frames["pairs"]
        .filter((pl.col("giving") > 0) & (pl.col(PERSON) != pl.col("counterpart")))
        .with_columns(pl.col("giving").cast(pl.Int64))
        .join(people, on=PERSON, how="semi")
        .join(people, left_on="counterpart", right_on=PERSON, how="semi")
    )


def dyadic(edges: pl.DataFrame) -> float:
    """Mutual ordered pairs by all ordered pairs."""
    names = pl.concat([edges[PERSON], edges["counterpart"]]).unique()
    numbers = pl.DataFrame({"name": names, "number": pl.int_range(len(names), eager=True)})
    pairs = edges.join(numbers, left_on=PERSON, right_on="name").join(
        numbers, left_on="counterpart", right_on="name", suffix="_other"
    )
    numbered = pairs.select("number", "number_other").to_numpy()
    return float(igraph.Graph(n=len(names), edges=numbered, directed=True).reciprocity())


def weighted(edges: pl.DataFrame) -> float:
    """What was returned, up to what was given, by all that was given."""
    back = edges.select(
        pl.col("counterpart").alias(PERSON),
        pl.col(PERSON).alias("counterpart"),
        pl.col("giving").alias("back"),
    )
    mutual = edges.join(back, on=[PERSON, "counterpart"])
    returned = mutual.select(pl.min_horizontal("giving", "back").sum()).item()
    return float(returned / edges["giving"].sum())


def _estimate(name: str, label: str, value: float, people: int, amounts: pl.Series) -> Estimate:
    return Estimate(name, label, Unit.SHARE, value, people, **dominance.most(amounts))
