"""Files of a dataset as small frames, for measures of outcomes: what people told, and did."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from app.research.answer_columns import STATES
from app.research.bands import USUAL, AskedInstrument, Options
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import Estimate, MeasurePart, PeopleShare, PeopleTable
from app.research.schedule import Schedule

#: What somebody told at a wave: a value, None for an answer that is missing, or the state of a
#: wave that was not handed in.
Told = float | str | None
#: Codes of answers that are not there.
NOT_ANSWERED: Final = -9.0
NOT_REACHED: Final = -5.0
_CODES: Final = {state: code for code, state in enumerate(STATES, start=1)}
_ALONE: Final = 1
_NONE: Final = -7


def options(
    *instruments: str,
    waves: Sequence[int] = (0, 84),
    scores: Sequence[str] = (),
    measures: Sequence[str] = USUAL,
) -> Options:
    """A study that asks these instruments at every wave; the days of its waves."""
    numbers = tuple(range(1, len(waves) + 1))
    return Options(
        measures=tuple(measures),
        schedule=Schedule(tuple(waves)),
        scores=tuple(scores),
        asked=tuple(AskedInstrument(name, 1, numbers) for name in instruments),
    )


def frames(chosen: Options, **files: pl.DataFrame) -> Frames:
    """A dataset of these files."""
    return Frames(chosen, {name: Path(name) for name in files}, dict(files))


def person(place: int) -> str:
    """The code of a person by their place in each list, from 0."""
    return f"p{place}"


def told(waves: Mapping[int, Sequence[Mapping[str, Told] | str]]) -> pl.DataFrame:
    """`responses` or `scores`: of each wave, what each person told, or the wave's state."""
    names = {name: 0 for rows in waves.values() for row in rows if isinstance(row, dict)
             for name in row}  # fmt: skip
    records = []
    for wave, rows in waves.items():
        for place, row in enumerate(rows):
            state = row if isinstance(row, str) else "done"
            values = {} if isinstance(row, str) else row
            records.append(
                {
                    "participant": person(place),
                    "wave": wave,
                    "state": _CODES[state],
                    "mode": _ALONE if state in ("done", "begun") else _NONE,
                    **{name: _value(values.get(name), state) for name in names},
                }
            )
    schema = {"participant": pl.String, "wave": pl.Int64, "state": pl.Int64, "mode": pl.Int64}
    return pl.DataFrame(
        records, schema={**schema, **dict.fromkeys(names, pl.Float64)}, orient="row"
    )


def _value(given: Told, state: str) -> float:
    if isinstance(given, int | float):
        return float(given)
    return NOT_ANSWERED if state == "done" else NOT_REACHED


def of_score(score: str, waves: Mapping[int, Sequence[Told]]) -> dict[str, pl.DataFrame]:
    """`responses` and `scores` of people who told one score."""
    rows = {
        wave: [one if isinstance(one, str) else {score: one} for one in values]
        for wave, values in waves.items()
    }
    found = told(rows)
    if score not in found.columns:
        found = found.with_columns(pl.lit(NOT_REACHED).alias(score))
    return {"responses": found.drop(score), "scores": found}


def doses(periods: Mapping[int, Sequence[Mapping[str, int] | None]]) -> pl.DataFrame:
    """`doses`: of each period, what each person did; None without a record. Nothing is named: 0."""
    names = ("giving", "receiving", "active_days", "meetings")
    records = [
        {
            "participant": person(place),
            "period": period,
            "days_observable": row.get("days_observable", 84),
            **{name: row.get(name, 0) for name in names},
            "group_cluster": row.get("group_cluster", _NONE),
        }
        for period, rows in periods.items()
        for place, row in enumerate(rows)
        if row is not None
    ]
    columns = ("period", "days_observable", *names, "group_cluster")
    schema = {"participant": pl.String, **dict.fromkeys(columns, pl.Int64)}
    return pl.DataFrame(records, schema=schema, orient="row")


def by_name(parts: Sequence[MeasurePart]) -> dict[str, MeasurePart]:
    """Parts by their names, each of which is given once."""
    found = {part.name: part for part in parts}
    assert len(found) == len(parts)
    return found


def estimate(parts: Sequence[MeasurePart], name: str) -> Estimate:
    """An estimate by its name."""
    found = by_name(parts)[name]
    assert isinstance(found, Estimate)
    return found


def share(parts: Sequence[MeasurePart], name: str) -> tuple[int, int]:
    """The people of a share, and of how many."""
    found = by_name(parts)[name]
    assert isinstance(found, PeopleShare)
    return found.persons, found.of


def cells(parts: Sequence[MeasurePart], name: str) -> dict[tuple[str, str], int]:
    """The cells of a table in which there is anybody."""
    found = by_name(parts)[name]
    assert isinstance(found, PeopleTable)
    return {
        (row, column): people
        for (row, _), line in zip(found.rows.places, found.persons, strict=True)
        for (column, _), people in zip(found.columns.places, line, strict=True)
        if people
    }
