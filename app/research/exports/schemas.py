"""The columns of a file with their types, as they are kept and as they leave."""

from typing import Final

import polars as pl
import pyarrow as pa

from app.research import answer_columns, codebook
from app.research.bands import Options

#: 1 where an exact row may leave under an agreement. Never part of what leaves.
MAY_LEAVE: Final = "may_leave"

_TYPES: Final = {"text": pa.string(), "integer": pa.int32(), "number": pa.float64()}


def leaving(file: str, options: Options) -> pa.Schema:
    """A file as it leaves."""
    return pa.schema([(one.name, _TYPES[one.type]) for one in codebook.columns(file, options)])


def kept(file: str, options: Options) -> pa.Schema:
    """A file as it is frozen: exact rows say besides whether each may leave."""
    columns = leaving(file, options)
    if file in answer_columns.FILES:
        return columns.append(pa.field(MAY_LEAVE, pa.int32()))
    return columns


def table(rows: pl.DataFrame, columns: pa.Schema) -> pa.Table:
    """Rows with these columns alone, in their types; a number that a type can't hold is refused.

    Made by polars: pyarrow's own constructors import pandas, which is 25 MB, where it is there.
    """
    if rows.is_empty():  # without a row there is nothing that tells a column's type
        return pa.Table.from_batches([], columns)
    return rows.select(columns.names).to_arrow().cast(columns)
