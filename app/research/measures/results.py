"""What a measure finds, before protection: estimates, shares of people, tables of people, curves.

None of these is shown to anybody as it is: `protected` makes what may be seen. Only counts that
were rounded when the dataset was frozen are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is in."""

    SHARE = "share"
    POINTS = "points"
    TIMES = "times"
    DAYS = "days"
    MINUTES = "minutes"
    PENCE = "pence"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that rests on so many people, with its 95 % interval where it has one."""

    name: str
    label: str
    unit: Unit
    value: float | None
    persons: int
    low: float | None = None
    high: float | None = None
    #: Why there is no value, in words: `the model did not converge`.
    why: str = ""
    #: Shares of the sum that the one and the two people who did most have, where it is a sum, a
    #: mean or a ratio of acts (dominance); 0 where it is not.
    most: float = 0.0
    two_most: float = 0.0


@dataclass(frozen=True, slots=True)
class Base:
    """Who is counted. Parts whose bases have one name count the same people, so that they are
    audited as such. `is_lasting` says that nobody who is in it at a cut is out at a later one."""

    name: str
    persons: int
    is_lasting: bool = True


@dataclass(frozen=True, slots=True)
class Trait:
    """What tells the people of a base apart: each has one value. Parts that name one trait tell of
    each other. `is_lasting` says that nobody's value is another one at a later cut."""

    name: str
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class PeopleShare:
    """How many of a group of people: both are counts of persons. Those counted have one of `values`
    of the trait, the rest of the group one of `others`."""

    name: str
    label: str
    persons: int
    of: int
    base: Base
    trait: Trait
    values: tuple[str, ...] = ("yes",)
    others: tuple[str, ...] = ("no",)


@dataclass(frozen=True, slots=True)
class PeopleAxis:
    """Rows or columns of a table: a field of persons, with all its values. Each person has one."""

    field: str
    title: str
    #: Value, and how it is told.
    places: tuple[tuple[str, str], ...]
    #: The trait behind it where it is not the field, and its values in each place.
    trait: Trait | None = None
    values: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """Persons by rows and columns, each person in one cell."""

    name: str
    title: str
    rows: PeopleAxis
    columns: PeopleAxis
    persons: Sequence[Sequence[int]]
    base: Base


@dataclass(frozen=True, slots=True)
class CurveStep:
    """A day of a curve: how many could be counted, to how many it happened, how many left."""

    day: int
    at_risk: int
    events: int
    censored: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps of a survival curve, of persons (Kaplan and Meier 1958)."""

    name: str
    title: str
    steps: Sequence[CurveStep]

    @property
    def persons(self) -> int:
        """Who was there at its beginning."""
        return self.steps[0].at_risk if self.steps else 0


@dataclass(frozen=True, slots=True)
class RoundedCounts:
    """Counts of persons by place, as they stand in the dataset: rounded or withheld when it was
    frozen. Protection shows them as they are. A sum of those that are shown is one that any reader
    can make, so reports may give it; with counts withheld, it says “or more”."""

    name: str
    title: str
    #: What is counted in each, in words: `period 1`.
    places: Sequence[str]
    #: None where it is withheld.
    persons: Sequence[int | None]


MeasurePart = Estimate | PeopleShare | PeopleTable | Curve | RoundedCounts
