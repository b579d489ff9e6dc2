"""Follow-up: who handed in each later wave, how, and whether those who did not were others."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from app.research.answer_columns import STATES
from app.research.measures import giving_levels, means, people_tables, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import (
    Base,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    PeopleTable,
    Trait,
    Unit,
)
from app.research.measures.wave_answers import DONE, STATE, VALUE
from app.research.period_file import PERSON
from app.research.questionnaire_models import ResponseMode

_MODE: Final = "mode"
_HANDED_IN: Final = "handed_in"
#: Nothing was answered, so that there is no mode.
_NO_MODE: Final = "none"

_STATES: Final = PeopleAxis(
    STATE,
    "What became of it",
    tuple((state, words) for state, words in STATES.items() if state != "open"),
)
#: States of who did not hand it in.
_LOST: Final = tuple(state for state, _ in _STATES.places if state != "done")
_MODES: Final = PeopleAxis(
    _MODE,
    "How it was answered",
    (*((str(mode), str(mode)) for mode in ResponseMode), (_NO_MODE, "nothing was answered")),
)
_STAYED: Final = PeopleAxis(
    _HANDED_IN, "Followed up", (("yes", "handed in"), ("no", "not handed in"))
)


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """The rates first, wave by wave; then states, and how those who were lost differ."""
    waves = wave_answers.all_waves(frames.options)
    if not waves:
        return ()
    first = wave_answers.handed_in(frames, waves[0]).select(PERSON)
    followed = {wave: _followed(frames, first, wave) for wave in waves[1:]}
    parts: list[MeasurePart] = [_rate(frames, wave, people) for wave, people in followed.items()]
    parts += [_states(frames, wave) for wave in waves]
    for wave, people in followed.items():
        if frames.has("doses"):
            parts.append(_by_giving(frames, wave, people))
        parts += _by_scores(frames, wave, people)
    return tuple(parts)


def _followed(frames: Frames, first: pl.DataFrame, wave: int) -> pl.DataFrame:
    """Everyone who handed in the first wave and for whom this one is over, and if they did so."""
    is_done = pl.when(pl.col(STATE) == DONE).then(pl.lit("yes")).otherwise(pl.lit("no"))
    there = wave_answers.over(frames, wave).select(PERSON, is_done.alias(_HANDED_IN))
    return first.join(there, on=PERSON)


def _rate(frames: Frames, wave: int, people: pl.DataFrame) -> PeopleShare:
    label = f"Handed in {wave_answers.spoken(frames.options, wave)}, of those who did the first"
    handed_in = people.filter(pl.col(_HANDED_IN) == "yes").height
    base = Base(_both(wave), people.height)
    trait = _state(wave)
    return PeopleShare(
        f"follow_up_{wave}", label, handed_in, people.height, base, trait, ("done",), _LOST
    )


def _both(wave: int) -> str:
    """The base of those who handed in the first wave and for whom this one is over."""
    return f"first_done_over_{wave}"


def _state(wave: int) -> Trait:
    return Trait(f"state_{wave}", is_lasting=True)


def _states(frames: Frames, wave: int) -> PeopleTable:
    people = wave_answers.over(frames, wave).select(
        pl.col(STATE).replace_strict(dict(enumerate(STATES, start=1)), return_dtype=pl.String),
        pl.col(_MODE).replace_strict(
            {code: str(mode) for code, mode in enumerate(ResponseMode, start=1)},
            default=_NO_MODE,
            return_dtype=pl.String,
        ),
    )
    title = f"What became of {wave_answers.spoken(frames.options, wave)}"
    return people_tables.table(
        f"states_{wave}",
        title,
        people,
        replace(_STATES, trait=_state(wave)),
        replace(_MODES, trait=Trait(f"mode_{wave}", is_lasting=True)),
        wave_answers.over_base(wave),
    )


def _by_giving(frames: Frames, wave: int, people: pl.DataFrame) -> PeopleTable:
    title = f"{wave_answers.spoken(frames.options, wave)}, by what they gave in the first period"
    return people_tables.table(
        f"followed_by_giving_{wave}",
        title[0].upper() + title[1:],
        giving_levels.with_levels(people, frames, 1),
        giving_levels.AXIS,
        replace(_STAYED, trait=_state(wave), values=(("done",), _LOST)),
        _both(wave),
    )


def _by_scores(frames: Frames, wave: int, people: pl.DataFrame) -> Iterator[MeasurePart]:
    """At the first wave, the mean of those who stayed less that of those who did not."""
    for score, _, _ in wave_answers.repeated(frames.options):
        if score.range is None:
            continue
        first = wave_answers.all_waves(frames.options)[0]
        told = people.join(wave_answers.told_at(frames, score.name, first), on=PERSON)
        yes, no = (
            told.filter(pl.col(_HANDED_IN) == place).get_column(VALUE).to_numpy()
            for place, _ in _STAYED.places
        )
        label = (
            f"{score.label} at the first wave: those followed up at "
            f"{wave_answers.spoken(frames.options, wave)}, less those who were not"
        )
        yield means.difference(f"lost_{wave}_{score.name}", label, Unit.POINTS, yes, no)
