"""CSV as R, Excel and everyone read it: UTF-8, commas, names in the first line."""

from collections.abc import Sequence
from pathlib import Path

from pyarrow import csv, parquet

from app.research.codebook_columns import Column

#: Rows turned at once, so that memory stays flat however long the file is.
BLOCK = 65_536


def write(frozen: Path, target: Path, _: Sequence[Column]) -> None:
    """A frozen Parquet file as CSV, block by block. What its codes mean is not told in it."""
    how = csv.WriteOptions(include_header=True, quoting_style="needed")
    with (
        parquet.ParquetFile(frozen) as rows,
        csv.CSVWriter(target, rows.schema_arrow, write_options=how) as writer,
    ):
        for block in rows.iter_batches(BLOCK):
            writer.write_batch(block)
