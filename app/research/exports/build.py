"""Making a dataset's files: read once, protect, write one Parquet file a table.

Runs in a thread of its own, and is loaded when first asked for: polars and pyarrow are memory that
a server which never freezes should not carry.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import psycopg
from pyarrow import parquet

from app.research import answer_columns, period_file, score_bands
from app.research.bands import Options
from app.research.disclosure import TooFewPeopleError
from app.research.exports import acts, answer_rows, copying, inside, responses, schemas, source
from app.research.exports.responses import Responses
from app.research.exports.schemas import MAY_LEAVE
from app.research.exports.source import Source
from app.research.period_file import PERSON, ProtectedRows

__all__ = ["Built", "BuiltFile", "DatasetPlan", "TooFewPeopleError", "build", "preview", "rebuild"]


@dataclass(frozen=True, slots=True)
class DatasetPlan:
    """What is to be frozen."""

    study_id: UUID
    until: date
    options: Options
    #: Rows of the whole community, already rounded.
    community: Sequence[Mapping[str, int]]
    #: Kind and mode of each group that anyone came to, by its number in the study.
    groups: Sequence[Mapping[str, int | str]] = ()


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One table as a Parquet file."""

    name: str
    path: Path
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Built:
    """The files of a dataset, who is in it, and what disclosure control did."""

    files: list[BuiltFile]
    participants: list[str]
    sheet_versions: list[int]
    disclosure: dict[str, Any]
    #: Whether any row of answers may leave under an agreement.
    answers_may_leave: bool = False


def build(url: str, plan: DatasetPlan, folder: Path) -> Built:
    """Read a study and write its files; raises disclosure.TooFewPeopleError."""
    with source.reading(url) as connection:
        found, told = _read(connection, plan.study_id, plan.until, plan.options)
        made = _protected(found, told, plan.options)
        doses = answer_rows.doses(found.counts, told, plan.options)
        files = [
            _write(folder, "periods", made.rows, plan.options),
            _write(folder, "flow", pl.DataFrame(found.flow), plan.options),
            _write(folder, "community", pl.DataFrame(plan.community), plan.options),
            _write(folder, "doses", doses, plan.options),
        ]
        if told.asked:
            files += _answers(folder, told, plan.options)
        rows_of = inside.write(connection, plan.study_id, plan.until, plan.groups, folder)
        files += _inside(folder, rows_of)
        if found.reached:
            path = folder / "acts.parquet"
            rows = acts.write(connection, plan.study_id, found.reached, path)
            files.append(_built("acts", path, rows))
    people = sorted({*found.counts.get_column(PERSON), *told.participants})
    disclosure = report(made, plan.options)
    return Built(files, people, found.sheet_versions, disclosure, told.any_may_leave)


def _read(
    connection: psycopg.Connection, study_id: UUID, until: date, options: Options
) -> tuple[Source, Responses]:
    return (
        source.read(connection, study_id, until=until, schedule=options.schedule),
        responses.read(connection, study_id, until, options.asked),
    )


def _answers(folder: Path, told: Responses, options: Options) -> list[BuiltFile]:
    """What stands inside exactly, and how the waves went."""
    records = {
        "responses": answer_rows.responses(told, options),
        "scores": answer_rows.scores(told, options),
        "wave_flow": answer_rows.flow(told),
    }
    return [
        _write(folder, name, pl.DataFrame(list(rows), infer_schema_length=None), options)
        for name, rows in records.items()
    ]


def preview(url: str, study_id: UUID, until: date, options: Options) -> dict[str, Any]:
    """What a choice of measures and answers would cost; raises disclosure.TooFewPeopleError."""
    with source.reading(url) as connection:
        found, told = _read(connection, study_id, until, options)
    return report(_protected(found, told, options), options)


def rebuild(frames: Mapping[str, Path], left: Sequence[str], options: Options, out: Path) -> Built:
    """The files of a dataset with those alone who are left, protected anew."""
    rows = pl.read_parquet(frames["periods"]).filter(pl.col(PERSON).is_in(left))
    made = period_file.protect_again(rows, options)
    files = [_write(out, "periods", made.rows, options)]
    files += [
        _write(out, name, pl.read_parquet(frames[name]), options)
        for name in ("flow", "community", "wave_flow")
        if name in frames
    ]
    may_leave = False
    for name in (one for one in answer_columns.FILES if one in frames):
        kept = pl.read_parquet(frames[name]).filter(pl.col(PERSON).is_in(left))
        files.append(_write(out, name, kept, options))
        may_leave |= bool((kept.get_column(MAY_LEAVE) == 1).any())
    files += _inside(out, inside.only(frames, left, out))
    if "acts" in frames:
        path = out / "acts.parquet"
        files.append(_built("acts", path, acts.only(frames["acts"], left, path)))
    return Built(files, list(left), [], report(made, options), may_leave)


def _protected(found: Source, told: Responses, options: Options) -> ProtectedRows:
    bands = answer_rows.told_bands(told, options)
    return period_file.protect(found.counts, found.answers, options, bands)


def report(made: ProtectedRows, options: Options) -> dict[str, Any]:
    """What disclosure control did, as the dataset and its manifest tell it."""
    return {
        "rule": "k-anonymity of a person's whole record",
        "k": made.k,
        "smallest_class": made.smallest_class,
        "costs": made.costs,
        # A score is known to people by what it measures, not by its column.
        "labels": score_bands.titles(options),
        "left_out": made.left_out,
    }


def _inside(folder: Path, rows_of: Mapping[str, int]) -> list[BuiltFile]:
    return [_built(name, inside.path_of(folder, name), rows) for name, rows in rows_of.items()]


def _write(folder: Path, name: str, rows: pl.DataFrame, options: Options) -> BuiltFile:
    table = schemas.table(rows, schemas.kept(name, options))
    path = folder / f"{name}.parquet"
    parquet.write_table(table, path, compression="zstd", row_group_size=copying.BLOCK)
    return _built(name, path, table.num_rows)


def _built(name: str, path: Path, rows: int) -> BuiltFile:
    with path.open("rb") as opened:
        return BuiltFile(name, path, rows, hashlib.file_digest(opened, "sha256").hexdigest())
