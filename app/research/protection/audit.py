"""The audit: an attacker who knows every figure and the rule, played by linear programming.

The bounds of a group's count are the least and the greatest sum of its atoms under all figures at
once (Fischetti and Salazar-González, "Models and algorithms for optimizing cell suppression in
tabular data with linear constraints", 2000: the attacker's subproblems). Two or more suppressions
in each row and column don't bound them: in a table of sdcTable nine leave one cell at exactly 47.
Solved by HiGHS. A group is safe only by proof: two worlds of whole persons, both true to every
figure, in which its count differs by enough. So a solver that errs or gives up never frees a
figure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import optimize, sparse

from app.research.protection.figures import Figure
from app.research.protection.populations import Group
from app.research.protection.rules import LEAST_OPEN

#: Pairs of worlds that are looked for to free many groups at once.
_PAIRS: Final = 8
#: Branches after which the search for a whole world ends, the same on every machine.
_MOST_BRANCHES: Final = 1_000
_TOLERANCE: Final = 1e-6
#: Where no figure bounds a group, it is looked for up to ten times the greatest figure.
_BEYOND: Final = 10

_Vector = np.ndarray[Any, np.dtype[np.float64]]


class ContradictionError(ValueError):
    """Figures that can't all be true: the people of another day are another cut."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What figures leave open of a group's count, and by which of them the bounds stand."""

    low: int
    high: int
    binding: frozenset[int]

    @property
    def is_narrow(self) -> bool:
        """Whether too few counts are open."""
        return self.high - self.low + 1 < LEAST_OPEN


class Attack:
    """All that follows from these figures; `groups` are the atoms that each one counts, `links`
    groups that are the same people in different atoms. Raises ContradictionError."""

    def __init__(
        self,
        atoms: int,
        groups: Sequence[Group],
        figures: Sequence[Figure],
        links: Sequence[tuple[Group, Group]] = (),
    ) -> None:
        self._atoms = atoms
        self._most = _BEYOND * max((one.high or one.low for one in figures), default=1)
        self._matrix = _matrix(groups, atoms)
        self._links = _matrix([a for a, _ in links], atoms) - _matrix([b for _, b in links], atoms)
        self._both = sparse.vstack([self._matrix, -self._matrix]).tocsr()
        self._low = np.array([one.low for one in figures], dtype=float)
        self._high = np.array([self._highest(one) for one in figures], dtype=float)
        #: Counts of every atom that are true to every figure.
        self._worlds: list[_Vector] = []
        self._solve(np.zeros(atoms))

    def replace(self, at: int, figure: Figure) -> None:
        """Publish this in place of a figure. It leaves open all that the former one did, so that
        what is proved stays proved."""
        self._low[at] = min(self._low[at], figure.low)
        self._high[at] = max(self._high[at], self._highest(figure))

    def is_wide(self, group: Group) -> bool:
        """Whether it is proved that enough counts are open."""
        low, high = self._seen(group)
        return high - low + 1 >= LEAST_OPEN

    def look_around(self, groups: Sequence[Group]) -> None:
        """Look for worlds that prove many groups at once, before each is bounded by itself."""
        chance = np.random.default_rng(0)
        for _ in range(_PAIRS):
            narrow = [group for group in groups if not self.is_wide(group)]
            if not narrow:
                return
            weights = np.zeros(self._atoms)
            for group, sign in zip(narrow, chance.choice([-1.0, 1.0], len(narrow)), strict=True):
                weights[sorted(group)] += sign
            self._solve(weights)
            self._solve(-weights)

    def finds(self, group: Group, *, least: int) -> Bounds | None:
        """The bounds of a group, unless enough counts are open or, where `least` says how many
        people are no secret, it is known to be of so many."""
        if self.is_wide(group):
            return None
        found = self.bounds(group)
        is_harmless = self.is_wide(group) or 0 < least <= found.low
        return None if is_harmless else found

    def bounds(self, group: Group) -> Bounds:
        """The least and the greatest count that a group can have."""
        weights = np.zeros(self._atoms)
        weights[sorted(group)] = 1
        least, below = self._solve(weights)
        greatest, above = self._solve(-weights)
        return Bounds(
            math.ceil(least - _TOLERANCE), math.floor(_TOLERANCE - greatest), below | above
        )

    def _highest(self, figure: Figure) -> float:
        return self._most * self._atoms if figure.high is None else figure.high

    def _seen(self, group: Group) -> tuple[int, int]:
        """The least and the greatest count of a group in the worlds found so far."""
        atoms = sorted(group)
        sums = [int(world[atoms].sum()) for world in self._worlds]
        return min(sums, default=0), max(sums, default=0)

    def _solve(self, weights: _Vector) -> tuple[float, frozenset[int]]:
        """The least weighted sum, and the figures that it rests on. Keeps the world in which it is
        reached, or the best one of whole persons near it."""
        found = optimize.linprog(
            weights,
            A_ub=self._both,
            b_ub=np.concatenate([self._high, -self._low]),
            A_eq=self._links,
            b_eq=np.zeros(self._links.shape[0]),
            bounds=(0, self._most),
            method="highs-ds",
        )
        if found.x is None:
            raise ContradictionError
        worlds = [np.rint(found.x)]
        if not self._is_true(worlds[0]):
            worlds = self._whole(weights)
        self._worlds += filter(self._is_true, worlds)
        binding = np.flatnonzero(found.ineqlin.marginals) % len(self._low)
        return float(found.fun), frozenset(binding.tolist())

    def _is_true(self, world: _Vector) -> bool:
        told = self._matrix @ world
        is_told = (told >= self._low).all() and (told <= self._high).all()
        return bool(is_told and not (self._links @ world).any())

    def _whole(self, weights: _Vector) -> list[_Vector]:
        """The best world of whole persons, where the best one of all has parts of persons; none
        when it is not found soon."""
        found = optimize.milp(
            weights,
            integrality=1,
            bounds=optimize.Bounds(0, self._most),
            constraints=[
                optimize.LinearConstraint(self._matrix, self._low, self._high),
                optimize.LinearConstraint(self._links, 0, 0),
            ],
            options={"node_limit": _MOST_BRANCHES},
        )
        return [] if found.x is None else [np.rint(found.x)]


def _matrix(groups: Sequence[Group], atoms: int) -> sparse.csr_array:
    """A row a group, with a one for each of its atoms."""
    rows = [at for at, group in enumerate(groups) for _ in group]
    columns = [atom for group in groups for atom in sorted(group)]
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(groups), atoms))
