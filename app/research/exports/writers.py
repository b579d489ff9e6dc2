"""What a format's writer is, and the writers there are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Final

from app.research.exports.source import Sink


class Format(StrEnum):
    """The formats of the files of rows."""

    CSV = "csv"
    PARQUET = "parquet"


#: Opens a file of rows for writing; the sink takes its lines.
Writer = Callable[[Path, str], AbstractContextManager[Sink]]

_MODULES: Final = {
    Format.CSV: "app.research.exports.csv_writer",
    Format.PARQUET: "app.research.exports.parquet_writer",
}


def writer(format_: Format) -> Writer:
    """The writer of a format. Loaded when asked for: pyarrow alone is 40 MB that a server which
    never writes Parquet should not carry."""
    found: Writer = import_module(_MODULES[format_]).writing
    return found
