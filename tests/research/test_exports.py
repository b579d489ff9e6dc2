"""Pulling: the same bytes each time, in every format the same rows, and nothing half done."""

import asyncio
import csv
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import polars
import psycopg
import pytest
import structlog
from app.research.exports.parquet_writer import BLOCKS
from pyarrow import parquet

from app.core import clock
from app.core.db import AnyConnection, Database
from app.research import codebook
from app.research.errors import DatasetChangedError, DatasetClosedError
from app.research.exports import archive, freezing, package, source
from app.research.exports.source import Cut
from app.research.exports.writers import Format
from tests.research.factories import (
    ME,
    Frozen,
    happen_and_learn,
    later,
    published,
    pull,
    withdraw,
)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as opened_file:
        return list(csv.DictReader(opened_file))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_the_files_hold_what_was_frozen(
    database: Database, connection: AnyConnection, frozen: Frozen, tmp_path: Path
) -> None:
    study, dataset, members = frozen
    folder = await pull(database, dataset, tmp_path / "out")
    cursor = await connection.execute("SELECT member_id, participant_id FROM identity.study_links")
    codes = {row["member_id"]: row["participant_id"] for row in await cursor.fetchall()}
    one, other, third = (codes[member] for member in members[:3])
    people = _rows(folder / "participants.csv")
    assert [row["participant"] for row in people] == sorted(codes[member] for member in members)
    acts = _rows(folder / "activities.csv")
    assert len(acts) == 10
    mine = [row for row in acts if row["participant"] == one]
    assert [(row["kind"], row["counterpart"]) for row in mine] == [
        ("published", ""),
        ("received", other),
        ("received", other),
        ("reacted", other),
    ]
    assert mine[0] == {
        "participant": one,
        "day": "2",
        "hour_band": "afternoon",
        "kind": "published",
        "counterpart": "",
        "intent": "saying_hello",
        "reaction": "",
        "length_band": "long",
        "has_note": "no",
        "seconds": "",
    }
    ties = {(row["giver"], row["receiver"]): row for row in _rows(folder / "ties.csv")}
    assert {key: (row["replies"], row["reactions"]) for key, row in ties.items()} == {
        (other, one): ("2", "0"),
        (one, other): ("0", "1"),
        (third, "OTHERS"): ("1", "0"),
        ("OTHERS", third): ("0", "1"),
    }
    described = json.loads((folder / "manifest.json").read_text())
    assert described["study"] == {"id": str(study.id), "title": study.title}
    assert described["dataset"]["sha256"] == dataset.sha256
    assert described["dataset"]["frozen_in"] == "2026-03"
    assert described["files"]["activities.csv"]["rows"] == 10
    everything = "".join(path.read_text() for path in folder.iterdir())
    assert not [member for member in codes if str(member) in everything]
    assert "2026-03-0" not in everything


async def test_codes_that_left_or_belong_to_nobody_inside_are_not_in_the_files(
    database: Database, connection: AnyConnection, frozen: Frozen, tmp_path: Path
) -> None:
    _, dataset, _ = frozen
    folder = await pull(database, dataset, tmp_path / "out")
    cursor = await connection.execute(
        "SELECT id FROM research.participants WHERE state = 'stopped'"
    )
    (left,) = await cursor.fetchall()
    assert not [path.name for path in folder.iterdir() if left["id"] in path.read_text()]


@pytest.mark.parametrize("format_", Format)
async def test_two_pulls_are_the_same_bytes_also_after_more_has_happened(
    database: Database, frozen: Frozen, tmp_path: Path, format_: Format
) -> None:
    _, dataset, members = frozen
    first = await pull(database, dataset, tmp_path / "first", format_)
    with clock.at(later(days=9)):
        await happen_and_learn(database, [published(members[0])])
    second = await pull(database, dataset, tmp_path / "second", format_)
    assert _bytes(first) == _bytes(second)
    for name, folder in (("a.zip", first), ("b.zip", second)):
        archive.write(folder, tmp_path / name, top="dataset")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as opened_zip:
        assert opened_zip.namelist() == sorted(f"dataset/{name}" for name in _bytes(first))
        assert opened_zip.testzip() is None


async def test_parquet_holds_the_same_rows_as_csv_with_types(
    database: Database, frozen: Frozen, tmp_path: Path
) -> None:
    _, dataset, _ = frozen
    plain = await pull(database, dataset, tmp_path / "csv")
    typed = await pull(database, dataset, tmp_path / "parquet", Format.PARQUET)
    for file in codebook.FILES:
        read = parquet.read_table(typed / f"{file}.parquet")
        assert read.schema.names == codebook.names(file)
        rows = [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in read.to_pylist()
        ]
        assert rows == _rows(plain / f"{file}.csv")
    frame = polars.read_parquet(typed / "activities.parquet")
    assert frame.schema["day"] == polars.Int64
    assert frame["day"].to_list() == [2] * 10
    assert polars.read_csv(plain / "codebook.csv").columns == list(codebook.HEADER)


async def test_every_column_of_the_files_stands_in_the_codebook(
    database: Database, frozen: Frozen, tmp_path: Path
) -> None:
    _, dataset, _ = frozen
    folder = await pull(database, dataset, tmp_path / "out")
    described = {(row["file"], row["column"]) for row in _rows(folder / "codebook.csv")}
    tree = json.loads((folder / "codebook.json").read_text())
    for file in codebook.FILES:
        rows = _rows(folder / f"{file}.csv")
        assert {(file, name) for name in rows[0]} <= described
        values = {column["name"]: column["values"] for column in tree[file]}
        for row in rows:
            for name, value in row.items():
                is_open = not values[name] or file == "ties"
                assert is_open or value == "" or value in values[name], (file, name, value)


async def test_every_pull_is_logged_also_one_that_is_refused_at_its_end(
    database: Database, connection: AnyConnection, frozen: Frozen, tmp_path: Path
) -> None:
    study, dataset, members = frozen
    await pull(database, dataset, tmp_path / "out", Format.PARQUET)
    await withdraw(database, study, members[0], erase=True)
    with pytest.raises(DatasetClosedError):
        await pull(database, dataset, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    cursor = await connection.execute("SELECT pulled_by, how, what, format FROM research.pulls")
    assert await cursor.fetchall() == [
        {"pulled_by": ME.account_id, "how": "command_line", "what": "all", "format": "parquet"}
    ]
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        await connection.execute("DELETE FROM research.pulls")


async def test_an_erasure_during_a_pull_leaves_nothing_behind(
    database: Database, frozen: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, dataset, members = frozen
    loop = asyncio.get_running_loop()
    read = source.read

    def read_slowly(*args: Any) -> source.Read:
        found = read(*args)
        if args[2] == "activities":
            erasure = withdraw(database, study, members[0], erase=True)
            asyncio.run_coroutine_threadsafe(erasure, loop).result(20)
        return found

    monkeypatch.setattr(source, "read", read_slowly)
    with pytest.raises(DatasetClosedError):
        await pull(database, dataset, tmp_path / "out")
    assert _left(tmp_path) == []


async def test_an_erasure_just_before_a_pull_reads_is_no_alarm(
    database: Database, frozen: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, dataset, members = frozen
    loop = asyncio.get_running_loop()
    write = package.write

    def erase_first(*args: Any) -> None:
        erasure = withdraw(database, study, members[0], erase=True)
        asyncio.run_coroutine_threadsafe(erasure, loop).result(20)
        write(*args)

    monkeypatch.setattr(package, "write", erase_first)
    with pytest.raises(DatasetClosedError), structlog.testing.capture_logs() as said:
        await pull(database, dataset, tmp_path / "out")
    assert [line for line in said if line["log_level"] == "error"] == []
    assert _left(tmp_path) == []


async def test_who_stops_during_a_pull_is_in_it_and_not_in_the_next(
    database: Database, frozen: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cut is of those who agreed when it was frozen; only an erasure closes it."""
    study, dataset, members = frozen
    loop = asyncio.get_running_loop()
    write = package.write

    def stop_first(*args: Any) -> None:
        stopping = withdraw(database, study, members[0])
        asyncio.run_coroutine_threadsafe(stopping, loop).result(20)
        write(*args)

    monkeypatch.setattr(package, "write", stop_first)
    for format_ in Format:
        folder = await pull(database, dataset, tmp_path / format_, format_)
        assert (folder / f"participants.{format_}").is_file()
    assert len(_rows(tmp_path / "csv" / "participants.csv")) == len(members)
    after = await freezing.freeze(database, study.id, by=ME)
    assert after.participant_count == len(members) - 1


async def test_rows_that_are_not_what_was_frozen_are_not_handed_out(
    database: Database, connection: AnyConnection, frozen: Frozen, tmp_path: Path
) -> None:
    """Only someone who may switch the rules of the database off can bring this about."""
    _, dataset, _ = frozen
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE research.activities SET day = day + 1")
    with pytest.raises(DatasetChangedError):
        await pull(database, dataset, tmp_path / "out")
    assert _left(tmp_path) == []


async def test_the_export_reads_as_the_research_role_and_can_not_write(
    database: Database, frozen: Frozen
) -> None:
    with source.reading(database.settings.url) as cursor:
        assert cursor.execute("SELECT current_user").fetchone() == ("alongside_research",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute("SELECT * FROM identity.study_links")
    with source.reading(database.settings.url) as cursor, pytest.raises(psycopg.Error):
        cursor.execute("CREATE TEMP TABLE t (x int)")


def _many(count: int) -> Iterator[bytes]:
    return (f"P-00000-00,{number},night,read,,,,,,1\n".encode() for number in range(count))


@pytest.mark.parametrize("count", [0, 1, 65_536, 65_537, 200_000])
def test_row_groups_have_one_size_however_the_rows_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    from app.research.exports import parquet_writer  # noqa: PLC0415

    monkeypatch.setattr(source, "_lines", lambda *_: _many(count))
    path = tmp_path / "activities.parquet"
    with parquet_writer.writing(path, "activities") as sink:
        found = source.read(None, Cut(UUID(int=0), 0), "activities", sink)  # type: ignore[arg-type]
    described = parquet.ParquetFile(path).metadata
    assert (found.rows, described.num_rows) == (count, count)
    sizes = [described.row_group(number).num_rows for number in range(described.num_row_groups)]
    assert set(sizes[:-1]) <= {BLOCKS * source.BLOCK}
