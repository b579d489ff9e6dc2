"""Stata's .dta: pyreadstat writes all but the rows, and we the rows, missing codes as .a to .e.

pyreadstat takes Stata's missing values from columns of Python objects alone: 20,000 rows a second,
and all of them in memory. The layout is StataCorp's format 118 (`help dta`): a map of where each
part begins, rows of fixed width, numbers with the lowest byte first.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyreadstat
from numpy.typing import NDArray
from pyarrow import compute, parquet

from app.research.codebook_columns import Column
from app.research.exports import frozen_rows, labels, missing_codes

#: The version of pyreadstat's that is format 118, which Stata reads from 14 on.
_VERSION: Final = 14
#: The same in every file, or two downloads would not be the same bytes.
_MADE_THEN: Final = b"01 Jan 1980 00:00"
_COUNT, _MADE, _MAP, _DATA, _DATA_END = b"<N>", b"<timestamp>\x11", b"<map>", b"<data>", b"</data>"
#: In the map: how many places, and which are the rows.
_PLACES, _ROWS = 14, 9
#: "." of a whole number and of a real one; .a to .z follow in these steps.
_INTEGER = 2_147_483_621
_REAL, _REAL_STEP = 0x7FE0_0000_0000_0000, 0x0000_0100_0000_0000


def write(frozen: Path, target: Path, columns: Sequence[Column]) -> None:
    """A frozen Parquet file as .dta."""
    with parquet.ParquetFile(frozen) as rows:
        widths = frozen_rows.widths(rows)
        before, after = _around(rows, target, widths, columns)
        missing = {column.name: missing_codes.of(column) for column in columns}
        with target.open("wb") as written:
            written.write(before)
            for block in frozen_rows.blocks(rows):
                written.write(_rows(block, widths, missing).tobytes())
            written.write(after)


def _around(
    rows: parquet.ParquetFile, scratch: Path, widths: dict[str, int], columns: Sequence[Column]
) -> tuple[bytes, bytes]:
    """All before and after the rows, as pyreadstat writes it for one row that is cut out."""
    names = set(rows.schema_arrow.names)
    described = [column for column in columns if column.name in names]
    numbers = [column for column in described if column.name not in widths]
    # Only a column of objects can have missing values with a letter.
    sample = pl.DataFrame(
        pl.Series(name, [one], pl.String if isinstance(one, str) else pl.Object)
        for name, one in frozen_rows.sample(rows, widths).items()
    )
    pyreadstat.write_dta(
        sample,
        str(scratch),
        version=_VERSION,
        column_labels={
            one.name: labels.of_characters(one.label, labels.STATA_VARIABLE) for one in described
        },
        variable_value_labels={
            one.name: {
                _code(value): labels.of_bytes(label, labels.STATA_VALUE)
                for value, label in one.values.items()
            }
            for one in numbers
            if one.values
        },
        missing_user_values={
            one.name: [missing_codes.STATA[code] for code in missing_codes.of(one)]
            for one in numbers
            if missing_codes.of(one)
        },
        variable_format={name: f"%-{width}s" for name, width in widths.items()},
    )
    return _split(scratch.read_bytes(), rows.metadata.num_rows)


def _code(value: int | str) -> Any:
    """A number, or the letter that a missing code becomes."""
    return missing_codes.STATA.get(int(value), int(value))


def _split(made: bytes, count: int) -> tuple[bytes, bytes]:
    """Before and after the one row, told of so many rows."""
    map_at = made.index(_MAP) + len(_MAP)
    places = list(struct.unpack_from(f"<{_PLACES}Q", made, map_at))
    first = places[_ROWS] + len(_DATA)
    end = places[_ROWS + 1] - len(_DATA_END)
    added = (count - 1) * (end - first)
    places[_ROWS + 1 :] = [place + added for place in places[_ROWS + 1 :]]
    before = bytearray(made[:first])
    struct.pack_into(f"<{_PLACES}Q", before, map_at, *places)
    struct.pack_into("<Q", before, made.index(_COUNT) + len(_COUNT), count)
    made_at = made.index(_MADE) + len(_MADE)
    before[made_at : made_at + len(_MADE_THEN)] = _MADE_THEN
    return bytes(before), made[end:]


def _rows(
    block: pa.RecordBatch, widths: dict[str, int], missing: dict[str, list[int]]
) -> NDArray[Any]:
    columns = [
        frozen_rows.texts(block.column(name), widths[name], filled_with=b"\0")
        if name in widths
        else _numbers(block.column(name), missing.get(name, []))
        for name in block.schema.names
    ]
    rows = np.empty(len(block), [(f"f{n}", column.dtype) for n, column in enumerate(columns)])
    for n, column in enumerate(columns):
        rows[f"f{n}"] = column
    return rows


def _numbers(column: pa.Array, codes: list[int]) -> NDArray[Any]:
    """Values as Stata keeps them; its missing values are the highest numbers of a type."""
    is_real = column.type == pa.float64()
    plain = compute.fill_null(column, _missing(0, is_real=is_real))
    values: NDArray[Any] = plain.to_numpy(zero_copy_only=False)
    found = values.copy()
    for code in codes:
        step = ord(missing_codes.STATA[code]) - ord("a") + 1
        found[values == code] = _missing(step, is_real=is_real)
    return found


def _missing(step: int, *, is_real: bool) -> float:
    """ "." and the steps above it."""
    if not is_real:
        return _INTEGER + step
    return float(struct.unpack("<d", struct.pack("<Q", _REAL + step * _REAL_STEP))[0])
