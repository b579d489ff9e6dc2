"""Exact rows as they leave under an agreement: those alone that their people's sheet spoke of."""

from pathlib import Path

import polars as pl
from pyarrow import parquet

from app.research.exports import schemas
from app.research.exports.schemas import MAY_LEAVE


def only(frozen: Path) -> tuple[Path, int]:
    """A file with those rows of a frozen one that may leave, without the column that says so; and
    how many they are."""
    rows = pl.read_parquet(frozen).filter(pl.col(MAY_LEAVE) == 1).drop(MAY_LEAVE)
    columns = parquet.read_schema(frozen)
    columns = columns.remove(columns.get_field_index(MAY_LEAVE))
    target = frozen.with_suffix(".leaving")
    parquet.write_table(schemas.table(rows, columns), target, compression="zstd")
    frozen.unlink()
    return target, rows.height
