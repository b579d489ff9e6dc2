"""Tables that were published, and what somebody can work out of them by trying every world.

Nothing here comes from the audit: a world is a count for every atom, and it is possible when each
figure would have been shown, or held back, as it was.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from app.research.protection import publication
from app.research.protection.counts import CountedTable, Split
from app.research.protection.figures import Figure
from app.research.protection.populations import Domain, Population
from app.research.protection.publication import PublishedTable
from app.research.protection.rules import OUTSIDE, Rule

CUT = "2026-11"
#: So many counts are tried for each atom, from the least one on.
MOST = 30

#: Some of the areas.
Areas = frozenset[str]


def areas(*names: str) -> list[Areas]:
    """A place for each name, its letters the areas in it."""
    return [frozenset(name) for name in names]


@dataclass
class Study:
    """People by area alone, and all that has been published of them."""

    people: dict[str, int]
    rule: Rule = OUTSIDE
    figures: list[Figure] = field(default_factory=list)
    told: list[tuple[Areas, int | None]] = field(default_factory=list)

    @property
    def domain(self) -> Domain:
        return {"area": frozenset(self.people), "any": frozenset({"all"})}

    def count(self, among: Iterable[str]) -> int:
        return sum(self.people[one] for one in among)

    def publish(self, *names: str, forgets: bool = False) -> PublishedTable:
        """A table of these areas, its total, and what it adds to what is known."""
        places = areas(*names)
        table = CountedTable(
            Population(CUT),
            Split("area", tuple(places)),
            Split("any", (frozenset({"all"}),)),
            tuple((self.count(place),) for place in places),
        )
        before = [] if forgets else self.figures
        found = publication.publish(table, self.domain, before=before, rule=self.rule)
        self.figures += found.figures
        values = [row[0] for row in found.table.values]
        if found.figures:  # Of a table that is held back as a whole nothing is said.
            self.told += [*zip(places, values, strict=True)]
            self.told.append((frozenset().union(*places), found.table.total))
        return found

    def open_counts(self, among: Iterable[str]) -> set[int]:
        """Which counts of these areas are possible, for someone who knows all that was told."""
        worlds = self._worlds()
        is_possible = np.ones(np.broadcast_shapes(*(one.shape for one in worlds.values())), bool)
        for place, value in self.told:
            count = np.asarray(sum(worlds[one] for one in place))
            is_possible &= as_told(count, value, self._granted(place), self.rule)
        counts = np.broadcast_to(np.asarray(sum(worlds[one] for one in among)), is_possible.shape)
        return set(np.unique(counts[is_possible]).tolist())

    def _granted(self, place: Areas) -> int | None:
        """How many are in a place, where the attacker may know whether they are few."""
        is_granted = self._population(place) in granted(self.figures)
        return self.count(place) if is_granted else None

    def _population(self, place: Areas) -> Population:
        return Population(CUT).within("area", place).within("any", frozenset({"all"}))

    def _worlds(self) -> dict[str, np.ndarray]:
        """Every count of each area that is possible by what was told of it alone."""
        each = []
        for one in sorted(self.people):
            counts = np.arange(MOST + max(self.people.values()))
            for place, value in self.told:
                if place == {one}:
                    counts = counts[as_told(counts, value, self._granted(place), self.rule)]
            each.append(counts[:MOST])
        return dict(zip(sorted(self.people), np.ix_(*each), strict=True))


def as_told(count: np.ndarray, value: int | None, truth: int | None, rule: Rule) -> np.ndarray:
    """Where a count would have been told like this. `truth` is None unless of one that is held back
    it is granted whether it is one of a few."""
    if value is None:
        is_few = count < rule.least
        return np.ones_like(is_few) if truth is None else is_few == (truth < rule.least)
    shown = np.array([rule.shown(n) or -1 for n in range(int(count.max()) + 1)])
    return np.asarray(shown[count] == value)


def granted(figures: Iterable[Figure]) -> set[Population]:
    """Those that are held back for a reason that the audit let the attacker know."""
    return {one.population for one in figures if one.value is None and one.low != (one.high or 0)}


def table_of(persons: Sequence[Sequence[int]], *, cut: str = CUT) -> CountedTable:
    """A table by area and sex, as many of them as there are counts."""
    rows = Split("area", tuple(frozenset({f"a{n}"}) for n in range(len(persons))))
    columns = Split("sex", tuple(frozenset({f"s{n}"}) for n in range(len(persons[0]))))
    return CountedTable(Population(cut), rows, columns, tuple(map(tuple, persons)))


def domain_of(table: CountedTable) -> Domain:
    """Nobody lives elsewhere."""
    return {table.rows.field: table.rows.all, table.columns.field: table.columns.all}


def held_open(table: CountedTable, found: PublishedTable, rule: Rule) -> Iterator[set[int]]:
    """For each cell of a 2 × 2 table that is held back, the counts that are open."""
    grids = np.meshgrid(*[np.arange(MOST)] * 4, indexing="ij")
    cells = dict(zip(product((0, 1), (0, 1)), grids, strict=True))
    is_possible = np.ones(grids[0].shape, dtype=bool)
    for at, place in product((0, 1, None), (0, 1, None)):
        inside = product([0, 1] if at is None else [at], [0, 1] if place is None else [place])
        count = np.asarray(sum(cells[one] for one in inside))
        is_known = table.populations()[at, place] in granted(found.figures)
        truth = table.count(at, place) if is_known else None
        is_possible &= as_told(count, _figure(found, at, place), truth, rule)
    for (row, column), counts in cells.items():
        if found.table.values[row][column] is None:
            yield set(np.unique(counts[is_possible]).tolist())


def _figure(found: PublishedTable, at: int | None, place: int | None) -> int | None:
    table = found.table
    assert table.row_totals is not None
    assert table.column_totals is not None
    if at is None:
        return table.total if place is None else table.column_totals[place]
    return table.row_totals[at] if place is None else table.values[at][place]
