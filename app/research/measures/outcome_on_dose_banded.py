"""Outcome on dose, from the banded file that may leave, and what is lost beside exact rows.

Bands alone lose little: the effects are found from them too, with wider intervals. Disclosure
control is what loses them, where it makes one code of several bands: whom it puts together depends
on what they told and did, so that the codes are not those of a sample. A file in which it did so
often has no figure here. Beside exact rows the effects are told three ways: exact, from bands as
they were before disclosure control, and from the file that may leave.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import polars as pl

from app.research import score_bands
from app.research.bands import MEASURES, OBSERVABLE, OBSERVED
from app.research.instruments.structure import Score
from app.research.measures import banded_model, dose_model, outcome_on_dose, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.dose_model import DOSES, FIRST, GROUP, OBSERVED_BAND, OUTCOME, Fitter
from app.research.measures.nested_sums import NoModelError
from app.research.measures.results import Base, Estimate, MeasurePart, PeopleShare, Trait, Unit
from app.research.period_file import PERIOD, PERSON, band
from app.research.score_bands import BEGINS, ENDS
from app.research.special_codes import WITHHELD

#: Of the rows of a file, so many may hold a code that disclosure control made: simulated, effects
#: then were off by about an eighth at most.
RECODED_MOST: Final = 0.05


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
    recoded = recoded_share(score, found, doses)
    told = found.filter(pl.all_horizontal(pl.col(FIRST, OUTCOME, *doses) != WITHHELD))
    banded = dose_model.effects(score, told, doses, _fitter(score, recoded))
    people = found.get_column(PERSON).n_unique()
    label = f"{score.label}: share of rows with a code that disclosure control made"
    why = "" if found.height else "no row has a score at both ends"
    yield Estimate(f"{score.name}_recoded", label, Unit.SHARE, recoded, people, why=why)
    if not frames.has("scores", "doses"):
        yield from banded.told
        return
    exact_rows = outcome_on_dose.rows(frames, score)
    exact = dose_model.effects(score, exact_rows, doses)
    before = dose_model.effects(
        score, in_bands(frames, score, exact_rows, doses), doses, _fitter(score, 0.0)
    )
    label = f"{score.label}: people in the banded model, of those in the exact one"
    kept = told.join(exact_rows, on=PERSON, how="semi").get_column(PERSON).n_unique()
    base = Base(f"{score.name}_in_exact_model", exact.people, is_lasting=False)
    trait = Trait(f"{score.name}_in_banded_model")
    yield PeopleShare(f"{score.name}_people", label, kept, exact.people, base, trait)
    ways = (
        (exact, "exact", "from exact rows"),
        (before, "bands", "from bands before disclosure control"),
        (banded, "banded", "from the file that may leave"),
    )
    by_way = [[dose_model.beside(one, *way) for one in which.told] for which, *way in ways]
    for each in by_way:
        yield from each
    for each in by_way[1:]:
        yield from dose_model.losses(each, by_way[0])


def _fitter(score: Score, recoded: float | None) -> Fitter:
    if (recoded or 0.0) <= RECODED_MOST:
        return partial(banded_model.fit, score)

    return _refused


def _refused(*_: object) -> dict[str, tuple[float, float]]:
    raise NoModelError("disclosure control made too many codes of several bands")


def rows(frames: Frames, score: Score, doses: Sequence[str]) -> pl.DataFrame:
    """A row a person and period with a code of all of it, those that withhold it included."""
    codes = list(score_bands.of_score(score).levels)
    observed = [code for code, (low, _) in OBSERVABLE.levels.items() if low >= OBSERVED_BAND]
    periods = frames["periods"]
    first = periods.filter(pl.col(PERIOD) == 1).select(
        PERSON, pl.col(score.name + BEGINS).alias(FIRST)
    )
    return (
        periods.filter(pl.col(OBSERVED).is_in(observed))
        .select(
            PERSON,
            pl.col(PERIOD).cast(pl.Int64),
            pl.col(score.name + ENDS).alias(OUTCOME),
            pl.col(PERSON).alias(GROUP),
            *doses,
        )
        .join(first, on=PERSON)
        .filter(
            pl.all_horizontal(pl.col(FIRST, OUTCOME).is_in(codes)),
            *(pl.col(name).is_in(list(MEASURES[name].levels)) for name in doses),
        )
        .sort(PERSON, PERIOD)
    )


def recoded_share(score: Score, found: pl.DataFrame, doses: Sequence[str]) -> float | None:
    """Of these rows, in how many a code stands for several bands, or for all; None of no rows."""
    levels = score_bands.of_score(score).levels
    single = {
        **dict.fromkeys((FIRST, OUTCOME), _single(levels)),
        **{name: _single(MEASURES[name].levels) for name in doses},
    }
    whole = pl.all_horizontal(pl.col(name).is_in(codes) for name, codes in single.items())
    return found.filter(~whole).height / found.height if found.height else None


def _single(levels: dict[int, tuple[int, int]]) -> list[int]:
    return [code for code, (low, high) in levels.items() if low == high]


def in_bands(
    frames: Frames, score: Score, exact_rows: pl.DataFrame, doses: Sequence[str]
) -> pl.DataFrame:
    """Exact rows in bands, as they are before disclosure control."""
    code = score_bands.of_score(score).code
    counted = frames["doses"].select(
        PERSON,
        pl.col(PERIOD).cast(pl.Int64),
        *(band(pl.col(name), MEASURES[name]).alias(name) for name in doses),
    )
    return exact_rows.select(
        PERSON,
        PERIOD,
        GROUP,
        pl.col(OUTCOME, FIRST).map_elements(code, return_dtype=pl.Int64),
    ).join(counted, on=[PERSON, PERIOD])
