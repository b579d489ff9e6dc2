"""Cells before and after protection, and the first suppression: what is held back for itself."""

from dataclasses import dataclass
from enum import StrEnum

from app.research.protection.rules import (
    INSIDE,
    LEAST_PERSONS,
    SHARE_OF_ONE,
    SHARE_OF_TWO,
)


class Why(StrEnum):
    """Why a figure is held back. One word for all reasons that a table has: which of two was held
    back for the other's sake would tell that it is no small one."""

    #: Few people or none, or beside such a one.
    FEW = "few"
    #: Acts of few people, or mostly of one or two, or beside such.
    UNSAFE = "unsafe"


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


def people(tally: Tally) -> int | None:
    """The persons of a cell as the team may see them, None when they are held back."""
    return INSIDE.shown(tally.persons)


def acts(tally: Tally) -> int | None:
    """The acts of a cell as the team may see them, None when one or two persons did most of them
    (dominance)."""
    is_theirs = (
        tally.most >= SHARE_OF_ONE * tally.acts
        or tally.most + tally.second > SHARE_OF_TWO * tally.acts
    )
    is_held = tally.persons < LEAST_PERSONS or is_theirs
    return None if is_held else INSIDE.rounding.shown(tally.acts)
