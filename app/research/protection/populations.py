"""Populations: who a figure counts, and the atoms that figures divide everyone into.

Two figures tell of each other when one person can be in both. So every population is written as a
set of atoms: the finest groups that the figures together tell apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

#: Every value that a person can have of each field; each person has one.
Domain = Mapping[str, frozenset[str]]
Atom = int
#: More would take hours to audit.
MOST_ATOMS: Final = 20_000


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
        populations = list(populations)
        cuts = sorted({one.cut for one in populations})
        #: From the first to the last cut at which someone is counted.
        self._spells = [
            (a, b) for a in cuts for b in (cuts if has_leavers else cuts[-1:]) if a <= b
        ]
        named: dict[str, set[frozenset[str]]] = {}
        for one in populations:
            for field, values in one.conditions:
                named.setdefault(field, set()).add(values)
        self._classes = {field: _classes(domain[field], named[field]) for field in sorted(named)}
        sizes = [len(self._spells), *map(len, self._classes.values())]
        self.count = 1
        for size in sizes:
            self.count *= size
        if self.count > MOST_ATOMS:
            raise TooManyAtomsError
        self._steps = [1] * len(sizes)
        for at in range(len(sizes) - 2, -1, -1):
            self._steps[at] = self._steps[at + 1] * sizes[at + 1]

    def of(self, population: Population) -> frozenset[Atom]:
        """The atoms of a population: two with the same ones are the same people."""
        places = [
            [at for at, (a, b) in enumerate(self._spells) if a <= population.cut <= b],
            *(
                [at for at, values in enumerate(classes) if _is_in(population, field, values)]
                for field, classes in self._classes.items()
            ),
        ]
        return frozenset(
            sum(at * step for at, step in zip(place, self._steps, strict=True))
            for place in product(*places)
        )


def _classes(values: frozenset[str], named: set[frozenset[str]]) -> list[frozenset[str]]:
    """Values that are always named together are one."""
    alike: dict[frozenset[frozenset[str]], set[str]] = {}
    for value in values:
        alike.setdefault(frozenset(one for one in named if value in one), set()).add(value)
    return sorted(map(frozenset, alike.values()), key=min)


def _is_in(population: Population, field: str, values: frozenset[str]) -> bool:
    return all(values <= those for name, those in population.conditions if name == field)
