"""The formats that a frozen Parquet file can be handed out in."""

from collections.abc import Sequence
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from app.research.codebook_columns import Column


class Format(StrEnum):
    """The formats of the files of rows."""

    CSV = "csv"
    PARQUET = "parquet"
    SAV = "sav"
    DTA = "dta"


def write(frozen: Path, target: Path, format_: Format, columns: Sequence[Column]) -> None:
    """Write a frozen file in a format. What reads Parquet is loaded when first asked for: pyarrow
    alone is 40 MB that a server which never downloads should not carry."""
    if format_ is Format.PARQUET:
        frozen.replace(target)
        return
    convert: Any = import_module(f"app.research.exports.{format_}_writer")
    convert.write(frozen, target, columns)
    frozen.unlink()
