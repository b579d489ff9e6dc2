"""Differencing: who is had by taking one published figure from another (OpenSAFELY's example: all
people, then all men, and one woman is told)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set

from app.research.protection.figures import Figure
from app.research.protection.populations import Group


def differences(figures: Mapping[Group, Figure], new: Set[Group], *, below: int) -> set[Group]:
    """The groups that stay when a shown figure is taken from one that holds it, at least one of
    them new, where they may be of fewer than `below` people."""
    shown = sorted(
        (one.low, one.high, group)
        for group, one in figures.items()
        if one.value is not None and one.high is not None
    )
    lows = [low for low, _, _ in shown]
    found = set()
    for low, high, fewer in shown:
        for _, __, more in shown[bisect_left(lows, low - below) : bisect_left(lows, high + below)]:
            if fewer < more and not new.isdisjoint((fewer, more)):
                found.add(more - fewer)
    return found


def remainders(
    lines: Iterable[tuple[Group, Sequence[Group]]], figures: Mapping[Group, Figure]
) -> set[Group]:
    """The groups that stay when every shown figure of a line is taken from its shown total."""
    found = set()
    for total, parts in lines:
        if figures[total].value is not None:
            told = [part for part in parts if figures[part].value is not None]
            found.add(total.difference(*told))
    return found - {frozenset()}
