"""Dominance: how much of a sum is due to the one and the two people who did most."""

from typing import TypedDict

import polars as pl


class Most(TypedDict):
    """The two shares that an estimate carries."""

    most: float
    two_most: float


def most(*amounts: pl.Series) -> Most:
    """Of sums over the same people, such as both sides of a ratio, the greatest shares."""
    found = [_shares(one) for one in amounts]
    return Most(most=max(one for one, _ in found), two_most=max(two for _, two in found))


def _shares(amounts: pl.Series) -> tuple[float, float]:
    total = float(amounts.sum())
    if not total:
        return 0.0, 0.0
    first_two = [float(one) for one in amounts.top_k(2).sort(descending=True)]
    return first_two[0] / total, sum(first_two) / total
