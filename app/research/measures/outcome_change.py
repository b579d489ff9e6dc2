"""Outcome change: each score at the first wave and later, of the same people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from app.research.bands import Options
from app.research.instruments.structure import Score
from app.research.measures import effect_size, means, people_tables, reliable_change, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import (
    Base,
    Estimate,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    Trait,
    Unit,
)
from app.research.measures.wave_answers import VALUE
from app.research.period_file import PERSON, WAVE

#: Instruments that count what happened in a time, and have measures of their own.
_OTHERS: Final = ("adverse", "services")
_AFTER: Final = "after"
_CHANGE: Final = "change"
NOT_TOLD: Final = "not_answered"
_PLACES: Final = PeopleAxis(
    _CHANGE,
    "Reliable change",
    (
        ("improved", "improved"),
        ("unchanged", "no reliable change"),
        ("worsened", "worsened"),
        (NOT_TOLD, "no score then"),
    ),
)


#: Places of who told it at both waves.
TOLD: Final = tuple(place for place, _ in _PLACES.places if place != NOT_TOLD)


def first_told(score: Score, wave: int) -> str:
    """The base of those who told a score at the first wave and for whom a later one is over."""
    return f"{score.name}_first_over_{wave}"


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Of every score that is asked at the first wave and again."""
    return tuple(
        part for score, waves in scores(frames.options) for part in _of_score(frames, score, waves)
    )


def scores(options: Options) -> list[tuple[Score, list[int]]]:
    """The scores whose change is told, each with the later waves."""
    return [
        (score, waves)
        for score, one, waves in wave_answers.repeated(options)
        if one.name not in _OTHERS
    ]


def due(frames: Frames, score: Score, wave: int) -> pl.DataFrame:
    """Everyone who told a score at the first wave and for whom this one is over, with both values;
    null where it was not told again."""
    told = wave_answers.told(frames, score.name)
    first = wave_answers.all_waves(frames.options)[0]
    before = told.filter(pl.col(WAVE) == first).select(PERSON, VALUE)
    over = wave_answers.over(frames, wave).select(PERSON)
    after = told.filter(pl.col(WAVE) == wave).select(PERSON, pl.col(VALUE).alias(_AFTER))
    return before.join(over, on=PERSON).join(after, on=PERSON, how="left")


def _of_score(frames: Frames, score: Score, waves: Sequence[int]) -> Iterator[MeasurePart]:
    told = wave_answers.told(frames, score.name)
    first = wave_answers.all_waves(frames.options)[0]
    before = told.filter(pl.col(WAVE) == first).select(PERSON, VALUE)
    values = before.get_column(VALUE).to_numpy()
    deviation = float(values.std(ddof=1)) if values.size > 1 else 0.0
    threshold = reliable_change.threshold(score, deviation)
    for wave in waves:
        people = due(frames, score, wave)
        pairs = people.drop_nulls()
        where = wave_answers.spoken(frames.options, wave)
        name, label = f"{score.name}_{wave}", f"{score.label}, {where}"
        yield PeopleShare(
            f"{name}_both",
            f"{label}: told at both waves",
            pairs.height,
            people.height,
            Base(first_told(score, wave), people.height),
            Trait(name),
            TOLD,
            (NOT_TOLD,),
        )
        yield from _change(name, label, pairs)
        yield _least(name, label, threshold or reliable_change.why_none(score), before.height)
        if threshold is not None:
            yield _table(frames, score, wave, threshold, people)


def _change(name: str, label: str, pairs: pl.DataFrame) -> Iterator[Estimate]:
    before, after = (pairs.get_column(one).to_numpy() for one in (VALUE, _AFTER))
    yield means.mean(f"{name}_first", f"{label}: mean at the first wave", Unit.POINTS, before)
    yield means.mean(f"{name}_then", f"{label}: mean then", Unit.POINTS, after)
    yield means.mean(f"{name}_change", f"{label}: mean change", Unit.POINTS, after - before)
    found = effect_size.of_pairs(before, after)
    people, what = before.size, f"{label}: standardised mean change"
    if found is None:
        why = "everybody told the same" if people > 1 else "fewer than two people told it twice"
        yield Estimate(f"{name}_effect", what, Unit.RATIO, None, people, why=why)
        return
    low, high = found.value - found.half, found.value + found.half
    yield Estimate(f"{name}_effect", what, Unit.RATIO, found.value, people, low, high)


def _least(
    name: str, label: str, threshold: reliable_change.Threshold | str, people: int
) -> Estimate:
    """The change that counts as reliable, so that a reader can judge it; or why there is none."""
    name = f"{name}_least"
    if isinstance(threshold, str):
        says = f"{label}: from which change on it is reliable"
        return Estimate(name, says, Unit.POINTS, None, people, why=threshold)
    how = "of" if threshold.is_included else "of more than"
    says = f"{label}: a change {how} so many points is reliable ({threshold.citation})"
    return Estimate(name, says, Unit.POINTS, threshold.least, people)


def _table(
    frames: Frames,
    score: Score,
    wave: int,
    threshold: reliable_change.Threshold,
    due: pl.DataFrame,
) -> MeasurePart:
    places = [
        NOT_TOLD if then is None else threshold.direction(then - first, score.higher_is)
        for first, then in due.select(VALUE, _AFTER).iter_rows()
    ]
    people = pl.DataFrame(
        {WAVE: [str(wave)] * len(places), _CHANGE: places},
        schema={WAVE: pl.String, _CHANGE: pl.String},
    )
    return people_tables.table(
        f"{score.name}_{wave}_reliable",
        f"{score.label}, {wave_answers.spoken(frames.options, wave)}: change since the first wave",
        people,
        wave_answers.axis(frames.options, wave),
        replace(_PLACES, trait=Trait(f"{score.name}_{wave}")),
        first_told(score, wave),
    )
