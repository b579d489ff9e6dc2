"""Adverse experiences: who had any, and of what kind; a person with several is counted once."""

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Final

import polars as pl

from app.research import answer_columns
from app.research.instruments.structure import ItemKind
from app.research.measures import people_tables, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import (
    Base,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    PeopleTable,
    Trait,
)
from app.research.measures.wave_answers import STATE
from app.research.period_file import PERSON, WAVE

_ADVERSE: Final = "adverse"
_ANY: Final = "adverse_any"
_KIND: Final = "kind"
_NONE: Final = ("none", "no adverse experience")
_SEVERAL: Final = ("several", "of several kinds")
_NOT_NAMED: Final = ("not_named", "its kind not said")
_NOT_ANSWERED: Final = ("not_answered", "not answered")


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """At any wave first, then wave by wave."""
    waves = wave_answers.waves_of(frames.options, _ADVERSE)
    if not waves:
        return ()
    kinds = _kinds(frames)
    answered = frames["responses"].filter(
        pl.col(WAVE).is_in(waves) & (pl.col(STATE) == wave_answers.DONE) & (pl.col(_ANY) >= 0)
    )
    label = "Had an adverse experience by any wave, of those who said so or not at least once"
    people, of = _counts(answered, pl.col(_ANY) == 1)
    base = Base("adverse_answered", of)
    ever = PeopleShare("adverse_ever", label, people, of, base, Trait("adverse_ever"))
    return (ever, *(part for wave in waves for part in _of_wave(frames, wave, kinds)))


def _kinds(frames: Frames) -> dict[str, str]:
    """The column of each kind, with its words."""
    return {
        answer_columns.several(item, int(code)): words
        for one, item, _ in answer_columns.items(frames.options)
        if one.name == _ADVERSE and item.kind is ItemKind.SEVERAL
        for code, words in answer_columns.option_words(one, item).items()
    }


def _counts(answered: pl.DataFrame, had: pl.Expr) -> tuple[int, int]:
    """Of whom it is true, and of how many it is known."""
    people = answered.filter(had).get_column(PERSON).n_unique()
    return people, answered.get_column(PERSON).n_unique()


def _trait(wave: int) -> Trait:
    """What somebody had: nothing, one kind, or several, of which each combination is a value."""
    return Trait(f"adverse_kinds_{wave}", is_lasting=True)


def _combinations(kinds: Collection[str], *, least: int = 1) -> dict[str, tuple[str, ...]]:
    """So many kinds together, or more, each with its name as a value."""
    return {
        "+".join(some): some
        for size in range(least, len(kinds) + 1)
        for some in combinations(kinds, size)
    }


def _of_wave(frames: Frames, wave: int, kinds: dict[str, str]) -> Iterator[MeasurePart]:
    where = wave_answers.spoken(frames.options, wave)
    answered = wave_answers.handed_in(frames, wave).filter(pl.col(_ANY) >= 0)
    base = Base(wave_answers.over_base(wave), wave_answers.over(frames, wave).height)
    having = _combinations(kinds)
    had = {_NOT_NAMED[0], *having}
    shares = [(f"adverse_{wave}", "Had an adverse experience", _ANY, had)]
    shares += [
        (f"{kind}_{wave}", words, kind, {one for one, some in having.items() if kind in some})
        for kind, words in kinds.items()
    ]
    for name, words, column, values in shares:
        people, of = _counts(answered, pl.col(column) == 1)
        others = {_NONE[0], *had} - values
        label = f"{words}, {where}"
        trait = _trait(wave)
        yield PeopleShare(name, label, people, of, base, trait, tuple(values), tuple(others))
    yield _table(frames, wave, kinds)


def _table(frames: Frames, wave: int, kinds: dict[str, str]) -> PeopleTable:
    count = pl.sum_horizontal(pl.col(kind) == 1 for kind in kinds)
    is_missing = (pl.col(STATE) != wave_answers.DONE) | (pl.col(_ANY) < 0)
    place = pl.coalesce(
        _place(is_missing, _NOT_ANSWERED[0]),
        _place(pl.col(_ANY) == 0, _NONE[0]),
        _place(count > 1, _SEVERAL[0]),
        *(_place(pl.col(kind) == 1, kind) for kind in kinds),
        pl.lit(_NOT_NAMED[0]),
    )
    people = wave_answers.over(frames, wave).select(
        pl.lit(str(wave)).alias(WAVE), place.alias(_KIND)
    )
    places = (_NONE, *kinds.items(), _SEVERAL, _NOT_NAMED, _NOT_ANSWERED)
    several = {_SEVERAL[0]: tuple(_combinations(kinds, least=2))}
    values = tuple(several.get(place, (place,)) for place, _ in places)
    return people_tables.table(
        f"adverse_kinds_{wave}",
        f"Kind of adverse experience, {wave_answers.spoken(frames.options, wave)}",
        people,
        wave_answers.axis(frames.options, wave),
        PeopleAxis(_KIND, "Kind of adverse experience", places, _trait(wave), values),
        wave_answers.over_base(wave),
    )


def _place(is_there: pl.Expr, name: str) -> pl.Expr:
    return pl.when(is_there).then(pl.lit(name))
