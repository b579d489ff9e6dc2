"""`alongside export verify`: a folder is whole, or what is wrong with it is told in one line."""

import json
import zipfile
from pathlib import Path
from typing import Any

import polars
import pytest

from app.core.db import Database
from app.research.errors.datasets import BadPackageError
from app.research.exports import archive, manifest, verify
from app.research.exports.writers import Format
from tests.research.factories import Frozen, download


async def test_a_whole_folder_is_told_in_one_line(
    database: Database, frozen: Frozen, downloaded: Path, tmp_path: Path
) -> None:
    assert verify.check(downloaded).startswith("Whole and untouched: dataset 1 of “What helps")
    typed = await download(database, frozen[1], tmp_path / "parquet", Format.PARQUET)
    assert "7 files" in verify.check(typed)


def _rewrite(folder: Path, **changes: Any) -> None:
    """Change what the manifest says of periods.csv."""
    path = folder / manifest.NAME
    described = json.loads(path.read_text())
    described["files"]["periods.csv"].update(changes)
    path.write_text(manifest.dump(described))


def _change(folder: Path, old: bytes, new: bytes) -> None:
    """Change periods.csv and make the manifest agree about its hash and size."""
    path = folder / "periods.csv"
    path.write_bytes(path.read_bytes().replace(old, new))
    _rewrite(folder, sha256=manifest.hash_of(path), bytes=path.stat().st_size)


def test_what_is_wrong_is_told_in_one_line(downloaded: Path) -> None:
    def refused() -> str:
        with pytest.raises(BadPackageError) as found:
            verify.check(downloaded)
        assert "\n" not in str(found.value)
        return str(found.value)

    whole = (downloaded / "periods.csv").read_bytes()

    (downloaded / "notes.txt").write_text("mine")
    assert "notes.txt does not belong" in refused()
    (downloaded / "notes.txt").unlink()

    (downloaded / "periods.csv").unlink()
    assert refused() == "periods.csv is missing."

    (downloaded / "periods.csv").write_bytes(whole[:-1])
    assert "bytes and should have" in refused()

    (downloaded / "periods.csv").write_bytes(whole.replace(b"P-", b"Q-"))
    assert "periods.csv was changed" in refused()

    (downloaded / "periods.csv").write_bytes(whole)
    _change(downloaded, b"giving", b"gaving")
    assert "other columns" in refused()

    (downloaded / "periods.csv").write_bytes(whole)
    _change(downloaded, b"nothing", b"nothing")
    _rewrite(downloaded, rows=4)
    assert "7 rows and should have 4" in refused()

    (downloaded / manifest.NAME).write_text("{}")
    assert "damaged" in refused()

    (downloaded / manifest.NAME).unlink()
    assert "not a downloaded dataset" in refused()


def test_a_manifest_that_names_other_places_or_too_little_is_refused(downloaded: Path) -> None:
    path = downloaded / manifest.NAME
    described = json.loads(path.read_text())
    described["files"] = {"../secret": {"sha256": "", "bytes": 1}}
    path.write_text(manifest.dump(described))
    with pytest.raises(BadPackageError, match="outside the folder"):
        verify.check(downloaded)


async def test_a_parquet_file_of_another_dataset_is_found_out(
    database: Database, frozen: Frozen, tmp_path: Path
) -> None:
    folder = await download(database, frozen[1], tmp_path / "parquet", Format.PARQUET)
    path = folder / manifest.NAME
    described = json.loads(path.read_text())
    other = polars.read_parquet(folder / "periods.parquet").reverse()
    other.write_parquet(folder / "periods.parquet")
    described["files"]["periods.parquet"].update(
        sha256=manifest.hash_of(folder / "periods.parquet"),
        bytes=(folder / "periods.parquet").stat().st_size,
    )
    path.write_text(manifest.dump(described))
    with pytest.raises(BadPackageError, match="not those of the dataset"):
        verify.check(folder)


def test_something_that_is_no_folder_and_no_parquet_is_refused(
    downloaded: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadPackageError, match="damaged, or no zip"):
        verify.check(downloaded / "periods.csv")
    with pytest.raises(BadPackageError, match="is neither a folder nor a zip"):
        verify.check(tmp_path / "nowhere")
    broken = downloaded / "other.parquet"
    broken.write_text("no parquet")
    path = downloaded / manifest.NAME
    described = json.loads(path.read_text())
    described["files"]["other.parquet"] = {
        "sha256": manifest.hash_of(broken),
        "bytes": 10,
        "rows": 1,
        "columns": [],
    }
    path.write_text(manifest.dump(described))
    with pytest.raises(BadPackageError, match="is not a Parquet file"):
        verify.check(downloaded)


@pytest.mark.parametrize("format_", Format)
async def test_the_zip_is_checked_as_it_was_downloaded(
    database: Database, frozen: Frozen, tmp_path: Path, format_: Format
) -> None:
    folder = await download(database, frozen[1], tmp_path / "out", format_)
    archive.write(folder, tmp_path / "taken.zip", top=archive.name_of(folder))
    assert verify.check(tmp_path / "taken.zip") == verify.check(folder)
    (folder / "codebook.csv").unlink()
    archive.write(folder, tmp_path / "less.zip", top="less")
    with pytest.raises(BadPackageError, match=r"codebook\.csv is missing"):
        verify.check(tmp_path / "less.zip")


@pytest.mark.parametrize(
    "names",
    [
        ["one/a.csv", "two/a.csv"],
        ["a.csv"],
        ["one/"],
        ["one/.."],
        ["one/../../a.csv"],
        ["/a/b.csv"],
        ["one/deeper/a.csv"],
        ["one/c:a.csv"],
        [],
    ],
)
def test_a_zip_that_is_not_one_folder_of_files_is_refused_and_writes_nothing(
    tmp_path: Path, names: list[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "taken.zip", "w") as opened:
        for name in names:
            opened.writestr(name, "words")
    into = tmp_path / "in" / "into"
    into.mkdir(parents=True)
    with pytest.raises(BadPackageError, match="not one folder of files"):
        archive.unpack(tmp_path / "taken.zip", into)
    assert {path.name for path in tmp_path.rglob("*")} == {"taken.zip", "in", "into"}


def test_a_damaged_zip_is_told_in_one_line(downloaded: Path, tmp_path: Path) -> None:
    path = tmp_path / "taken.zip"
    archive.write(downloaded, path, top="taken")
    whole = path.read_bytes()
    for damaged in (whole[:-30], whole[:200] + bytes(40) + whole[240:], b""):
        path.write_bytes(damaged)
        with pytest.raises(BadPackageError, match=r"taken\.zip can't be opened"):
            verify.check(path)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("What helps when we help each other", "What-helps-when-we-help-each-other"),
        ("  Who/what: \\helps?* \x00 ", "Who-what-helps"),
        ("..", "Study"),
        ("Zusammen über alles", "Zusammen-über-alles"),
        ("کمک به هم", "کمک-به-هم"),
        ("a" * 44 + " bcd", "a" * 44),
        ("語" * 200, "語" * 45),
    ],
)
def test_a_folder_has_a_name_that_people_read_and_file_systems_take(
    downloaded: Path, title: str, expected: str
) -> None:
    path = downloaded / manifest.NAME
    described = json.loads(path.read_text())
    described["study"]["title"] = title
    path.write_text(manifest.dump(described))
    name = archive.name_of(downloaded)
    month = described["dataset"]["frozen_in"]
    assert name == f"{expected}-{month}-dataset-1-csv"
    assert len(f"{name}.zip".encode()) < 255
    described["files"] = {"acts.csv": {}}
    path.write_text(manifest.dump(described))
    assert archive.name_of(downloaded) == f"{expected}-{month}-dataset-1-acts-csv"
