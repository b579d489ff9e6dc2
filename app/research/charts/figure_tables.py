"""Rows of a shown part: how figures stand in a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.number_format import figure
from app.research.charts.figure_words import (
    Part,
    count,
    interval,
    key,
    number,
    sentence_case,
    still_there,
)

#: A table with more columns is turned, so that it can be read on a page and on a phone.
_WIDE: Final = 5
#: What it is, and its number.
_ALWAYS: Final = 2

#: Where a number is told without how many people it rests on; the rule of its table says why.
NOT_TOLD: Final = "not told"
#: The heads of a table of estimates and shares, one in each row.
FIGURE_HEAD: Final = ("What", "Figure", "95% interval", "People")

Row = tuple[str, ...]
Rows = tuple[Row, ...]


def of_figures(parts: Sequence[Part], labels: Sequence[str]) -> tuple[Row, Rows]:
    """Estimates and shares, each a row; an interval or people that none of them has is no
    column."""
    lines = [_figure_row(part, label) for part, label in zip(parts, labels, strict=True)]
    kept = [
        place
        for place, column in enumerate(zip(*lines, strict=True))
        if place < _ALWAYS or not set(column) <= {"", NOT_TOLD}
    ]
    head, *rows = (tuple(line[place] for place in kept) for line in (FIGURE_HEAD, *lines))
    return head, tuple(rows)


def _figure_row(part: Part, label: str) -> Row:
    if part["kind"] == "share":
        return (label, key(part), "", count(part["of"]))
    people = NOT_TOLD if part["people"] is None else figure(part["people"])
    return (label, key(part), interval(part), people)


@dataclass(frozen=True, slots=True)
class TableCells:
    """A table as it is read: turned where it would be too wide for a page."""

    title: str
    down: Sequence[str]
    across: Sequence[str]
    cells: Sequence[Sequence[int | None]]
    #: Of each row, and of each column.
    ends: Sequence[int | None]
    feet: Sequence[int | None]


def cells(part: Part) -> TableCells:
    """The cells of a table."""
    down, across = part["rows"], part["columns"]
    ends, feet = part["row_totals"], part["column_totals"]
    if len(across) > max(len(down), _WIDE):
        turned = list(zip(*part["cells"], strict=True))
        return TableCells(part["column_title"], across, down, turned, feet, ends)
    return TableCells(part["row_title"], down, across, part["cells"], ends, feet)


def rows(part: Part) -> tuple[Row, Rows]:
    """Its table, heads and rows, with each cell that was held back said; none is left out."""
    return _ROWS[part["kind"]](part)


def _one_row(part: Part) -> tuple[Row, Rows]:
    return of_figures([part], [sentence_case(part["label"])])


def _table_rows(part: Part) -> tuple[Row, Rows]:
    """With the sums of rows and columns, but for those that say the same once more."""
    told = cells(part)
    lines = [
        (sentence_case(place), *map(count, line), count(end))
        for place, line, end in zip(told.down, told.cells, told.ends, strict=True)
    ]
    foot = ("All", *map(count, told.feet), count(part["total"]))
    if len(lines) > 1 or foot[1:] != lines[0][1:]:
        lines.append(foot)
    head = (sentence_case(told.title), *map(sentence_case, told.across), "All")
    if len(told.across) == 1 and all(line[1] == line[2] for line in lines):
        head, lines = head[:2], [line[:2] for line in lines]
    return head, tuple(lines)


def _curve_rows(part: Part) -> tuple[Row, Rows]:
    lines = [
        (number(one["day"]), still_there(one["percent"]), figure(round(one["at_risk"])))
        for one in part["points"]
    ]
    return ("Day", "Still there", "People who could be counted"), tuple(lines)


def _count_rows(part: Part) -> tuple[Row, Rows]:
    told = zip(part["places"], part["people"], strict=True)
    return ("When", "People"), tuple(
        (sentence_case(place), count(people)) for place, people in told
    )


_ROWS: Final[Mapping[str, Callable[[Part], tuple[Row, Rows]]]] = {
    "estimate": _one_row,
    "share": _one_row,
    "table": _table_rows,
    "curve": _curve_rows,
    "counts": _count_rows,
}
