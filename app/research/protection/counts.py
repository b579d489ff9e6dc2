"""Exact counts on their way into a table: of persons, each in one place, with their totals."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.research.protection.populations import Population

#: A row and a column; None for all of them, which is a total.
Place = tuple[int | None, int | None]


class OverlappingPlacesError(ValueError):
    """A split in which a person has two places: its totals would count them twice."""


@dataclass(frozen=True, slots=True)
class Split:
    """The rows or the columns of a table: a field, and the values that each place stands for. An
    area that holds groups is the set of its groups, so that tables of either share a total."""

    field: str
    places: tuple[frozenset[str], ...]

    def __post_init__(self) -> None:
        if len(self.all) < sum(map(len, self.places)):
            raise OverlappingPlacesError

    @property
    def all(self) -> frozenset[str]:
        """The values of everyone who has a place."""
        return frozenset().union(*self.places)

    def numbered(self) -> Iterator[tuple[int | None, frozenset[str]]]:
        """Each place by its number, then all of them."""
        yield from enumerate(self.places)
        yield None, self.all


@dataclass(frozen=True, slots=True)
class CountedTable:
    """Persons of a population by rows and columns, not protected."""

    population: Population
    rows: Split
    columns: Split
    persons: tuple[tuple[int, ...], ...]

    def populations(self) -> dict[Place, Population]:
        """Who is counted in each cell and each total."""
        return {
            (at, place): self.population.within(self.rows.field, row).within(
                self.columns.field, column
            )
            for at, row in self.rows.numbered()
            for place, column in self.columns.numbered()
        }

    def count(self, at: int | None, place: int | None) -> int:
        """The persons of a cell or a total."""
        rows = self.persons if at is None else [self.persons[at]]
        return sum(sum(row) if place is None else row[place] for row in rows)

    def lines(self) -> Iterator[tuple[Place, list[Place]]]:
        """Each total with the places that add up to it."""
        rows, columns = range(len(self.rows.places)), range(len(self.columns.places))
        for at in (*rows, None):
            yield (at, None), [(at, place) for place in columns]
        for place in (*columns, None):
            yield (None, place), [(at, place) for at in rows]
