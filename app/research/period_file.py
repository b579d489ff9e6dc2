"""The file that leaves: one row a person and period (12 weeks, or between two waves), in bands.

What is exact stays inside. A period counts from enrolment; nothing in a row tells a date, an order,
a time of day or another person. Codes are whole numbers with labels (`codebook`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from app.research import disclosure
from app.research.bands import (
    ANSWERS,
    MEASURES,
    OBSERVABLE,
    OBSERVED,
    BandColumn,
    Options,
    observable,
)
from app.research.disclosure import Quasi, Recoded
from app.research.score_bands import BEGINS, ENDS, chosen
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE, WITHHELD

#: A person's code, the period, and what was counted in it: one row each.
PERSON: Final = "participant"
PERIOD: Final = "period"
#: The wave, in rows of what was told.
WAVE: Final = "wave"
#: Where no scores are told.
NOTHING_TOLD: Final = pl.DataFrame(schema={PERSON: pl.String, WAVE: pl.Int32})


@dataclass(frozen=True, slots=True)
class ProtectedRows:
    """The rows of a file, and what disclosure control did to them."""

    rows: pl.DataFrame
    people: int
    k: int
    smallest_class: int
    #: By column: in how many values of a hundred, rounded, something was coarsened or withheld.
    costs: dict[str, int]
    #: How many people have no row left.
    left_out: int


def band(values: pl.Expr, measure: BandColumn) -> pl.Expr:
    """The code of the band that each count lies in; counts below the first lie in it."""
    found = pl.lit(measure.first)
    for code, (low, _) in enumerate(measure.bands[1:], start=measure.first + 1):
        found = pl.when(values >= low).then(pl.lit(code)).otherwise(found)
    return found.cast(pl.Int16)


def measure_of(name: str) -> BandColumn:
    """A column of bands by its name."""
    return OBSERVABLE if name == OBSERVED else MEASURES[name]


def banded(counts: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Counts (a row a person and period, with the days observed in it) in bands."""
    bands = (
        band(pl.col(name), measure_of(name)).alias(name)
        for name in options.columns
        if name != OBSERVED
    )
    return counts.select(PERSON, PERIOD, *bands, _observed(counts, options).alias(OBSERVED))


def _observed(counts: pl.DataFrame, options: Options) -> pl.Expr:
    """The band of the days observed, which depends on how long each period is."""
    found = pl.lit(None, pl.Int16)
    for period in counts.get_column(PERIOD).unique().sort():
        measure = observable(options.schedule.days(period))
        coded = band(pl.col(OBSERVED), measure)
        found = pl.when(pl.col(PERIOD) == period).then(coded).otherwise(found)
    return found


def protect(
    counts: pl.DataFrame,
    answers: pl.DataFrame,
    options: Options,
    told: pl.DataFrame = NOTHING_TOLD,
) -> ProtectedRows:
    """Bands, scores and answers, coarsened until every whole record is shared by at least k people.

    `counts` has a row a person and period; `answers` a row a person and a column of codes a
    question; `told` a row a person and wave, with the band of each chosen score or null. Raises
    disclosure.TooFewPeopleError.
    """
    answers = answers.select(PERSON, *options.questions)
    return _protect(banded(counts, options), told, answers, options)


def protect_again(rows: pl.DataFrame, options: Options) -> ProtectedRows:
    """The same for rows that were protected before and of which some people are gone."""
    answers = rows.select(PERSON, *options.questions).unique(maintain_order=True)
    counted = rows.filter(pl.col(OBSERVED) != NOT_APPLICABLE)
    bands = counted.select(PERSON, PERIOD, *options.columns)
    return _protect(bands, _told_before(rows, options), answers, options)


def _told_before(rows: pl.DataFrame, options: Options) -> pl.DataFrame:
    """The bands of scores by wave, from the two ends of the periods."""
    if not options.scores:
        return NOTHING_TOLD
    names = [one.name for one in chosen(options)]
    ends = [
        rows.select(
            PERSON,
            (pl.col(PERIOD).cast(pl.Int32) + later).alias(WAVE),
            *(pl.col(name + ending).replace(NOT_APPLICABLE, None).alias(name) for name in names),
        )
        for later, ending in enumerate((BEGINS, ENDS))
    ]
    return pl.concat(ends).group_by(PERSON, WAVE).agg(pl.col(names).max())


def _protect(
    bands: pl.DataFrame, told: pl.DataFrame, answers: pl.DataFrame, options: Options
) -> ProtectedRows:
    periods = periods_of(bands, options)
    bands = bands.filter(pl.col(PERIOD).is_in(periods))
    told = told.filter(pl.col(WAVE).is_in(waves_of(options)))
    wide = _widened(bands, told, periods, options).join(answers, on=PERSON).sort(PERSON)
    recoded = disclosure.recode(wide, quasis(periods, options))
    rows = _lengthened(recoded.frame, periods, options)
    return ProtectedRows(
        rows=rows,
        people=wide.height,
        k=recoded.k,
        smallest_class=recoded.smallest_class,
        costs=_costs(wide, recoded, periods, options),
        left_out=wide.height - rows.get_column(PERSON).n_unique(),
    )


def periods_of(bands: pl.DataFrame, options: Options) -> list[int]:
    """The periods of a file, as far as it tells them: all between waves where it tells scores, else
    those in which somebody was observed."""
    if options.scores:
        return list(range(1, len(options.schedule.waves)))[: options.periods]
    found = sorted(bands.get_column(PERIOD).unique().to_list())
    return [one for one in found if options.periods is None or one <= options.periods]


def waves_of(options: Options) -> list[int]:
    """The waves whose scores a file tells: both ends of each period."""
    if not options.scores:
        return []
    ends = None if options.periods is None else options.periods + 1
    return list(range(1, len(options.schedule.waves) + 1))[:ends]


def quasis(periods: Sequence[int], options: Options) -> list[Quasi]:
    """The columns of a person's whole record. Groups are divided by which periods there are first,
    by answers next, the one that is needed most before the others, then by scores, and by bands of
    what was done last: so these become coarser before a score does, or an answer is withheld."""
    answers = options.questions
    of_scores, of_bands = len(ANSWERS) + 1, len(ANSWERS) + 2
    return [
        *(
            Quasi(
                wide_name(name, period),
                0 if name == OBSERVED else of_bands,
                measure_of(name).levels,
            )
            for period in periods
            for name in reversed(options.columns)
        ),
        *(
            Quasi(wide_name(one.name, wave), of_scores, one.levels)
            for wave in waves_of(options)
            for one in chosen(options)
        ),
        *(Quasi(name, len(answers) - place) for place, name in enumerate(answers)),
    ]


def wide_name(column: str, period: int) -> str:
    """The column of one period, or of one wave, in a record that holds them all."""
    return f"{column}@{period}"


def _widened(
    bands: pl.DataFrame, told: pl.DataFrame, periods: Sequence[int], options: Options
) -> pl.DataFrame:
    """One row a person: everyone who was observed, and everyone with a score."""
    scores = [one.name for one in chosen(options)]
    wide = pl.concat([bands.select(PERSON), told.select(PERSON)]).unique()
    for period in periods:
        of_period = bands.filter(pl.col(PERIOD) == period).select(
            PERSON, *(pl.col(name).alias(wide_name(name, period)) for name in options.columns)
        )
        wide = wide.join(of_period, on=PERSON, how="left")
    for wave in waves_of(options):
        of_wave = told.filter(pl.col(WAVE) == wave).select(
            PERSON, *(pl.col(name).alias(wide_name(name, wave)) for name in scores)
        )
        wide = wide.join(of_wave, on=PERSON, how="left")
    return wide.with_columns(pl.exclude(PERSON).fill_null(NOT_APPLICABLE))


def _lengthened(wide: pl.DataFrame, periods: Sequence[int], options: Options) -> pl.DataFrame:
    """Back to a row a person and period; one in which nothing is told is left out."""
    scores = [one.name for one in chosen(options)]
    parts = []
    for period in periods:
        measures = [
            pl.col(wide_name(name, period)).alias(name) for name in reversed(options.columns)
        ]
        ends = [
            pl.col(wide_name(name, period + later)).alias(name + ending)
            for name in scores
            for later, ending in enumerate((BEGINS, ENDS))
        ]
        told = [OBSERVED, *(one.meta.output_name() for one in ends)]
        parts.append(
            wide.select(
                PERSON,
                pl.lit(period, dtype=pl.Int16).alias(PERIOD),
                *measures,
                *ends,
                *(pl.col(name).cast(pl.Int16) for name in reversed(options.questions)),
            ).filter(pl.any_horizontal(pl.col(told) != NOT_APPLICABLE))
        )
    return pl.concat(parts).sort(PERSON, PERIOD)


def _costs(
    wide: pl.DataFrame, recoded: Recoded, periods: Sequence[int], options: Options
) -> dict[str, int]:
    """Of a hundred values that were there, how many are coarser now, by column."""
    found = {}
    places = dict.fromkeys(options.columns, periods)
    places |= {one.name: waves_of(options) for one in chosen(options)}
    for name, numbers in places.items():
        columns = [wide_name(name, number) for number in numbers]
        there = sum(int((wide.get_column(one) != NOT_APPLICABLE).sum()) for one in columns)
        lost = sum(recoded.changed[one] for one in columns)
        found[name] = round(100 * lost / there) if there else 0
    for name in options.questions:
        is_told = wide.get_column(name) != NOT_ANSWERED
        told = int(is_told.sum())
        is_lost = recoded.frame.get_column(name) == WITHHELD
        found[name] = round(100 * int((is_told & is_lost).sum()) / told) if told else 0
    return found
