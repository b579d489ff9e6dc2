"""Several files of one study laid over each other: each coarsens in another place, so together
they tell more than one of them."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from app.research.attacks.likelihood import SEEN
from app.research.attacks.outgoing import FIRST_ANSWER, Outgoing, Range
from app.research.bands import OBSERVED

TENURE: Final = "tenure_band"

_Row = dict[str, int | None]
_Rows = dict[tuple[str, int], _Row]


def combine(files: Sequence[Outgoing]) -> Outgoing:
    """The first file with all that the others add: by measure, what all ranges have in common.

    A period that another file saw whole is the same in each; one that was still running is so only
    in files of the same day.
    """
    first = files[0]
    rows = [_rows(file) for file in files]
    if not rows[0]:
        return first
    codes: dict[Range, int] = {}
    columns: dict[str, list[object]] = {}
    for (participant, period), row in rows[0].items():
        columns.setdefault("participant", []).append(participant)
        columns.setdefault("period", []).append(period)
        for column in (OBSERVED, *SEEN):
            found = _common(files, rows, (participant, period), column)
            code = None if found is None else codes.setdefault(found, len(codes))
            columns.setdefault(column, []).append(-1 if code is None else code)
        columns.setdefault(TENURE, []).append(row.get(TENURE))
    ranges = {code: found for found, code in codes.items()}
    frame = pl.DataFrame(columns, schema_overrides={"participant": pl.String, TENURE: pl.Int64})
    told = dict.fromkeys((OBSERVED, *SEEN), ranges) | {TENURE: first.ranges.get(TENURE, {})}
    return Outgoing("periods", frame, first.frozen_on, told, first.schedule)


def _rows(file: Outgoing) -> _Rows:
    return {(row["participant"], row["period"]): row for row in file.frame.iter_rows(named=True)}


def _common(
    files: Sequence[Outgoing], rows: Sequence[_Rows], key: tuple[str, int], column: str
) -> Range | None:
    found: Range | None = None
    for low, high in _told(files, rows, key, column):
        least, most = found or (0, None)
        ends = [end for end in (most, high) if end is not None]
        found = max(least, low), min(ends, default=None)
    return found


def _told(
    files: Sequence[Outgoing], rows: Sequence[_Rows], key: tuple[str, int], column: str
) -> Iterator[Range]:
    for file, own in zip(files, rows, strict=True):
        row = own.get(key, {})
        code = row.get(column)
        if code is None or code < FIRST_ANSWER:
            continue
        is_whole = _is_whole(files[0], key[1], rows[0][key]) and _is_whole(file, key[1], row)
        if file.frozen_on == files[0].frozen_on or is_whole:
            if column == OBSERVED:
                yield file.observed(key[1], code)
            else:
                yield file.range_of(column, code)


def _is_whole(file: Outgoing, period: int, row: _Row) -> bool:
    code = row.get(OBSERVED)
    return code is not None and file.observed(period, code)[0] == file.schedule.days(period)
