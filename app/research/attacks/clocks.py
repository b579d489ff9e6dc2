"""Attack 2: an act between two participants stands on both clocks, so their first days come apart.

If one of them counts day 12 and the other day 5, the other joined seven days later; and so on
from person to person, until everybody's first day hangs on one.
"""

from collections import Counter, deque
from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from app.research.attacks.findings import Finding
from app.research.attacks.outgoing import Outgoing

GIVING: Final = ("replied", "reacted")
RECEIVED: Final = "received"

#: By participant, the days by which they joined later than the first one of their component.
Offsets = dict[str, int]
_Edges = dict[str, dict[str, Counter[int]]]


def attack(file: Outgoing, enrolled: Mapping[str, date]) -> Finding:
    """For how many of the largest component the first day is right, given that of one of them."""
    largest = max(components(file), key=len, default={})
    dates = {name: enrolled[name] for name in largest if name in enrolled}
    shifts = Counter((day.toordinal() - largest[name]) for name, day in dates.items())
    # The one whose date is given is no discovery.
    right = max(shifts.values(), default=1) - 1
    span = len(set(enrolled.values())) or 1
    others = max(0, len(largest) - 1)
    note = f"first days that hang together: {len(largest)} people" if others else "no clock in it"
    return Finding("clocks", right, others, others / span, note)


def components(file: Outgoing) -> list[Offsets]:
    """Groups of participants whose first days hang together."""
    if file.kind != "acts" or "counterpart" not in file.frame.columns:
        return []
    edges = _edges(file.frame)
    found: list[Offsets] = []
    left = set(edges)
    while left:
        found.append(_spread(edges, min(left)))
        left -= found[-1].keys()
    return found


def _edges(frame: pl.DataFrame) -> _Edges:
    """By giver and receiver, how often each difference of days was seen: k-th act beside k-th."""
    told = [pl.col("reaction") if "reaction" in frame.columns else pl.lit(None, pl.String)]
    acts = frame.filter(
        pl.col("counterpart").is_not_null() & (pl.col("counterpart") != pl.col("participant"))
    ).select(
        pl.col("participant", "counterpart").cast(pl.String),
        "day",
        "kind",
        pl.coalesce(*told, pl.lit("-")).alias("as"),
    )
    given = _numbered(acts.filter(pl.col("kind").is_in(GIVING)))
    got = _numbered(acts.filter(pl.col("kind") == RECEIVED)).rename(
        {"participant": "counterpart", "counterpart": "participant"}
    )
    both = given.join(got, on=["participant", "counterpart", "as", "place"], suffix="_got")
    edges: _Edges = {}
    for giver, receiver, day, day_got in both.select(
        "participant", "counterpart", "day", "day_got"
    ).iter_rows():
        edges.setdefault(giver, {}).setdefault(receiver, Counter())[day - day_got] += 1
        edges.setdefault(receiver, {}).setdefault(giver, Counter())[day_got - day] += 1
    return edges


def _numbered(acts: pl.DataFrame) -> pl.DataFrame:
    by = ["participant", "counterpart", "as"]
    return acts.sort("day").with_columns(place=pl.int_range(pl.len()).over(by))


def _spread(edges: _Edges, first: str) -> Offsets:
    """From one to all that hang on them, over each pair's most frequent difference."""
    found = {first: 0}
    waiting = deque([first])
    while waiting:
        one = waiting.popleft()
        for other, differences in edges[one].items():
            if other not in found:
                found[other] = found[one] + differences.most_common(1)[0][0]
                waiting.append(other)
    return found
