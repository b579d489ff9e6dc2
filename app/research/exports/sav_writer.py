"""SPSS's .sav: pyreadstat writes the dictionary (names, labels, missing codes), we write the rows.

pyreadstat turns a whole frame value by value: 200,000 rows a second, and all of them in memory.
The rows follow "System File Format, Data Record" of the PSPP developer's guide: eight bytes a
value, and before each eight values a byte for each: a small whole number, or what it stands for.
"""

from collections.abc import Iterator, Sequence
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

#: Where the header holds how rows are kept, how many there are, and when the file was made.
_COMPRESSION: Final = slice(72, 76)
_CASES: Final = slice(80, 84)
_MADE: Final = slice(92, 109)
#: The same in every file, or two downloads would not be the same bytes.
_MADE_THEN: Final = b"01 Jan 8000:00:00"
#: Bytes of a value.
_WORD: Final = 8
#: SPSS's "system missing": the lowest number.
_NOTHING: Final = -np.finfo(np.float64).max
#: A byte before the values: whole numbers of −99 to 151 are the byte less the bias.
_BIAS, _LEAST, _MOST = 100, -99, 151
_LITERAL, _SPACES, _SYSTEM_MISSING = 253, 254, 255

_Block = tuple[NDArray[np.uint8], NDArray[np.uint64]]


def write(frozen: Path, target: Path, columns: Sequence[Column]) -> None:
    """A frozen Parquet file as .sav."""
    with parquet.ParquetFile(frozen) as rows:
        widths = frozen_rows.widths(rows)
        dictionary = _dictionary(rows, target, widths, columns)
        with target.open("wb") as written:
            written.write(dictionary)
            for piece in _packed(_words(block, widths) for block in frozen_rows.blocks(rows)):
                written.write(piece)


def _dictionary(
    rows: parquet.ParquetFile, scratch: Path, widths: dict[str, int], columns: Sequence[Column]
) -> bytearray:
    """All before the rows, as pyreadstat writes it for one row that is cut off again."""
    names = set(rows.schema_arrow.names)
    described = [column for column in columns if column.name in names]
    numbers = [column for column in described if column.name not in widths]
    sample = pl.DataFrame(
        {
            name: [one if isinstance(one, str) else float(one)]
            for name, one in frozen_rows.sample(rows, widths).items()
        }
    )
    pyreadstat.write_sav(
        sample,
        str(scratch),
        column_labels={
            one.name: labels.of_bytes(one.label, labels.SPSS_VARIABLE) for one in described
        },
        variable_value_labels={
            one.name: {
                float(value): labels.of_bytes(label, labels.SPSS_VALUE)
                for value, label in one.values.items()
            }
            for one in numbers
            if one.values
        },
        missing_ranges={one.name: _missing(one) for one in numbers if missing_codes.of(one)},
        variable_measure={one.name: _measure(one) for one in described},
        variable_format={one.name: "F8.2" if one.type == "number" else "F8.0" for one in numbers},
    )
    words = sum(-(-widths.get(name, 1) // _WORD) for name in sample.columns)
    dictionary = bytearray(scratch.read_bytes()[: -words * _WORD])
    dictionary[_COMPRESSION] = (1).to_bytes(4, "little")
    dictionary[_CASES] = rows.metadata.num_rows.to_bytes(4, "little")
    dictionary[_MADE] = _MADE_THEN
    return dictionary


def _missing(column: Column) -> list[Any]:
    codes = missing_codes.of(column)
    return [{"lo": codes[0], "hi": codes[-1]}] if missing_codes.is_range(codes) else codes


def _measure(column: Column) -> str:
    """A number is counted or measured; what else has labels, or is text, is a kind."""
    is_coded = set(column.values) - set(missing_codes.of(column))
    return "nominal" if column.type == "text" or is_coded else "scale"


def _words(block: pa.RecordBatch, widths: dict[str, int]) -> _Block:
    """The values of a block, row by row, and what each is."""
    parts = [
        _text(block.column(name), widths[name]) if name in widths else _number(block.column(name))
        for name in block.schema.names
    ]
    return (
        np.hstack([codes for codes, _ in parts]).ravel(),
        np.hstack([words for _, words in parts]).ravel(),
    )


def _number(column: pa.Array) -> _Block:
    plain = compute.fill_null(column.cast(pa.float64()), _NOTHING)
    values: NDArray[np.float64] = plain.to_numpy(zero_copy_only=False)
    is_small = (values >= _LEAST) & (values <= _MOST) & (values == np.trunc(values))
    codes = np.where(is_small, np.where(is_small, values, 0) + _BIAS, _LITERAL).astype(np.uint8)
    codes[values == _NOTHING] = _SYSTEM_MISSING
    return codes[:, None], values.view(np.uint64)[:, None]


def _text(column: pa.Array, width: int) -> _Block:
    count = -(-width // _WORD)
    texts = frozen_rows.texts(column, count * _WORD, filled_with=b" ")
    words = texts.view(np.uint64).reshape(-1, count)
    spaces = np.frombuffer(b" " * _WORD, np.uint64)[0]
    return np.where(words == spaces, _SPACES, _LITERAL).astype(np.uint8), words


def _packed(blocks: Iterator[_Block]) -> Iterator[bytes]:
    """Eights of values over all blocks; the last is filled up with what is passed over."""
    left: _Block = (np.empty(0, np.uint8), np.empty(0, np.uint64))
    for block in blocks:
        codes = np.concatenate([left[0], block[0]])
        words = np.concatenate([left[1], block[1]])
        whole = len(codes) // _WORD * _WORD
        yield _eights(codes[:whole], words[:whole])
        left = codes[whole:], words[whole:]
    missing = -len(left[0]) % _WORD
    yield _eights(np.pad(left[0], (0, missing)), np.pad(left[1], (0, missing)))


def _eights(codes: NDArray[np.uint8], words: NDArray[np.uint64]) -> bytes:
    """What eight values are, then those of them that stand as they are; and so on."""
    is_literal = codes == _LITERAL
    each = is_literal.reshape(-1, _WORD).sum(axis=1)
    places = np.flatnonzero(is_literal)
    packed = np.empty(len(each) + len(places), np.uint64)
    packed[np.arange(len(each)) + np.cumsum(each) - each] = codes.view(np.uint64)
    packed[np.arange(len(places)) + places // _WORD + 1] = words[places]
    return packed.tobytes()
