"""The six values, by the kind of group that somebody came to in the period before the wave."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from app.research.instruments.structure import Score
from app.research.measures import means, people_tables, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import MeasurePart, PeopleAxis, Trait, Unit
from app.research.measures.wave_answers import VALUE
from app.research.period_file import PERIOD, PERSON

_VALUES: Final = "values"
_KIND: Final = "kind"
_LEVEL: Final = "level"
_CLUSTER: Final = "group_cluster"
#: Those who came to no group, and those of whose meetings nothing is known.
ONLINE: Final = ("online", "came to no group: online only")
UNKNOWN: Final = ("unknown", "no record of meetings")
#: From here on, of 0 to 4, a value is mostly or completely met.
HIGH: Final = 3
_LEVELS: Final = PeopleAxis(
    _LEVEL,
    "How far it was met",
    (("high", "3 or 4 of 4"), ("lower", "0 to 2 of 4"), ("not_answered", "not answered")),
)


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Of each value at each wave that ends a period; the first wave ends none."""
    options = frames.options
    waves = [wave for wave in wave_answers.waves_of(options, _VALUES) if wave > 1]
    if not waves or options.schedule.last is None:
        return ()
    kinds = frames["groups"].get_column(_KIND).unique().sort().to_list()
    places = (*((kind, kind.replace("_", " ")) for kind in kinds), ONLINE, UNKNOWN)
    axis = PeopleAxis(_KIND, "Kind of group", places)
    return tuple(
        part
        for wave in waves
        for score in wave_answers.scores_of(options, _VALUES)
        for part in _of_value(frames, wave, score, axis)
    )


def _of_value(frames: Frames, wave: int, score: Score, axis: PeopleAxis) -> Iterator[MeasurePart]:
    people = (
        wave_answers.over(frames, wave)
        .select(PERSON)
        .join(_kinds(frames, wave - 1), on=PERSON, how="left")
        .with_columns(pl.col(_KIND).fill_null(UNKNOWN[0]))
        .join(wave_answers.told_at(frames, score.name, wave), on=PERSON, how="left")
        .with_columns(_level().alias(_LEVEL))
    )
    where = f"{score.label}, {wave_answers.spoken(frames.options, wave)}"
    name = f"{score.name}_{wave}"
    for kind, words in axis.places:
        told = people.filter(pl.col(_KIND) == kind).get_column(VALUE).drop_nulls()
        label = f"{where}: mean, {words}"
        yield means.mean(f"{name}_{kind}", label, Unit.POINTS, told.to_numpy())
    yield people_tables.table(
        name,
        where,
        people,
        replace(axis, trait=Trait(f"group_kind_{wave}", is_lasting=True)),
        replace(_LEVELS, trait=Trait(f"{name}_level", is_lasting=True)),
        wave_answers.over_base(wave),
    )


def _kinds(frames: Frames, period: int) -> pl.DataFrame:
    """The kind of the group of most meetings in a period, of everyone with a record of it."""
    doses = frames["doses"].filter(pl.col(PERIOD) == period)
    found = doses.join(frames["groups"], on=_CLUSTER, how="left")
    return found.select(PERSON, pl.col(_KIND).fill_null(ONLINE[0]))


def _level() -> pl.Expr:
    answered = pl.when(pl.col(VALUE) >= HIGH).then(pl.lit("high"))
    return (
        answered.when(pl.col(VALUE) < HIGH).then(pl.lit("lower")).otherwise(pl.lit("not_answered"))
    )
