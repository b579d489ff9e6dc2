"""Outcome on dose, from exact rows: scores at the end of each period on what was done in it."""

from collections.abc import Iterator

import polars as pl

from app.research.bands import OBSERVED
from app.research.instruments.structure import Score
from app.research.measures import dose_model, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.dose_model import FIRST, GROUP, OBSERVED_LEAST, OUTCOME
from app.research.measures.results import Base, Estimate, MeasurePart, PeopleShare, Trait, Unit
from app.research.measures.wave_answers import VALUE
from app.research.period_file import PERIOD, PERSON, WAVE

_CLUSTER = "group_cluster"


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Of every score with a range that is asked at the first wave and again; nothing for a study
    whose periods do not lie between waves."""
    if frames.options.schedule.last is None:
        return ()
    return tuple(
        part
        for score, _, _ in wave_answers.repeated(frames.options)
        if score.range is not None
        for part in _of_score(frames, score)
    )


def _of_score(frames: Frames, score: Score) -> Iterator[MeasurePart]:
    found = rows(frames, score)
    _, waves = waves_of(frames, score)
    due = frames["responses"].filter(
        pl.col(WAVE).is_in(waves) & (pl.col(wave_answers.STATE) != wave_answers.OPEN)
    )
    people = due.get_column(PERSON).n_unique()
    told = dose_model.effects(score, found, dose_model.DOSES)
    label = f"{score.label}: people in the model, of those for whom a later wave is over"
    base, trait = Base(f"{score.name}_later_over", people), Trait(f"{score.name}_in_model")
    yield PeopleShare(f"{score.name}_people", label, told.people, people, base, trait)
    missing = f"{score.label}: share of later waves that are not in the model"
    share = 1 - found.height / due.height if due.height else None
    why = "" if due.height else "no later wave is over"
    yield Estimate(f"{score.name}_missing", missing, Unit.SHARE, share, people, why=why)
    yield from told.told


def waves_of(frames: Frames, score: Score) -> tuple[int, list[int]]:
    """The first wave of a study, and the later ones that ask a score."""
    later = next(
        waves for one, _, waves in wave_answers.repeated(frames.options) if one.name == score.name
    )
    return wave_answers.all_waves(frames.options)[0], later


def rows(frames: Frames, score: Score) -> pl.DataFrame:
    """A row a person and period: the score that ends it, the first one, the group and doses."""
    first, later = waves_of(frames, score)
    told = wave_answers.told(frames, score.name)
    before = told.filter(pl.col(WAVE) == first).select(PERSON, pl.col(VALUE).alias(FIRST))
    ends = told.filter(pl.col(WAVE).is_in(later)).select(
        PERSON, (pl.col(WAVE) - 1).cast(pl.Int64).alias(PERIOD), pl.col(VALUE).alias(OUTCOME)
    )
    schedule = frames.options.schedule
    long = {period: schedule.days(period) for period in range(1, len(schedule.waves))}
    doses = (
        frames["doses"]
        .with_columns(pl.col(PERIOD).cast(pl.Int64))
        .filter(
            pl.col(OBSERVED) >= OBSERVED_LEAST * pl.col(PERIOD).replace_strict(long, default=None)
        )
        .select(PERSON, PERIOD, *map(dose_model.doubled, dose_model.DOSES))
    )
    return (
        ends.join(before, on=PERSON)
        .join(doses, on=[PERSON, PERIOD])
        .join(_groups(frames["doses"]), on=PERSON, how="left")
        .with_columns(pl.col(GROUP).fill_null(pl.col(PERSON)))
        .sort(PERSON, PERIOD)
    )


def _groups(doses: pl.DataFrame) -> pl.DataFrame:
    """The group that each person came to in most periods, the lowest number of several."""
    return (
        doses.filter(pl.col(_CLUSTER) >= 0)
        .group_by(PERSON, _CLUSTER)
        .len()
        .sort(PERSON, "len", _CLUSTER, descending=[False, True, False])
        .group_by(PERSON, maintain_order=True)
        .agg(pl.col(_CLUSTER).first().cast(pl.String).alias(GROUP))
    )
