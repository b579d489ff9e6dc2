"""The same order on both sides: rows in between the same rows are about the same people.

The attacker is given half of the links, as someone would know who recruited half of the people,
and lays the two orders beside each other by them; the other half is to be named. So what is found
is the most that an order can tell.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from app.research.attacks.equality import Named
from app.research.attacks.tables import Table

#: An order with many ties, or of few rows, is none.
LEAST_ROWS: Final = 30
LEAST_DIFFERENT: Final = 0.5
#: So many rows of people who are known hold the two orders together: of those with few rows,
#: for who is everywhere fits into any order.
ANCHORS: Final = 1_000
#: So many rows of each person to be named are looked at, each with so many rows beside it.
LOOKED_AT: Final = 40
WIDEST: Final = 60
#: Rows of the longer side; it is thinned evenly to these.
MOST_ROWS: Final = 40_000
#: Orders that hold together no better than this many times a shuffled one are not the same.
BETTER: Final = 1.25
SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Order:
    """Whom the rows are about, in the order of a column."""

    name: str
    about: list[tuple[str, ...]]


def orders(table: Table) -> list[Order]:
    """The different orders in which the columns of a table put its rows."""
    found: dict[tuple[int, ...], Order] = {}
    for column, values in table.columns.items():
        places = [place for place, value in enumerate(values) if _is_ordered(value)]
        different = len({values[place] for place in places})
        if len(places) < LEAST_ROWS or different < LEAST_DIFFERENT * len(places):
            continue
        if len({type(values[place]) for place in places}) == 1:
            places.sort(key=values.__getitem__)
            about = [table.about[place] for place in places]
            found.setdefault(tuple(places), Order(f"{table.name}.{column}", about))
    return list(found.values())


def _is_ordered(value: Any) -> bool:
    return value is not None and not isinstance(value, bool | dict | list | bytes | memoryview)


def pairs(
    ours: Sequence[Table], theirs: Sequence[Table], links: Mapping[str, str]
) -> Iterator[tuple[str, Named]]:
    """By pair of columns, whom the order names; each half of the people with the other known."""
    people = sorted(links)
    Random(SEED).shuffle(people)  # noqa: S311 - repeats itself on purpose
    half = len(people) // 2
    halves = set(people[:half]), set(people[half:])
    outer = [thin(order) for table in theirs for order in orders(table)]
    for own in (order for table in ours for order in orders(table)):
        for other in outer:
            found: Named = {}
            for known, sought in (halves, halves[::-1]):
                found |= _name(own, other, {one: links[one] for one in known}, sought)
            if found:
                yield f"order of {own.name} ~ {other.name}", found


def thin(order: Order) -> Order:
    every = -(-len(order.about) // MOST_ROWS)
    return Order(order.name, order.about[::every])


def _name(own: Order, other: Order, known: Mapping[str, str], sought: set[str]) -> Named:
    where: dict[str, list[int]] = defaultdict(list)
    for place, about in enumerate(other.about):
        for member in about:
            where[member].append(place)
    rows = [
        (place, known[one]) for place, (one,) in enumerate(own.about) if known.get(one) in where
    ]
    rows = sorted(sorted(rows, key=lambda row: len(where[row[1]]))[:ANCHORS])
    anchors = _chain([(place, where[member]) for place, member in rows])
    if len(anchors) <= BETTER * _by_chance(rows, where) + 2:
        return {}
    taken = set(known.values())
    free = {member: places for member, places in where.items() if member not in taken}
    return _beside(own, sought, anchors, free, len(other.about))


def _by_chance(rows: list[tuple[int, str]], where: Mapping[str, list[int]]) -> int:
    members = [member for _, member in rows]
    Random(SEED).shuffle(members)  # noqa: S311 - repeats itself on purpose
    shuffled = zip((place for place, _ in rows), members, strict=True)
    return len(_chain([(place, where[member]) for place, member in shuffled]))


def _chain(rows: list[tuple[int, list[int]]]) -> list[tuple[int, int]]:
    """The longest run of pairs (own place, other place) in which both go up (patience sorting)."""
    ends: list[int] = []
    at: list[int] = []
    points: list[tuple[int, int, int]] = []
    for place, places in rows:
        for other in reversed(places):
            length = bisect_left(ends, other)
            before = at[length - 1] if length else -1
            points.append((place, other, before))
            if length == len(ends):
                ends.append(other)
                at.append(len(points) - 1)
            else:
                ends[length], at[length] = other, len(points) - 1
    chain: list[tuple[int, int]] = []
    number = at[-1] if at else -1
    while number >= 0:
        place, other, number = points[number]
        chain.append((place, other))
    return chain[::-1]


def _beside(
    own: Order,
    sought: set[str],
    anchors: list[tuple[int, int]],
    where: Mapping[str, list[int]],
    height: int,
) -> Named:
    """Who is found beside a participant's rows more often than their number of rows would bring."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, (participant,) in enumerate(own.about):
        if participant in sought:
            places[participant].append(place)
    starts = [place for place, _ in anchors]
    found: Named = {}
    for participant, mine in places.items():
        chosen = mine[:: -(-len(mine) // LOOKED_AT)]
        windows = [_window(place, starts, anchors, height) for place in chosen]
        best = _likeliest([one for one in windows if one is not None], where, height)
        if best is not None:
            found[participant] = best
    return found


def _window(
    place: int, starts: list[int], anchors: list[tuple[int, int]], height: int
) -> tuple[int, int] | None:
    after = bisect_right(starts, place)
    low = anchors[after - 1][1] if after else 0
    high = anchors[after][1] if after < len(anchors) else height - 1
    return (low, high) if high - low <= WIDEST else None


def _likeliest(
    windows: list[tuple[int, int]], where: Mapping[str, list[int]], height: int
) -> str | None:
    scores: Counter[str] = Counter()
    for member, places in where.items():
        hits = sum(bisect_right(places, high) > bisect_left(places, low) for low, high in windows)
        if hits:
            rate = len(places) / height
            expected = sum(1 - (1 - rate) ** (high - low + 1) for low, high in windows)
            scores[member] = (hits - expected) / math.sqrt(expected)  # type: ignore[assignment]
    ordered = scores.most_common(2)
    if not ordered or (len(ordered) > 1 and ordered[0][1] == ordered[1][1]):
        return None
    return ordered[0][0]
