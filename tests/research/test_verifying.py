"""`alongside export verify`: a folder is whole, or what is wrong with it is told in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.db import Database
from app.research.errors import BadPackageError
from app.research.exports import manifest, verify
from app.research.exports.writers import Format
from tests.research.factories import Frozen, pull


async def test_a_whole_folder_is_told_in_one_line(
    database: Database, frozen: Frozen, pulled: Path, tmp_path: Path
) -> None:
    assert verify.check(pulled).startswith("Whole and untouched: dataset 1 of “What helps")
    typed = await pull(database, frozen[1], tmp_path / "parquet", Format.PARQUET)
    assert "5 files" in verify.check(typed)


def _rewrite(folder: Path, **changes: Any) -> None:
    """Change what the manifest says of activities.csv."""
    path = folder / manifest.NAME
    described = json.loads(path.read_text())
    described["files"]["activities.csv"].update(changes)
    path.write_text(manifest.dump(described))


def _change(folder: Path, old: bytes, new: bytes) -> None:
    """Change activities.csv and make the manifest agree about its hash and size."""
    path = folder / "activities.csv"
    path.write_bytes(path.read_bytes().replace(old, new))
    _rewrite(folder, sha256=manifest.hash_of(path), bytes=path.stat().st_size)


def test_what_is_wrong_is_told_in_one_line(pulled: Path) -> None:
    def refused() -> str:
        with pytest.raises(BadPackageError) as found:
            verify.check(pulled)
        assert "\n" not in str(found.value)
        return str(found.value)

    whole = (pulled / "activities.csv").read_bytes()
    described = (pulled / manifest.NAME).read_bytes()

    (pulled / "notes.txt").write_text("mine")
    assert "notes.txt does not belong" in refused()
    (pulled / "notes.txt").unlink()

    (pulled / "activities.csv").unlink()
    assert refused() == "activities.csv is missing."

    (pulled / "activities.csv").write_bytes(whole[:-1])
    assert "bytes and should have" in refused()

    (pulled / "activities.csv").write_bytes(whole.replace(b"published", b"PUBLISHED"))
    assert "activities.csv was changed" in refused()

    (pulled / "activities.csv").write_bytes(whole)
    _change(pulled, b"hour_band", b"hour")
    assert "other columns" in refused()

    (pulled / "activities.csv").write_bytes(whole)
    _change(pulled, b"nothing", b"nothing")
    _rewrite(pulled, rows=4)
    assert "10 rows and should have 4" in refused()

    (pulled / manifest.NAME).write_bytes(described)
    _change(pulled, b"published", b"PUBLISHED")
    assert "not those of the dataset" in refused()

    (pulled / manifest.NAME).write_text("{}")
    assert "damaged" in refused()

    (pulled / manifest.NAME).unlink()
    assert "not a pulled dataset" in refused()


def test_a_manifest_that_names_other_places_or_too_little_is_refused(pulled: Path) -> None:
    path = pulled / manifest.NAME
    described = json.loads(path.read_text())
    whole = described["files"]
    described["files"] = {"../secret": {"sha256": "", "bytes": 1}}
    path.write_text(manifest.dump(described))
    with pytest.raises(BadPackageError, match="outside the folder"):
        verify.check(pulled)
    (pulled / "ties.csv").unlink()
    described["files"] = {name: file for name, file in whole.items() if name != "ties.csv"}
    path.write_text(manifest.dump(described))
    with pytest.raises(BadPackageError, match="leaves out a file of rows"):
        verify.check(pulled)


def test_something_that_is_no_folder_and_no_parquet_is_refused(
    pulled: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadPackageError, match="is not a folder"):
        verify.check(pulled / "activities.csv")
    with pytest.raises(BadPackageError, match="is not a folder"):
        verify.check(tmp_path / "nowhere")
    broken = pulled / "activities.parquet"
    broken.write_text("no parquet")
    path = pulled / manifest.NAME
    described = json.loads(path.read_text())
    described["files"]["activities.parquet"] = {
        "sha256": manifest.hash_of(broken),
        "bytes": 10,
        "rows": 1,
        "columns": [],
    }
    path.write_text(manifest.dump(described))
    with pytest.raises(BadPackageError, match="is not a Parquet file"):
        verify.check(pulled)
