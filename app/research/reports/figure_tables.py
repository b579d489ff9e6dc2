"""Rows of a shown part: how figures stand in a table."""

from collections.abc import Callable, Mapping
from typing import Final

from app.core.number_format import figure
from app.research.reports.figure_words import Part, count, interval, key, number, sentence_case

#: A table with more columns is turned, so that it can be read on a page and on a phone.
_WIDE: Final = 5

Rows = tuple[tuple[str, ...], ...]


#: The heads of a table of estimates and shares, one in each row.
FIGURE_HEAD: Final = ("What", "Figure", "95% interval", "People")


def figure_row(part: Part, label: str) -> tuple[str, ...]:
    """An estimate or a share as a row of such a table."""
    if part["kind"] == "share":
        return (label, key(part), "", count(part["of"]))
    return (label, key(part), interval(part), count(part["people"]))


def rows(part: Part) -> tuple[tuple[str, ...], Rows]:
    """Its table, heads and rows, with each cell that was held back said; none is left out."""
    return _ROWS[part["kind"]](part)


def _one_row(part: Part) -> tuple[tuple[str, ...], Rows]:
    return FIGURE_HEAD, (figure_row(part, sentence_case(part["label"])),)


def _table_rows(part: Part) -> tuple[tuple[str, ...], Rows]:
    down, across = part["rows"], part["columns"]
    cells, titles = part["cells"], (part["row_title"], part["column_title"])
    ends, feet = part["row_totals"], part["column_totals"]
    if len(across) > max(len(down), _WIDE):
        down, across, ends, feet = across, down, feet, ends
        cells, titles = list(zip(*cells, strict=True)), titles[::-1]
    lines = [
        (sentence_case(place), *map(count, line), count(end))
        for place, line, end in zip(down, cells, ends, strict=True)
    ]
    foot = ("All", *map(count, feet), count(part["total"]))
    return (sentence_case(titles[0]), *map(sentence_case, across), "All"), (*lines, foot)


def _curve_rows(part: Part) -> tuple[tuple[str, ...], Rows]:
    lines = [
        (number(one["day"]), f"{number(one['percent'])}%", figure(round(one["at_risk"])))
        for one in part["points"]
    ]
    return ("Day", "Still there", "People who could be counted"), tuple(lines)


def _count_rows(part: Part) -> tuple[tuple[str, ...], Rows]:
    told = zip(part["places"], part["people"], strict=True)
    return ("When", "People"), tuple((place, count(people)) for place, people in told)


_ROWS: Final[Mapping[str, Callable[[Part], tuple[tuple[str, ...], Rows]]]] = {
    "estimate": _one_row,
    "share": _one_row,
    "table": _table_rows,
    "curve": _curve_rows,
    "counts": _count_rows,
}
