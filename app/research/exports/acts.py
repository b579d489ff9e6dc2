"""Rows of single acts, as codes: straight from the database into a Parquet file, never all held."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import compute, csv, parquet

from app.research import codebook
from app.research.bands import Options
from app.research.codebook import CODED, NONE, NUMBERS, OTHERS, UNSAID
from app.research.codes import NOT_ANSWERED, NOT_APPLICABLE
from app.research.exports.source import Reached

#: Rows that are turned into columns at once, and in a row group: fixed, so that equal rows make
#: equal bytes.
BLOCK: Final = 65_536

#: In the order of participants and days, and by chance within a part of a day: rows in the order
#: of time would tell who acted before whom.
_ACTS: Final = """
    WITH reached AS MATERIALIZED (
      SELECT * FROM unnest({who}::text[], {first}::integer[], {last}::integer[])
        AS r (participant_id, first_day, last_day))
    SELECT a.participant_id, a.day, {coded},
      CASE WHEN a.other_side IS NULL OR a.other_side = 'self' THEN {none}
        WHEN a.counterpart_id IN (SELECT participant_id FROM reached) THEN a.counterpart_id
        ELSE {others} END,
      {numbers}
    FROM research.activities a
    WHERE a.study_id = {study} AND EXISTS (SELECT FROM reached r
      WHERE r.participant_id = a.participant_id AND a.day BETWEEN r.first_day AND r.last_day)
    ORDER BY a.participant_id, a.day, array_position(
      ARRAY['night', 'morning', 'afternoon', 'evening'], a.time_band), random()
"""


def schema(file: str, options: Options) -> pa.Schema:
    """A file's columns with their types."""
    types = {"text": pa.string(), "integer": pa.int32(), "number": pa.float64()}
    return pa.schema([(one.name, types[one.type]) for one in codebook.columns(file, options)])


def write(
    connection: psycopg.Connection, study_id: UUID, reached: Sequence[Reached], path: Path
) -> int:
    """Write the file of acts; returns its rows."""
    columns = schema("acts", Options())
    rows = 0
    connection.execute("SELECT setseed(0.5)")
    with (
        parquet.ParquetWriter(path, columns, compression="zstd") as writer,
        connection.cursor().copy(_query(study_id, reached)) as copy,
    ):
        for block in _blocks(iter(copy)):
            table = _table(block, columns)
            writer.write_table(table, row_group_size=BLOCK)
            rows += table.num_rows
    return rows


def _blocks(lines: Iterator[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    while some := b"".join(islice(lines, BLOCK)):
        yield some


def _table(block: bytes, columns: pa.Schema) -> pa.Table:
    where = csv.ReadOptions(column_names=columns.names, use_threads=False)
    how = csv.ConvertOptions(column_types=columns, strings_can_be_null=False)
    return csv.read_csv(BytesIO(block), read_options=where, convert_options=how)


def _query(study_id: UUID, reached: Sequence[Reached]) -> sql.Composed:
    query = sql.SQL(_ACTS).format(
        who=sql.Literal([one.participant for one in reached]),
        first=sql.Literal([one.first_day for one in reached]),
        last=sql.Literal([one.last_day for one in reached]),
        study=sql.Literal(study_id),
        coded=sql.SQL(", ").join(_code(name) for name in CODED),
        numbers=sql.SQL(", ").join(
            sql.SQL("coalesce({}, {})").format(sql.Identifier(name), NOT_APPLICABLE)
            for name in NUMBERS
        ),
        others=sql.Literal(OTHERS),
        none=sql.Literal(NONE),
    )
    return sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)


def _code(name: str) -> sql.Composed:
    """The number of a field's value; what was left unsaid apart from what does not apply."""
    cases = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(value), sql.Literal(code))
        for value, code in codebook.code_of(name).items()
    )
    missing: sql.Composable = sql.Literal(NOT_APPLICABLE)
    if name in UNSAID:
        missing = sql.SQL("CASE a.kind WHEN {} THEN {} ELSE {} END").format(
            sql.Literal(UNSAID[name]), sql.Literal(NOT_ANSWERED), sql.Literal(NOT_APPLICABLE)
        )
    return sql.SQL("CASE {}::text {} ELSE {} END").format(sql.Identifier(name), cases, missing)


def only(frozen: Path, left: Sequence[str], path: Path) -> int:
    """The same file with those alone who are left, also as the other side; returns its rows."""
    known = pa.array([*left, OTHERS, NONE], pa.string())
    columns = schema("acts", Options())
    rows = 0
    with (
        parquet.ParquetFile(frozen) as former,
        parquet.ParquetWriter(path, columns, compression="zstd") as writer,
    ):
        for block in former.iter_batches(BLOCK):
            table = pa.Table.from_batches([block], columns)
            kept = table.filter(compute.is_in(table["participant"], known))
            other = compute.if_else(
                compute.is_in(kept["counterpart"], known), kept["counterpart"], OTHERS
            )
            place = columns.get_field_index("counterpart")
            writer.write_table(kept.set_column(place, columns.field(place), other))
            rows += kept.num_rows
    return rows
