"""What was told at waves: only of those handed in; a code of what is missing is no answer."""

from typing import Final

import polars as pl

from app.research import answer_columns
from app.research.answer_columns import STATES
from app.research.bands import Options
from app.research.instruments.structure import Instrument, Score
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import PeopleAxis, Trait
from app.research.period_file import PERSON, WAVE

#: A person's answer at a wave.
VALUE: Final = "value"
STATE: Final = "state"
_CODES: Final = {state: code for code, state in enumerate(STATES, start=1)}
DONE: Final = _CODES["done"]
OPEN: Final = _CODES["open"]


def waves_of(options: Options, instrument: str) -> list[int]:
    """The waves that ask an instrument, in order."""
    return sorted({wave for one in options.asked if one.name == instrument for wave in one.waves})


def all_waves(options: Options) -> list[int]:
    """The waves of a study that ask anything, in order."""
    return sorted({wave for one in options.asked for wave in one.waves})


def scores_of(options: Options, instrument: str) -> list[Score]:
    """The scores of an instrument that the study asks; none of one that it does not."""
    return [score for score, one in answer_columns.all_scores(options) if one.name == instrument]


def repeated(options: Options) -> list[tuple[Score, Instrument, list[int]]]:
    """Scores that are asked at the first wave and again, with the later waves."""
    found = []
    for score, one in answer_columns.all_scores(options):
        waves = waves_of(options, one.name)
        if len(waves) > 1 and waves[0] == all_waves(options)[0]:
            found.append((score, one, waves[1:]))
    return found


def over(frames: Frames, wave: int) -> pl.DataFrame:
    """Everyone for whom a wave is over, handed in or not: its state, and what was answered."""
    is_over = (pl.col(WAVE) == wave) & (pl.col(STATE) != OPEN)
    return frames["responses"].filter(is_over)


def handed_in(frames: Frames, wave: int) -> pl.DataFrame:
    """Of these, who handed it in."""
    return over(frames, wave).filter(pl.col(STATE) == DONE)


def told(frames: Frames, score: str) -> pl.DataFrame:
    """Every value of a score: a row a person and wave."""
    is_told = (pl.col(STATE) == DONE) & (pl.col(score) >= 0)
    return frames["scores"].filter(is_told).select(PERSON, WAVE, pl.col(score).alias(VALUE))


def told_at(frames: Frames, score: str, wave: int) -> pl.DataFrame:
    """The same at one wave: a row a person."""
    return told(frames, score).filter(pl.col(WAVE) == wave).select(PERSON, VALUE)


def spoken(options: Options, wave: int) -> str:
    """A wave as it is told: `wave 2 (week 12)`."""
    days = options.schedule.waves
    return f"wave {wave} (week {days[wave - 1] // 7})" if days else f"wave {wave}"


def over_base(wave: int) -> str:
    """The base of everyone for whom a wave is over."""
    return f"over_{wave}"


def axis(options: Options, wave: int) -> PeopleAxis:
    """One wave as the only row of a table, where each person is counted once."""
    return PeopleAxis(WAVE, "Wave", ((str(wave), spoken(options, wave)),), Trait(f"wave_{wave}"))
