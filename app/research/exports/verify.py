"""Is a downloaded folder or zip whole and untouched? Needs no database: the manifest
says what must be there.

A manifest can be written anew by whoever changes a file. It protects against accidents and
half copies; against intent, compare its `sha256` with the one the product shows for the dataset.
"""

import csv
import json
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from app.core.number_format import figure
from app.research.errors.datasets import BadPackageError
from app.research.exports import archive, manifest


def check(downloaded: Path) -> str:
    """One line that says what the folder or zip holds; raises BadPackageError with one that says
    what is wrong."""
    if not downloaded.is_file():
        return _check_folder(downloaded)
    with TemporaryDirectory() as scratch_dir:
        return _check_folder(archive.unpack(downloaded, Path(scratch_dir)))


def _check_folder(folder: Path) -> str:
    described = _read_manifest(folder)
    files = described["files"]
    found = {path.name for path in folder.iterdir()} - {manifest.NAME}
    for name in sorted(files.keys() - found):
        raise BadPackageError(f"{name} is missing.")
    for name in sorted(found - files.keys()):
        raise BadPackageError(f"{name} does not belong to this dataset: the manifest has no such.")
    for name, file in files.items():
        _check_file(folder / name, file)
    dataset = described["dataset"]
    _check_content(dataset, described["format"], files)
    rows = sum(file.get("rows", 0) for file in files.values())
    return (
        f"Whole and untouched: dataset {dataset['number']} of “{described['study']['title']}”, "
        f"{len(files)} files, {figure(rows)} rows, content {dataset['sha256'][:12]}."
    )


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / manifest.NAME
    if not folder.is_dir():
        raise BadPackageError(f"{folder} is neither a folder nor a zip.")
    if not path.is_file():
        raise BadPackageError(f"{folder} holds no {manifest.NAME}: it is not a downloaded dataset.")
    try:
        described: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for name, file in described["files"].items():
            if Path(name).name != name:
                raise BadPackageError(f"{manifest.NAME} names a file outside the folder: {name}")
            file["sha256"], file["bytes"]
        described["study"]["title"], described["dataset"]["number"]
        described["dataset"]["sha256"][:12], described["format"]
        described["dataset"]["frozen_files"].items()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadPackageError(f"{manifest.NAME} can't be read: it is damaged.") from error
    return described


def _check_file(path: Path, file: dict[str, Any]) -> None:
    size = path.stat().st_size
    if size != file["bytes"]:
        raise BadPackageError(
            f"{path.name} has {figure(size)} bytes and should have {figure(file['bytes'])}."
        )
    if manifest.hash_of(path) != file["sha256"]:
        raise BadPackageError(f"{path.name} was changed: its hash is not the one in the manifest.")
    if "rows" not in file:
        return
    columns, rows = _shape(path)
    if columns != file["columns"]:
        raise BadPackageError(f"{path.name} has other columns than the manifest says.")
    if rows != file["rows"]:
        raise BadPackageError(
            f"{path.name} has {figure(rows)} rows and should have {figure(file['rows'])}."
        )


def _shape(path: Path) -> tuple[list[str], int]:
    if path.suffix in {".sav", ".dta"}:
        return _shape_of_program(path)
    if path.suffix == ".parquet":
        try:
            described = parquet.ParquetFile(path)
        except pa.ArrowException as error:
            raise BadPackageError(f"{path.name} is not a Parquet file.") from error
        return described.schema_arrow.names, described.metadata.num_rows
    with path.open(encoding="utf-8", newline="") as opened:
        lines = csv.reader(opened)
        columns = next(lines, [])
        return columns, sum(1 for _ in lines)


def _shape_of_program(path: Path) -> tuple[list[str], int]:
    # Loaded when first asked for: most commands never read such a file.
    reader: Any = import_module("pyreadstat")
    read, program = {
        ".sav": (reader.read_sav, "an SPSS"),
        ".dta": (reader.read_dta, "a Stata"),
    }[path.suffix]
    try:
        _, described = read(str(path), metadataonly=True, output_format="dict")
    except reader.ReadstatError as error:
        raise BadPackageError(f"{path.name} is not {program} file.") from error
    return described.column_names, described.number_rows


def _check_content(dataset: dict[str, Any], format_: str, files: dict[str, Any]) -> None:
    """The files of a Parquet package are what was frozen, so their hashes must be those."""
    if format_ != "parquet":
        return
    for name, file in files.items():
        frozen = dataset["frozen_files"].get(name.removesuffix(".parquet"))
        if frozen not in (None, file["sha256"]):
            raise BadPackageError("The files are not those of the dataset that the manifest names.")
