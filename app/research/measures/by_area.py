"""By area: who agreed, received something and came to a meeting, and how each score changed, by the
area that people named."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from app.research.instruments.structure import Score
from app.research.measures import means, outcome_change, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.people import AGREED, agreed, counted
from app.research.measures.people_tables import answer_axis, table
from app.research.measures.reach import CAME, RECEIVED
from app.research.measures.results import MeasurePart, PeopleAxis, PeopleTable, Trait, Unit
from app.research.measures.wave_answers import VALUE
from app.research.period_file import PERSON

AREA: Final = "area"
_YES_NO: Final = (("yes", "yes"), ("no", "no"))
_AGREED: Final = PeopleAxis("activity", "a record of what they do", (("yes", "agreed"),))
_RECEIVED: Final = PeopleAxis("received", "received something from a peer", _YES_NO, RECEIVED)
_CAME: Final = PeopleAxis(
    "met",
    "came to a meeting",
    _YES_NO,
    Trait(CAME.field),
    (tuple(way for way, _ in CAME.places if way != "none"), ("none",)),
)


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Counts first; then of each score how many told it twice, and the mean change, by area."""
    axis = answer_axis(AREA)
    parts: list[MeasurePart] = [*_counts(frames, axis)]
    if frames.has("scores", "responses"):
        parts += _changes(frames, axis)
    return tuple(parts)


def _counts(frames: Frames, axis: PeopleAxis) -> Iterator[PeopleTable]:
    people = agreed(frames).with_columns(pl.lit("yes").alias(_AGREED.field))
    yield table("agreed", "People by area", people, axis, _AGREED, AGREED)
    if frames.has("doses"):
        people = counted(frames, "receiving", "meetings").with_columns(
            _yes(pl.col("receiving") > 0).alias(_RECEIVED.field),
            _yes(pl.col("meetings") > 0).alias(_CAME.field),
        )
        title = "Received something from a peer, by area"
        yield table("received", title, people, axis, _RECEIVED, AGREED)
        yield table("came", "Came to a meeting, by area", people, axis, _CAME, AGREED)


def _yes(is_so: pl.Expr) -> pl.Expr:
    return pl.when(is_so).then(pl.lit("yes")).otherwise(pl.lit("no"))


def _changes(frames: Frames, axis: PeopleAxis) -> Iterator[MeasurePart]:
    areas = agreed(frames).select(PERSON, AREA)
    for score, waves in outcome_change.scores(frames.options):
        for wave in waves:
            due = outcome_change.due(frames, score, wave).join(areas, on=PERSON, how="left")
            yield from _change(frames, score, wave, due, axis)


def _change(
    frames: Frames, score: Score, wave: int, due: pl.DataFrame, axis: PeopleAxis
) -> Iterator[MeasurePart]:
    label = f"{score.label}, {wave_answers.spoken(frames.options, wave)}"
    name = f"{score.name}_{wave}"
    people = due.with_columns(
        pl.col(AREA).fill_null(axis.places[-1][0]),
        _yes(pl.col("after").is_not_null()).alias("both"),
    )
    values: Sequence[tuple[str, ...]] = (outcome_change.TOLD, (outcome_change.NOT_TOLD,))
    both = PeopleAxis("both", "told at both waves", _YES_NO, Trait(name), tuple(values))
    base = outcome_change.first_told(score, wave)
    yield table(f"{name}_both", f"{label}: told at both waves, by area", people, axis, both, base)
    for area, words in axis.places:
        told = people.filter((pl.col(AREA) == area) & (pl.col("both") == "yes"))
        change = (told.get_column("after") - told.get_column(VALUE)).to_numpy()
        says = f"{label}: mean change, {words}"
        yield means.mean(f"{name}_{area}", says, Unit.POINTS, change)
