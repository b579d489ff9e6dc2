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
from pyarrow import parquet

from app.research import periods
from app.research.bands import Options
from app.research.disclosure import TooFewPeopleError
from app.research.exports import acts, source
from app.research.exports.source import Source
from app.research.periods import PERSON, ProtectedRows

__all__ = ["Built", "BuiltFile", "DatasetPlan", "TooFewPeopleError", "build", "preview", "rebuild"]


@dataclass(frozen=True, slots=True)
class DatasetPlan:
    """What is to be frozen."""

    study_id: UUID
    until: date
    options: Options
    #: Rows of the whole community, already rounded.
    community: Sequence[Mapping[str, int]]


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


def build(url: str, plan: DatasetPlan, folder: Path) -> Built:
    """Read a study and write its files; raises disclosure.TooFewPeopleError."""
    with source.reading(url) as connection:
        found = source.read(
            connection, plan.study_id, until=plan.until, schedule=plan.options.schedule
        )
        made = _protected(found, plan.options)
        files = [
            _write(folder, "periods", made.rows, plan.options),
            _write(folder, "flow", pl.DataFrame(found.flow), plan.options),
            _write(folder, "community", pl.DataFrame(plan.community), plan.options),
        ]
        if found.reached:
            path = folder / "acts.parquet"
            rows = acts.write(connection, plan.study_id, found.reached, path)
            files.append(_built("acts", path, rows))
    people = found.counts.get_column(PERSON).unique().sort().to_list()
    return Built(files, people, found.sheet_versions, report(made))


def preview(url: str, study_id: UUID, until: date, options: Options) -> dict[str, Any]:
    """What a choice of measures and answers would cost; raises disclosure.TooFewPeopleError."""
    with source.reading(url) as connection:
        found = source.read(connection, study_id, until=until, schedule=options.schedule)
    return report(_protected(found, options))


def rebuild(frames: Mapping[str, Path], left: Sequence[str], options: Options, out: Path) -> Built:
    """The files of a dataset with those alone who are left, protected anew."""
    rows = pl.read_parquet(frames["periods"]).filter(pl.col(PERSON).is_in(left))
    made = periods.protect_again(rows, options)
    files = [_write(out, "periods", made.rows, options)]
    files += [
        _write(out, name, pl.read_parquet(frames[name]), options) for name in ("flow", "community")
    ]
    if "acts" in frames:
        path = out / "acts.parquet"
        files.append(_built("acts", path, acts.only(frames["acts"], left, path)))
    return Built(files, list(left), [], report(made))


def _protected(found: Source, options: Options) -> ProtectedRows:
    return periods.protect(found.counts, found.answers, options)


def report(made: ProtectedRows) -> dict[str, Any]:
    """What disclosure control did, as the dataset and its manifest tell it."""
    return {
        "rule": "k-anonymity of a person's whole record",
        "k": made.k,
        "smallest_class": made.smallest_class,
        "costs": made.costs,
        "left_out": made.left_out,
    }


def _write(folder: Path, name: str, rows: pl.DataFrame, options: Options) -> BuiltFile:
    path = folder / f"{name}.parquet"
    table = rows.to_arrow().cast(acts.schema(name, options))
    parquet.write_table(table, path, compression="zstd", row_group_size=acts.BLOCK)
    return _built(name, path, table.num_rows)


def _built(name: str, path: Path, rows: int) -> BuiltFile:
    with path.open("rb") as opened:
        return BuiltFile(name, path, rows, hashlib.file_digest(opened, "sha256").hexdigest())
