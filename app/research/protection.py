"""Disclosure control of tables of persons: pure functions, named constants, the rule cited.

Counts of 1 to 7 persons are redacted, everything else is rounded to 5, and totals are sums of what
is published, so that subtracting gives nothing back (OpenSAFELY, "Statistical disclosure control").
Stricter than there, none is redacted like a few: who knows where nobody is can put many tables
beside each other and find many of the few (a test plays that), and an empty cell tells of everyone
in its row (class disclosure).
Sums of acts need ten persons, none of whom did half of them and no two of whom did over 90 % (ACRO;
with the first rule the second one is stricter than the p % rule at 10). Whoever knows the exact
total of a line from elsewhere must not find the one count in it that was held back: then a second
one is held back beside it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

from app.core.number_format import percent

#: Counts of persons up to this one are redacted.
REDACTED_TO: Final = 7
#: What is published is a multiple of it, so a figure may be off by two either way.
ROUNDED_TO: Final = 5
OFF_BY: Final = ROUNDED_TO // 2
#: With fewer persons in all there is no table; with fewer in a cell there is no sum.
LEAST_PERSONS: Final = 10
#: One person with this share of the acts in a cell, or two with that one, and the sum is theirs.
SHARE_OF_ONE: Final = 0.5
SHARE_OF_TWO: Final = 0.9
#: How many counts must stay possible for one that was held back: as many as for a rounded one.
LEAST_OPEN: Final = 2 * OFF_BY + 1

PEOPLE_RULE: Final = (
    f"Groups of fewer than {REDACTED_TO + 1} people, or none, are held back, and everything else "
    f"is rounded to the nearest {ROUNDED_TO}. Totals add up what is shown. Where one figure could "
    "be worked out from a total that is known from elsewhere, the smallest one beside it is held "
    "back too."
)
ACTS_RULE: Final = (
    f"Acts are told of {LEAST_PERSONS} people or more, and only where no one did half of them and "
    f"no two did over {percent(SHARE_OF_TWO)}. They are rounded to the nearest {ROUNDED_TO}, and "
    "totals "
    "add up what is shown. Where one figure is held back in a line, the smallest one beside it is "
    "held back too."
)


class Why(StrEnum):
    """Why a figure is held back. One word for all reasons that a table has: which of two was held
    back for the other's sake would tell that it is no small one."""

    #: Few people or none, or beside such a one.
    FEW = "few"
    #: Acts of few people, or mostly of one or two, or beside such.
    UNSAFE = "unsafe"


class FlagKind(StrEnum):
    """What a table says about a whole group (class disclosure)."""

    ALL_IN_ONE = "all_in_one"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Tally:
    """A cell before protection: persons, the acts of all, and those of the two who did most."""

    persons: int = 0
    acts: int = 0
    most: int = 0
    second: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it may be seen. `of` is how many people its group has, protected like it."""

    value: int | None
    why: Why | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A row or a column about which the table says the same of everyone."""

    axis: str
    index: int
    kind: FlagKind


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


def rounded(number: int) -> int:
    """The nearest multiple of 5."""
    return (number + OFF_BY) // ROUNDED_TO * ROUNDED_TO


def count(persons: int) -> int | None:
    """A count of persons as it may be seen, None when it is held back."""
    return None if persons <= REDACTED_TO else rounded(persons)


def is_too_few(persons: int) -> bool:
    """Whether a table about so few people is refused as a whole."""
    return persons < LEAST_PERSONS


def protect(
    tallies: Sequence[Sequence[Tally]],
    *,
    of: Sequence[Sequence[int | None]] | None = None,
    are_acts: bool = False,
    rows_add: bool = True,
    columns_add: bool = True,
) -> ProtectedTable:
    """The table that may be seen. `of` holds the people of each group, protected before, one row
    (or column) when all rows (or columns) are about the same people; None when the cells are the
    groups themselves. `rows_add` says that nobody is counted in two rows."""
    figure = _acts if are_acts else _people
    shown = [[figure(tally) for tally in row] for row in tallies]
    amounts = [[tally.acts if are_acts else tally.persons for tally in row] for row in tallies]
    lines = _lines(amounts, rows_add=rows_add, columns_add=columns_add)
    _hold_beside(shown, lines, has_to=_always if are_acts else _is_narrow)
    why = Why.UNSAFE if are_acts else Why.FEW
    cells = [
        [
            Cell(told, None if told is not None else why, _group(of, at, place))
            for place, told in enumerate(row)
        ]
        for at, row in enumerate(shown)
    ]
    values = [[cell.value for cell in row] for row in cells]
    return ProtectedTable(
        cells=cells,
        row_totals=[_sum(row) for row in values] if columns_add else None,
        column_totals=[_sum(column) for column in zip(*values, strict=True)] if rows_add else None,
        total=_sum(chain(*values)) if rows_add and columns_add else None,
        flags=[] if are_acts else _flags(cells, rows_add=rows_add, columns_add=columns_add),
    )


def _people(tally: Tally) -> int | None:
    return count(tally.persons)


def _acts(tally: Tally) -> int | None:
    is_theirs = (
        tally.most >= SHARE_OF_ONE * tally.acts
        or tally.most + tally.second > SHARE_OF_TWO * tally.acts
    )
    return None if tally.persons < LEAST_PERSONS or is_theirs else rounded(tally.acts)


def _group(of: Sequence[Sequence[int | None]] | None, at: int, place: int) -> int | None:
    if of is None:
        return None
    row = of[at if len(of) > 1 else 0]
    return row[place if len(row) > 1 else 0]


Place = tuple[int, int]


def _lines(
    amounts: list[list[int]], *, rows_add: bool, columns_add: bool
) -> list[list[tuple[Place, int]]]:
    """Cells whose sum is a figure that someone may know."""
    placed = [
        [((at, place), amount) for place, amount in enumerate(row)]
        for at, row in enumerate(amounts)
    ]
    across = placed if columns_add else []
    down = [list(column) for column in zip(*placed, strict=True)] if rows_add else []
    return across + down


def _always(_: int, __: list[int]) -> bool:
    return True


def _is_narrow(hidden: int, others: list[int]) -> bool:
    """Whether the exact total leaves too few counts open for the one that is held back. One that
    is held back beside another, and so is above 7, must not be found at all."""
    if hidden > REDACTED_TO:
        return True
    total = hidden + sum(others)
    figures = [rounded(other) for other in others]
    spread = OFF_BY * len(figures)
    lowest = max(0, total - sum(figures) - spread)
    highest = min(REDACTED_TO, total - sum(figures) + spread)
    return highest - lowest + 1 < LEAST_OPEN


def _hold_beside(
    shown: list[list[int | None]],
    lines: list[list[tuple[Place, int]]],
    *,
    has_to: Callable[[int, list[int]], bool],
) -> None:
    """Hold back a second figure wherever a single one could be worked out, until none can: the
    smallest, but first one whose other line needs it as well."""
    is_done = False
    while not is_done:
        is_done = True
        alone = [line for line in lines if sum(_is_suppressed(shown, one) for one in line) == 1]
        wanted = Counter(where for line in alone for where, _ in line)
        for line in alone:
            hidden = [one[1] for one in line if _is_suppressed(shown, one)]
            seen = [one for one in line if not _is_suppressed(shown, one)]
            if len(hidden) == 1 and seen and has_to(hidden[0], [amount for _, amount in seen]):
                at, place = min(seen, key=lambda one: (-wanted[one[0]], one[1], one[0]))[0]
                shown[at][place] = None
                is_done = False


def _is_suppressed(shown: list[list[int | None]], one: tuple[Place, int]) -> bool:
    (at, place), _ = one
    return shown[at][place] is None


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum of the published figures; None when there are none."""
    told = [value for value in values if value is not None]
    return sum(told) if told else None


def _flags(cells: list[list[Cell]], *, rows_add: bool, columns_add: bool) -> list[Flag]:
    found = []
    for axis, lines, adds in (
        ("row", cells, columns_add),
        ("column", [list(column) for column in zip(*cells, strict=True)], rows_add),
    ):
        for index, line in enumerate(lines):
            kind = _flag(line, adds=adds)
            if kind is not None:
                found.append(Flag(axis, index, kind))
    return found


def _flag(line: list[Cell], *, adds: bool) -> FlagKind | None:
    """Read off what is published, so that a flag tells nothing that the table doesn't."""
    seen = [cell for cell in line if cell.value is not None]
    if any(cell.value == cell.of for cell in seen):
        return FlagKind.EVERYONE
    if adds and len(seen) == 1 < len(line):
        return FlagKind.ALL_IN_ONE
    return None
