"""Protected tables, and how a table is protected for the team that asks inside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from app.research.protection import cells as cells_
from app.research.protection import flags, suppression
from app.research.protection.cells import Cell, Tally, Why
from app.research.protection.flags import Flag


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table that may be seen. Totals are None along an axis in which a person stands twice."""

    cells: list[list[Cell]]
    row_totals: list[int | None] | None
    column_totals: list[int | None] | None
    total: int | None
    flags: list[Flag]

    @property
    def values(self) -> list[list[int | None]]:
        """The figures alone."""
        return [[cell.value for cell in row] for row in self.cells]

    @property
    def redacted(self) -> int:
        """How many cells are held back."""
        return sum(cell.value is None for cell in chain(*self.cells))


def protect(
    tallies: Sequence[Sequence[Tally]],
    *,
    of: Sequence[Sequence[int | None]] | None = None,
    are_acts: bool = False,
    rows_add: bool = True,
    columns_add: bool = True,
) -> ProtectedTable:
    """The table that the team may see. `of` holds the people of each group, protected before, one
    row (or column) when all rows (or columns) are about the same people; None when the cells are
    the groups themselves. `rows_add` says that nobody is counted in two rows."""
    figure = cells_.acts if are_acts else cells_.people
    shown = [[figure(tally) for tally in row] for row in tallies]
    amounts = [[tally.acts if are_acts else tally.persons for tally in row] for row in tallies]
    suppression.hold_beside(
        shown,
        suppression.lines(amounts, rows_add=rows_add, columns_add=columns_add),
        has_to=suppression.always if are_acts else suppression.is_narrow,
    )
    why = Why.UNSAFE if are_acts else Why.FEW
    cells = [
        [
            Cell(told, None if told is not None else why, _group(of, at, place))
            for place, told in enumerate(row)
        ]
        for at, row in enumerate(shown)
    ]
    row_totals = [_sum(row) for row in shown] if columns_add else None
    column_totals = [_sum(column) for column in zip(*shown, strict=True)] if rows_add else None
    return ProtectedTable(
        cells=cells,
        row_totals=row_totals,
        column_totals=column_totals,
        total=_sum(chain(*shown)) if rows_add and columns_add else None,
        flags=[]
        if are_acts
        else flags.of(cells, row_totals=row_totals, column_totals=column_totals),
    )


def _group(of: Sequence[Sequence[int | None]] | None, at: int, place: int) -> int | None:
    if of is None:
        return None
    row = of[at if len(of) > 1 else 0]
    return row[place if len(row) > 1 else 0]


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum of the published figures; None when there are none."""
    told = [value for value in values if value is not None]
    return sum(told) if told else None
