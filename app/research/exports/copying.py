"""Rows straight from the database into a Parquet file, and from one file into another: never all
held."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import compute, csv, parquet

#: Rows that are turned into columns at once, and in a row group: fixed, so that equal rows make
#: equal bytes.
BLOCK: Final = 65_536


def write(
    connection: psycopg.Connection, query: sql.Composable, columns: pa.Schema, path: Path
) -> int:
    """Write what a query gives, in its order; returns its rows. No value may be NULL."""
    rows = 0
    copying = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    with (
        parquet.ParquetWriter(path, columns, compression="zstd") as writer,
        connection.cursor().copy(copying) as copy,
    ):
        for block in _blocks(iter(copy)):
            table = _table(block, columns)
            writer.write_table(table, row_group_size=BLOCK)
            rows += table.num_rows
    return rows


def filtered(frozen: Path, people: Sequence[str], among: Iterable[str]) -> Iterator[pa.Table]:
    """A file in blocks, with those rows alone of which each of these columns names one of these
    people."""
    known = pa.array(people, pa.string())
    with parquet.ParquetFile(frozen) as former:
        for block in former.iter_batches(BLOCK):
            table = pa.Table.from_batches([block], former.schema_arrow)
            for column in among:
                table = table.filter(compute.is_in(table[column], known))
            yield table


def write_blocks(blocks: Iterable[pa.Table], columns: pa.Schema, path: Path) -> int:
    """Write blocks one after another; returns their rows."""
    rows = 0
    with parquet.ParquetWriter(path, columns, compression="zstd") as writer:
        for block in blocks:
            writer.write_table(block, row_group_size=BLOCK)
            rows += block.num_rows
    return rows


def _blocks(lines: Iterator[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    while some := b"".join(islice(lines, BLOCK)):
        yield some


def _table(block: bytes, columns: pa.Schema) -> pa.Table:
    where = csv.ReadOptions(column_names=columns.names, use_threads=False)
    how = csv.ConvertOptions(column_types=columns, strings_can_be_null=False)
    return csv.read_csv(BytesIO(block), read_options=where, convert_options=how)
