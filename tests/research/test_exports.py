"""Downloading: the same bytes each time, in every format the same rows, and nothing half done."""

import csv
import json
import zipfile
from html import escape
from pathlib import Path
from typing import Any

import polars
import psycopg
import pytest
import structlog
from pyarrow import parquet

from app.core import clock
from app.core.db import AnyConnection, Database
from app.research import codebook
from app.research.bands import Options
from app.research.errors.datasets import (
    DatasetChangedError,
    DatasetClosedError,
    DatasetNotFoundError,
)
from app.research.errors.releases import NotReleasedError
from app.research.exports import archive, chunks, manifest, missing_codes, package, source, writers
from app.research.exports.writers import Format
from app.research.release_models import Released
from tests.research import program_files
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import (
    ME,
    Frozen,
    download,
    freeze,
    later,
    opened,
    release,
    several,
    withdraw,
)

FILES = ("periods", "flow", "community")


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
    study, dataset, _ = frozen
    folder = await download(database, dataset, tmp_path / "out")
    cursor = await connection.execute("SELECT member_id, participant_id FROM identity.study_links")
    codes = {row["member_id"]: row["participant_id"] for row in await cursor.fetchall()}
    people = _rows(folder / "periods.csv")
    assert [row["participant"] for row in people] == sorted(codes.values())
    assert list(people[0]) == [
        "participant", "period", "days_observable", "active_days", "giving", "receiving",
    ]  # fmt: skip
    assert {row["period"] for row in people} == {"1"}
    assert _rows(folder / "flow.csv") == [
        {"period": "1", "looked": "0", "consented": "-8", "stopped": "-8", "erased": "0"}
    ]
    assert _rows(folder / "community.csv")[0]["members"] == "0"
    described = json.loads((folder / "manifest.json").read_text())
    assert described["study"] == {"id": str(study.id), "title": study.title}
    assert described["dataset"]["sha256"] == dataset.sha256
    assert described["dataset"]["frozen_in"] == "2026-03"
    page = (folder / "codebook.html").read_text()
    for statement in (manifest.WEIGHTING, manifest.ANONYMISATION):
        assert statement in described["dataset"].values()
        assert escape(statement) in page, "the codebook is read without the manifest"
    assert described["files"]["periods.csv"]["rows"] == 7
    assert described["agreement"] is None
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not [member for member in codes if str(member).encode() in everything]
    assert b"2026-03-0" not in everything


@pytest.mark.parametrize("format_", Format)
async def test_two_pulls_are_the_same_bytes_also_after_more_has_happened(
    database: Database, frozen: Frozen, tmp_path: Path, format_: Format
) -> None:
    _, dataset, members = frozen
    first = await download(database, dataset, tmp_path / "first", format_)
    with clock.at(later(days=9)):
        await happen_and_learn(database, [published(members[0])])
    second = await download(database, dataset, tmp_path / "second", format_)
    assert _bytes(first) == _bytes(second)
    for name, folder in (("a.zip", first), ("b.zip", second)):
        archive.write(folder, tmp_path / name, top="dataset")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as opened_zip:
        assert opened_zip.namelist() == sorted(f"dataset/{name}" for name in _bytes(first))
        assert opened_zip.testzip() is None


async def test_renaming_a_column_leaves_what_was_frozen_as_it_is(
    database: Database, frozen: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await download(database, frozen[1], tmp_path / "before", Format.PARQUET)
    monkeypatch.setattr(codebook, "_FLOW", codebook._FLOW[:1])
    after = await download(database, frozen[1], tmp_path / "after", Format.PARQUET)
    for name in FILES:
        file = f"{name}.parquet"
        assert (before / file).read_bytes() == (after / file).read_bytes()


async def test_parquet_holds_the_same_rows_as_csv_with_types(
    database: Database, frozen: Frozen, tmp_path: Path
) -> None:
    _, dataset, _ = frozen
    plain = await download(database, dataset, tmp_path / "csv")
    typed = await download(database, dataset, tmp_path / "parquet", Format.PARQUET)
    for file in FILES:
        read = parquet.read_table(typed / f"{file}.parquet")
        assert read.schema.names == [one.name for one in codebook.columns(file, Options())]
        rows = [{name: str(value) for name, value in row.items()} for row in read.to_pylist()]
        assert rows == _rows(plain / f"{file}.csv")
    frame = polars.read_parquet(typed / "periods.parquet")
    assert frame.schema["giving"] == polars.Int32
    assert polars.read_csv(plain / "codebook.csv").columns == list(codebook.HEADER)


@pytest.mark.parametrize("format_", [Format.SAV, Format.DTA])
async def test_spss_and_stata_files_hold_the_same_rows_and_say_what_they_mean(
    database: Database, frozen: Frozen, tmp_path: Path, format_: Format
) -> None:
    _, dataset, _ = frozen
    typed = await download(database, dataset, tmp_path / "parquet", Format.PARQUET)
    folder = await download(database, dataset, tmp_path / "out", format_)
    for file in FILES:
        values, described = program_files.read(folder / f"{file}.{format_}")
        assert values == polars.read_parquet(typed / f"{file}.parquet").to_dict(as_series=False)
        columns = codebook.columns(file, Options())
        missing = program_files.missing(folder / f"{file}.{format_}", described)
        assert [
            (name, label, missing.get(name, set()))
            for name, label in described.column_names_to_labels.items()
        ] == [(one.name, one.label, set(missing_codes.of(one))) for one in columns]


async def test_every_code_in_the_files_stands_in_the_codebook(
    database: Database, frozen: Frozen, tmp_path: Path
) -> None:
    _, dataset, _ = frozen
    folder = await download(database, dataset, tmp_path / "out")
    described = {(row["file"], row["column"]) for row in _rows(folder / "codebook.csv")}
    tree = json.loads((folder / "codebook.json").read_text())
    for file in FILES:
        rows = _rows(folder / f"{file}.csv")
        assert {(file, name) for name in rows[0]} <= described
        values = {column["name"]: column["values"] for column in tree[file]}
        for row in rows:
            for name, value in row.items():
                is_count = set(values[name]) <= {"-8"}
                assert is_count or value in values[name], (file, name, value)


async def test_nothing_leaves_that_was_not_released(database: Database, tmp_path: Path) -> None:
    study = await opened(database)
    with clock.at(later()):
        await several(database, study, 6)
        dataset = await freeze(database, study)
    for released in Released:
        with pytest.raises(NotReleasedError):
            await download(database, dataset, tmp_path / "out", released=released)
    assert _left(tmp_path) == []


async def test_every_download_is_logged_with_its_release_also_one_refused_at_its_end(
    database: Database, connection: AnyConnection, frozen: Frozen, tmp_path: Path
) -> None:
    study, dataset, members = frozen
    await download(database, dataset, tmp_path / "out", Format.PARQUET)
    await withdraw(database, study, members[0], erase=True)
    with pytest.raises(DatasetClosedError):
        await download(database, dataset, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    cursor = await connection.execute(
        "SELECT pulled_by, how, what, format, request_id IS NOT NULL AS is_released"
        " FROM research.pulls"
    )
    assert await cursor.fetchall() == [
        {
            "pulled_by": ME.account_id,
            "how": "command_line",
            "what": "all",
            "format": "parquet",
            "is_released": True,
        }
    ]
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        await connection.execute("DELETE FROM research.pulls")


async def test_an_erasure_during_a_download_leaves_nothing_behind(
    database: Database, frozen: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, dataset, members = frozen
    fetch = chunks.fetch

    async def fetch_slowly(*arguments: Any, **named: Any) -> None:
        await fetch(*arguments, **named)
        await withdraw(database, study, members[0], erase=True)

    monkeypatch.setattr(chunks, "fetch", fetch_slowly)
    with pytest.raises(DatasetClosedError):
        await download(database, dataset, tmp_path / "out")
    assert _left(tmp_path) == []


async def test_an_erasure_that_took_the_bytes_during_a_download_is_no_alarm(
    database: Database,
    connection: AnyConnection,
    frozen: Frozen,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study, dataset, members = frozen
    fetch = chunks.fetch

    async def erase_first(*arguments: Any, **named: Any) -> None:
        await withdraw(database, study, members[0], erase=True)
        await connection.execute("DELETE FROM research.dataset_chunks")
        await fetch(*arguments, **named)

    monkeypatch.setattr(chunks, "fetch", erase_first)
    with pytest.raises(DatasetClosedError), structlog.testing.capture_logs() as said:
        await download(database, dataset, tmp_path / "out")
    assert [line for line in said if line["log_level"] == "error"] == []
    assert _left(tmp_path) == []


async def test_who_stops_stays_in_what_was_frozen(
    database: Database, frozen: Frozen, tmp_path: Path
) -> None:
    study, dataset, members = frozen
    with clock.at(later(days=4)):
        await withdraw(database, study, members[0])
    folder = await download(database, dataset, tmp_path / "csv")
    assert len(_rows(folder / "periods.csv")) == 7


async def test_bytes_that_are_not_what_was_frozen_are_not_handed_out(
    database: Database, connection: AnyConnection, frozen: Frozen, tmp_path: Path
) -> None:
    """Only someone who may switch the rules of the database off can bring this about."""
    _, dataset, _ = frozen
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE research.dataset_chunks SET content = content || '\\x00'")
    with pytest.raises(DatasetChangedError), structlog.testing.capture_logs() as said:
        await download(database, dataset, tmp_path / "out")
    assert [line["event"] for line in said] == ["a dataset is not what was frozen"]
    assert _left(tmp_path) == []


async def test_what_is_counted_is_read_as_the_research_role_and_nothing_is_written(
    database: Database, frozen: Frozen
) -> None:
    study, dataset, _ = frozen
    with source.reading(database.settings.research) as connection:
        source.read(connection, study.id, until=dataset.cut_off)
        assert connection.execute("SELECT current_user").fetchone() == ("alongside_research",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM identity.study_links")
    with source.reading(database.settings.research) as connection, pytest.raises(psycopg.Error):
        connection.execute("CREATE TEMP TABLE t (x int)")


@pytest.mark.parametrize("count", [0, 1, 65_536, 200_000])
def test_csv_is_written_block_by_block_from_what_was_frozen(tmp_path: Path, count: int) -> None:
    frozen = tmp_path / "frozen"
    polars.DataFrame({"n": range(count)}).write_parquet(frozen)
    target = tmp_path / "n.csv"
    writers.write(frozen, target, Format.CSV, [])
    assert not frozen.exists()
    lines = target.read_text().splitlines()
    assert [line.strip('"') for line in lines] == ["n", *map(str, range(count))]


async def test_a_long_file_is_kept_and_fetched_in_chunks(
    database: Database, frozen: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, _, _ = frozen
    monkeypatch.setattr(chunks, "SIZE", 100)
    with clock.at(later(days=40)):
        dataset = await freeze(database, study)
        await release(database, dataset)
        folder = await download(database, dataset, tmp_path / "out")
    assert len(_rows(folder / "periods.csv")) == 7


async def test_a_file_that_a_dataset_does_not_have_is_not_downloaded(
    database: Database, frozen: Frozen, tmp_path: Path
) -> None:
    _, dataset, _ = frozen
    await release(database, dataset)
    with pytest.raises(DatasetNotFoundError, match="no file “wave_flow”"):
        await package.download(
            database,
            dataset.id,
            format_=Format.CSV,
            folder=tmp_path / "out",
            by=ME,
            only="wave_flow",
        )
    assert _left(tmp_path) == []
