"""Sums over the rows of people who lie in groups, and the restricted likelihood of intercepts.

With intercepts nested in each other, the covariance of a group is inverted in closed form (Sherman
and Morrison 1950). People with as many rows as each other are weighed alike, so that a look at the
likelihood costs as much for 20,000 people as for 20.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.research.measures.arrays import Floats

#: What a sum of squares may be through rounding alone, relative to what it is taken from.
ROUNDING_ERROR: Final = 1e-10


class NoModelError(ValueError):
    """There is no such model of these rows; says why."""


class NotConvergedError(NoModelError):
    """The likelihood has no maximum that could be found."""

    def __init__(self) -> None:
        super().__init__("the model did not converge")


class NoDifferenceError(NoModelError):
    """Nothing is left to chance, so that an interval would have no width."""

    def __init__(self) -> None:
        super().__init__("there is no difference that chance could explain")


@dataclass(frozen=True, slots=True)
class Solved:
    """The fixed effects at given ratios, and how likely they are."""

    deviance: float
    cross: Floats
    effects: Floats
    squares: float


@dataclass(frozen=True, slots=True)
class _People:
    """People with as many rows as each other: how many rows, how many people, and the products of
    the sums of their rows."""

    rows: int
    people: int
    products: Floats

    def taken_off(self, ratio: float) -> tuple[Floats, float]:
        """What an intercept of this ratio takes off all products, and its part of a determinant."""
        shrunk = 1 / (1 + self.rows * ratio)
        return ratio * shrunk * self.products, -self.people * float(np.log(shrunk))


@dataclass(frozen=True, slots=True)
class Nested:
    """Products of all rows, and what intercepts need: sums by how many rows a person has."""

    total: Floats
    rows: int
    people: int
    #: Of people with a group to themselves, and of the others.
    alone: tuple[_People, ...]
    together: tuple[_People, ...]
    #: Sums and people of each group with several, by their number of rows in the same order.
    group_sums: tuple[Floats, ...]
    group_people: tuple[Floats, ...]
    has_people: bool
    has_groups: bool

    @classmethod
    def of(cls, table: Floats, people: NDArray[Any], groups: NDArray[Any]) -> "Nested":
        """Columns of the model with the outcome last."""
        order = np.lexsort((people, groups))
        table, people, groups = table[order], people[order], groups[order]
        begins = np.flatnonzero(np.r_[True, people[1:] != people[:-1]])
        counts = np.diff(np.r_[begins, len(table)])
        sums = np.add.reduceat(table, begins)
        _, group, sizes = np.unique(groups[begins], return_inverse=True, return_counts=True)
        is_alone = sizes[group] == 1
        _, place = np.unique(group[~is_alone], return_inverse=True)
        shared = sums[~is_alone], counts[~is_alone]
        ones = np.ones((len(place), 1))
        return cls(
            table.T @ table,
            len(table),
            len(begins),
            _alike(sums[is_alone], counts[is_alone]),
            _alike(*shared),
            _by_group(*shared, place),
            _by_group(ones, shared[1], place),
            has_people=len(begins) < len(table),
            has_groups=1 < len(sizes) < len(begins),
        )

    def both(self, ratios: Floats) -> tuple[float, float]:
        """The ratios of people and of groups, 0 for one that is left out."""
        given = iter(ratios.tolist())
        return (
            next(given) if self.has_people else 0.0,
            next(given) if self.has_groups else 0.0,
        )

    def at(self, ratios: Floats) -> Solved:
        """The restricted likelihood at these ratios, with everything else at its best. Raises
        NotConvergedError where nothing is left for the residuals."""
        of_people, of_groups = (ratio**2 for ratio in self.both(ratios))
        product, determinants = self._of_groups(of_people, of_groups)
        for one in self.together:
            taken, part = one.taken_off(of_people)
            product, determinants = product - taken, determinants + part
        for one in self.alone:
            taken, part = one.taken_off(of_people + of_groups)
            product, determinants = product - taken, determinants + part
        cross, with_outcome = product[:-1, :-1], product[:-1, -1]
        effects: Floats = np.linalg.solve(cross, with_outcome).astype(np.float64)
        squares = float(product[-1, -1] - with_outcome @ effects)
        if squares <= ROUNDING_ERROR * self.total[-1, -1]:
            raise NotConvergedError
        free = self.rows - len(cross)
        deviance = determinants + np.linalg.slogdet(cross)[1] + free * np.log(squares)
        return Solved(float(deviance), cross, effects, squares)

    def _of_groups(self, of_people: float, of_groups: float) -> tuple[Floats, float]:
        """All products, less what the intercepts of groups with several people take off; and their
        part of the determinant."""
        if not self.together:
            return self.total, 0.0
        sums = np.zeros_like(self.group_sums[0])
        weights = np.zeros(len(sums))
        for one, of_one, people in zip(
            self.together, self.group_sums, self.group_people, strict=True
        ):
            shrunk = 1 / (1 + one.rows * of_people)
            sums += shrunk * of_one
            weights += shrunk * one.rows * people[:, 0]
        grown = 1 + of_groups * weights
        taken = (sums.T * (of_groups / grown)) @ sums
        return self.total - taken, float(np.log(grown).sum())


def _alike(sums: Floats, counts: NDArray[np.intp]) -> tuple[_People, ...]:
    """People by how many rows they have."""
    return tuple(
        _People(count, int((counts == count).sum()), one.T @ one)
        for count in np.unique(counts).tolist()
        for one in [sums[counts == count]]
    )


def _by_group(
    values: Floats, counts: NDArray[np.intp], place: NDArray[np.intp]
) -> tuple[Floats, ...]:
    """Sums over the people of each group, for each number of rows in turn."""
    found = []
    for count in np.unique(counts):
        into = np.zeros((int(place.max()) + 1, values.shape[1]))
        np.add.at(into, place[counts == count], values[counts == count])
        found.append(into)
    return tuple(found)
