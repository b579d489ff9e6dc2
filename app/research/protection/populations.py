"""Populations: who a figure counts, and the atoms that figures divide everyone into.

Two figures tell of each other when one person can be in both. So every population is written as a
set of atoms: the finest groups that the figures together tell apart (`cliques` says of which
fields).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

from app.research.protection import cliques
from app.research.protection.cliques import Clique

#: Every value that a person can have of each field; each person has one.
Domain = Mapping[str, frozenset[str]]
Atom = int
Group = frozenset[Atom]
#: More would take hours to audit.
MOST_ATOMS: Final = 20_000

#: The name under which cliques have the cuts at which somebody is counted.
_CUTS: Final = ""
#: Values of a field that are always named together, or the cuts of a time.
_Class = frozenset[str]


class TooManyAtomsError(ValueError):
    """Figures that divide people too finely, or too often, to be audited together."""


@dataclass(frozen=True, slots=True)
class Population:
    """Everyone counted at a cut whose value of each field is one of these; a field that is not
    named leaves nobody out."""

    cut: str
    conditions: frozenset[tuple[str, frozenset[str]]] = frozenset()

    def within(self, field: str, values: frozenset[str]) -> "Population":
        """Those of them whose field has one of these values."""
        return Population(self.cut, self.conditions | {(field, values)})


class Atoms:
    """The finest groups, by number. Their order depends on the names alone, so that the order in
    which rows or tables come changes nothing.

    People join between two cuts and keep their values, so who is in both is another atom than who
    is in the later one only. `has_leavers` says that some of an earlier cut are not in a later one.
    """

    def __init__(
        self, domain: Domain, populations: Iterable[Population], *, has_leavers: bool = False
    ) -> None:
        self._domain = domain
        told = [(one, self._narrowed(one)) for one in populations]
        self._classes = self._values(values for _, values in told)
        self._classes[_CUTS] = _spells({one.cut for one, _ in told}, has_leavers=has_leavers)
        every = {frozenset({_CUTS, *values}) for _, values in told}
        self._cliques, joins = cliques.tree(every, {n: len(c) for n, c in self._classes.items()})
        self._starts = [0]
        for clique in self._cliques:
            self._starts.append(self._starts[-1] + prod(len(self._classes[one]) for one in clique))
        self.count = self._starts[-1]
        if self.count > MOST_ATOMS:
            raise TooManyAtomsError
        #: Groups that are the same people in two cliques.
        self.links = [link for a, b in joins for link in self._linked(a, b)]

    def of(self, population: Population) -> Group:
        """The atoms of a population: two with the same ones are the same people."""
        return next(self._seen(population))[1]

    def views(self, population: Population) -> Iterator[tuple[int, Group]]:
        """The same people in the atoms of every clique that can tell them apart, by its number."""
        return self._seen(population)

    def _seen(self, population: Population) -> Iterator[tuple[int, Group]]:
        values = self._narrowed(population)
        wanted = {
            field: [at for at, one in enumerate(self._classes[field]) if one <= those]
            for field, those in values.items()
        }
        spells = enumerate(self._classes[_CUTS])
        wanted[_CUTS] = [at for at, one in spells if population.cut in one]
        for number, clique in enumerate(self._cliques):
            if wanted.keys() <= set(clique):
                yield number, self._within(number, wanted)

    def _narrowed(self, population: Population) -> dict[str, frozenset[str]]:
        """The values of each field that leaves somebody out."""
        found: dict[str, frozenset[str]] = {}
        for field, values in population.conditions:
            found[field] = found.get(field, self._domain[field]) & values
        return {field: values for field, values in found.items() if values != self._domain[field]}

    def _values(self, told: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, list[_Class]]:
        named: dict[str, set[frozenset[str]]] = {}
        for one in told:
            for field, values in one.items():
                named.setdefault(field, set()).add(values)
        return {field: _alike(self._domain[field], named[field]) for field in named}

    def _within(self, number: int, wanted: Mapping[str, list[int]]) -> Group:
        clique, start = self._cliques[number], self._starts[number]
        sizes = [len(self._classes[one]) for one in clique]
        places = [wanted.get(one, range(size)) for one, size in zip(clique, sizes, strict=True)]
        steps = [prod(sizes[at + 1 :]) for at in range(len(sizes))]
        return frozenset(
            start + sum(at * step for at, step in zip(place, steps, strict=True))
            for place in product(*places)
        )

    def _linked(self, a: int, b: int) -> Iterator[tuple[Group, Group]]:
        shared: Clique = tuple(one for one in self._cliques[a] if one in self._cliques[b])
        for place in product(*(range(len(self._classes[one])) for one in shared)):
            wanted = {one: [at] for one, at in zip(shared, place, strict=True)}
            yield self._within(a, wanted), self._within(b, wanted)


def _spells(cuts: set[str], *, has_leavers: bool) -> list[_Class]:
    """From the first to the last cut at which someone is counted."""
    row = sorted(cuts)
    return [
        frozenset(row[a:b])
        for a in range(len(row))
        for b in (range(a + 1, len(row) + 1) if has_leavers else (len(row),))
    ]


def _alike(values: frozenset[str], named: set[frozenset[str]]) -> list[frozenset[str]]:
    """Values that are always named together are one."""
    alike: dict[frozenset[frozenset[str]], set[str]] = {}
    for value in values:
        alike.setdefault(frozenset(one for one in named if value in one), set()).add(value)
    return sorted(map(frozenset, alike.values()), key=min)
