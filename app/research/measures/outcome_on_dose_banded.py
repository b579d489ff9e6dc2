"""Outcome on dose, from the banded file that may leave, and what is lost beside exact rows.

A band stands for its middle, a merged code for the middle of all that it can be. Of counts that is
the middle on the scale of doublings, where a band without end is taken to be as wide as the one
before it. What is withheld, or left out of the file, is missing.
"""

from collections.abc import Iterator, Sequence
from math import log2

import polars as pl

from app.research import score_bands
from app.research.bands import MEASURES, OBSERVABLE, OBSERVED, BandColumn
from app.research.codes import WITHHELD
from app.research.instruments.structure import Score
from app.research.measures import dose_model, outcome_on_dose, wave_answers
from app.research.measures.dose_model import DOSES, FIRST, GROUP, OBSERVED_BAND, OUTCOME
from app.research.measures.frames import Frames
from app.research.measures.results import Base, MeasurePart, PeopleShare, Trait
from app.research.periods import PERIOD, PERSON
from app.research.score_bands import BEGINS, ENDS, ScoreBands


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Of every score that the banded file tells."""
    options = frames.options
    if options.schedule.last is None:
        return ()
    return tuple(
        part
        for score, _, _ in wave_answers.repeated(options)
        if score.name in options.scores and score.range is not None
        for part in _of_score(frames, score)
    )


def _of_score(frames: Frames, score: Score) -> Iterator[MeasurePart]:
    doses = [name for name in DOSES if name in frames.options.measures]
    found = rows(frames, score, doses)
    banded = dose_model.effects(score, found, doses)
    if not frames.has("scores", "doses"):
        yield from banded.told
        return
    exact_rows = outcome_on_dose.rows(frames, score)
    exact = dose_model.effects(score, exact_rows, doses)
    label = f"{score.label}: people in the banded model, of those in the exact one"
    both = found.join(exact_rows, on=PERSON, how="semi")
    kept = both.get_column(PERSON).n_unique()
    base = Base(f"{score.name}_in_exact_model", exact.people, is_lasting=False)
    trait = Trait(f"{score.name}_in_banded_model")
    yield PeopleShare(f"{score.name}_people", label, kept, exact.people, base, trait)
    yield from (dose_model.beside(one, "banded", "from bands") for one in banded.told)
    yield from (dose_model.beside(one, "exact", "from exact rows") for one in exact.told)
    yield from dose_model.ratios(banded.told, exact.told)


def rows(frames: Frames, score: Score, doses: Sequence[str]) -> pl.DataFrame:
    """A row a person and period with all of it told: middles of bands."""
    bands = score_bands.of_score(score)
    middles = score_middles(bands, (score.range or (0.0, 0.0))[1])
    observed = [code for code, (low, _) in OBSERVABLE.levels.items() if low >= OBSERVED_BAND]
    periods = frames["periods"]
    first = periods.filter(pl.col(PERIOD) == 1).select(
        PERSON, _middle(score.name + BEGINS, middles).alias(FIRST)
    )
    return (
        periods.filter(pl.col(OBSERVED).is_in(observed))
        .select(
            PERSON,
            pl.col(PERIOD).cast(pl.Int64),
            _middle(score.name + ENDS, middles).alias(OUTCOME),
            pl.col(PERSON).alias(GROUP),
            *(_middle(name, dose_middles(MEASURES[name])).alias(name) for name in doses),
        )
        .join(first, on=PERSON)
        .drop_nulls()
        .sort(PERSON, PERIOD)
    )


def _middle(column: str, middles: dict[int, float]) -> pl.Expr:
    return pl.col(column).replace_strict(middles, default=None, return_dtype=pl.Float64)


def score_middles(bands: ScoreBands, highest: float) -> dict[int, float]:
    """The middle of what each code of a score can stand for, but of the one that withholds it."""
    ends = (*bands.starts, highest)
    return {
        code: (ends[low - 1] + ends[high]) / 2
        for code, (low, high) in bands.levels.items()
        if code != WITHHELD
    }


def dose_middles(column: BandColumn) -> dict[int, float]:
    """The same of a count, on the scale of doublings."""
    starts = [log2(1 + low) for low, _ in column.bands]
    ends = [log2(1 + high) for _, high in column.bands if high is not None]
    ends.append(2 * starts[-1] - starts[-2])
    return {
        code: (starts[low] + ends[high]) / 2
        for code, (low, high) in column.levels.items()
        if code != WITHHELD
    }
