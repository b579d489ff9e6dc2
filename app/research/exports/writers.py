"""The formats that a frozen Parquet file can be handed out in."""

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any


class Format(StrEnum):
    """The formats of the files of rows."""

    CSV = "csv"
    PARQUET = "parquet"


def write(frozen: Path, target: Path, format_: Format) -> None:
    """Write a frozen file in a format. What reads Parquet is loaded when first asked for: pyarrow
    alone is 40 MB that a server which never downloads should not carry."""
    if format_ is Format.PARQUET:
        frozen.replace(target)
        return
    convert: Any = import_module("app.research.exports.csv_writer")
    convert.write(frozen, target)
    frozen.unlink()
