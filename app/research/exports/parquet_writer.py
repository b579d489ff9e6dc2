"""Parquet: the same rows with their types, in row groups of one fixed size."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from app.research import codebook
from app.research.exports.source import BLOCK, Sink

#: Blocks in a row group of 65,536 rows.
BLOCKS = 65_536 // BLOCK

_TYPES = {"text": pa.string(), "integer": pa.int64()}


def schema(file: str) -> pa.Schema:
    """A file's columns with their types."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in codebook.FILES[file]])


class _RowGroups:
    """Gathers blocks of rows into row groups of one size, but for the last."""

    def __init__(self, writer: parquet.ParquetWriter, columns: pa.Schema) -> None:
        self._writer = writer
        self._where = csv.ReadOptions(column_names=columns.names, use_threads=False)
        self._how = csv.ConvertOptions(
            column_types=columns, strings_can_be_null=True, quoted_strings_can_be_null=False
        )
        self._blocks: list[bytes] = []
        self._has_header = False

    def take(self, block: bytes) -> None:
        """A block; the first is the names of the columns, which the schema holds already."""
        if self._has_header:
            self._blocks.append(block)
        self._has_header = True
        if len(self._blocks) == BLOCKS:
            self.flush()

    def flush(self) -> None:
        """What is gathered becomes a row group."""
        if self._blocks:
            rows = BytesIO(b"".join(self._blocks))
            self._writer.write_table(
                csv.read_csv(rows, read_options=self._where, convert_options=self._how)
            )
            self._blocks = []


@contextmanager
def writing(path: Path, file: str) -> Iterator[Sink]:
    """Writes no time and no name of a machine, so equal rows make equal bytes."""
    columns = schema(file)
    with parquet.ParquetWriter(path, columns, compression="zstd") as writer:
        groups = _RowGroups(writer, columns)
        yield groups.take
        groups.flush()
