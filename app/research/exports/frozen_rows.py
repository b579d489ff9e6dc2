"""Rows of a frozen Parquet file as fixed bytes, block by block, so that memory stays flat."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute, parquet

from app.research.exports import labels

#: Rows turned at once: .sav takes several arrays of eight bytes a value, so that of 65,536 rows it
#: needed 100 MB more, and was no faster.
BLOCK: Final = 16_384


def blocks(rows: parquet.ParquetFile) -> Iterator[pa.RecordBatch]:
    """All rows in order."""
    return rows.iter_batches(BLOCK)  # type: ignore[no-any-return]


def widths(rows: parquet.ParquetFile) -> dict[str, int]:
    """The bytes of the longest text of each column of text; 1 where all are empty."""
    names = [field.name for field in rows.schema_arrow if not pa.types.is_primitive(field.type)]
    found = dict.fromkeys(names, 1)
    for block in rows.iter_batches(BLOCK, columns=names):
        for name in names:
            longest = compute.max(compute.binary_length(block.column(name))).as_py()
            found[name] = max(found[name], longest or 0)
    for name, width in found.items():
        if width > labels.WIDEST_TEXT:
            raise ValueError(f"{name} has a text of {width} bytes, and the programs take 255")
    return found


def texts(column: pa.Array, size: int, *, filled_with: bytes) -> NDArray[Any]:
    """Texts in so many bytes each, filled up; NULL is the empty text. Each different text is
    turned once: pseudonyms come again and again."""
    coded = compute.fill_null(column, "").dictionary_encode()
    different = [text.encode().ljust(size, filled_with) for text in coded.dictionary.to_pylist()]
    table: NDArray[Any] = np.array(different, dtype=f"S{size}")
    return table[coded.indices.to_numpy(zero_copy_only=False)]  # type: ignore[no-any-return]


def sample(rows: parquet.ParquetFile, text_widths: dict[str, int]) -> dict[str, str | float]:
    """One row with texts of full width, from which a writer of dictionaries reads the types."""
    return {
        field.name: "x" * text_widths[field.name]
        if field.name in text_widths
        else 0.0
        if pa.types.is_floating(field.type)
        else 0
        for field in rows.schema_arrow
    }
