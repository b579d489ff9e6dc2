"""Class disclosure: what a table says about a whole group, for whoever writes about it to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.research.protection.cells import Cell


class FlagKind(StrEnum):
    """What a table says about a whole group."""

    ALL_IN_ONE = "all_in_one"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Flag:
    """A row or a column about which the table says the same of everyone."""

    axis: str
    index: int
    kind: FlagKind


#: The totals of rows or of columns; None where they don't add up.
Totals = Sequence[int | None] | None


def of(cells: Sequence[Sequence[Cell]], *, row_totals: Totals, column_totals: Totals) -> list[Flag]:
    """Read off what is published, so that a flag tells nothing that the table doesn't."""
    found = []
    for axis, lines, totals in (
        ("row", cells, row_totals),
        ("column", list(zip(*cells, strict=True)), column_totals),
    ):
        for index, line in enumerate(lines):
            kind = _kind(line, adds=totals is not None, total=totals[index] if totals else None)
            if kind is not None:
                found.append(Flag(axis, index, kind))
    return found


def _kind(line: Sequence[Cell], *, adds: bool, total: int | None) -> FlagKind | None:
    seen = [cell.value for cell in line if cell.value is not None]
    if any(cell.value == cell.of for cell in line if cell.value is not None):
        return FlagKind.EVERYONE
    if adds and len(line) > 1 and (len(seen) == 1 or total in seen):
        return FlagKind.ALL_IN_ONE
    return None
