"""Rows straight from the database into a Parquet file, and from one file into another: never all
held."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import Final

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import compute, csv, parquet

#: Rows of a row group: fixed, so that equal rows make equal bytes.
BLOCK: Final = 65_536
#: Rows that are turned from text into columns at once.
_TURNED: Final = 8_192


def write(
    connection: psycopg.Connection,
    queries: Iterable[sql.Composable],
    columns: pa.Schema,
    path: Path,
) -> int:
    """Write what each query gives, one after another, in their order; returns the rows. No value
    may be NULL."""
    lines = chain.from_iterable(_lines(connection, query) for query in queries)
    return write_blocks(_blocks(lines, columns), columns, path)


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


def _lines(connection: psycopg.Connection, query: sql.Composable) -> Iterator[bytes]:
    copying = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    with connection.cursor().copy(copying) as copy:
        for line in copy:
            yield bytes(line)


def _blocks(lines: Iterator[bytes], columns: pa.Schema) -> Iterator[pa.Table]:
    while tables := [_table(some, columns) for some in _texts(islice(lines, BLOCK))]:
        yield pa.concat_tables(tables)


def _texts(lines: Iterator[bytes]) -> Iterator[bytes]:
    while some := b"".join(islice(lines, _TURNED)):
        yield some


def _table(block: bytes, columns: pa.Schema) -> pa.Table:
    where = csv.ReadOptions(column_names=columns.names, use_threads=False)
    how = csv.ConvertOptions(column_types=columns, strings_can_be_null=False)
    return csv.read_csv(BytesIO(block), read_options=where, convert_options=how)
