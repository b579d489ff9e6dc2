"""Equal values on both sides: the rarer a value, the more it tells who a participant is."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from app.research.attacks.ids import moment_of
from app.research.attacks.matching import LIKE
from app.research.attacks.tables import Table

#: A column with fewer different values (yes and no, kinds, bands) can't tell people apart.
FEW_VALUES: Final = 20
#: A value that so many people share tells too little of each to be counted.
SHARED_BY: Final = 60

#: By participant, the member whom a pair of columns names.
Named = dict[str, str]
#: By value, how often each person has it.
_Index = dict[str, Counter[str]]


def spellings(value: Any) -> Iterator[tuple[str, str]]:
    """A value in every form in which it may stand elsewhere: a moment also as second and as day.

    An id of version 7 holds a moment; a document holds the values in it.
    """
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ((f".{key}{path}", text) for path, text in spellings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from spellings(inner)
    elif isinstance(value, datetime):
        yield from _of_moment(value)
    else:
        yield "", value.isoformat() if isinstance(value, date) else str(value)
        moment = moment_of(value) if isinstance(value, UUID) else None
        if moment is not None:
            yield from _of_moment(moment)


def _of_moment(moment: datetime) -> Iterator[tuple[str, str]]:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    yield " to the millisecond", text[:23]
    yield " to the second", text[:19]
    yield " to the day", text[:10]


def indexes(table: Table) -> Iterator[tuple[str, _Index]]:
    """By column and form, who has which values; only where there are enough of them."""
    for column, values in table.columns.items():
        found: dict[str, _Index] = defaultdict(lambda: defaultdict(Counter))
        for value, about in zip(values, table.about, strict=True):
            for form, text in spellings(value):
                for person in about:
                    found[form][text][person] += 1
        for form, index in found.items():
            if len(index) >= FEW_VALUES:
                yield f"{table.name}.{column}{form}", _rare(index)


def _rare(index: _Index) -> _Index:
    return {text: people for text, people in index.items() if len(people) <= SHARED_BY}


def pairs(ours: Sequence[Table], theirs: Sequence[Table]) -> Iterator[tuple[str, Named]]:
    """By pair of columns, whom equal values name."""
    outer = [found for table in theirs for found in indexes(table)]
    for table in ours:
        for name, index in indexes(table):
            for other_name, other in outer:
                shared = index.keys() & other.keys()
                if shared:
                    yield f"{name} = {other_name}", _named(index, other, shared)


def _named(index: _Index, other: _Index, shared: set[str]) -> Named:
    size: Counter[str] = Counter()
    for people in other.values():
        size.update(people.keys())
    scores: dict[str, Counter[str]] = defaultdict(Counter)
    for text in shared:
        weight = 1 / (len(other[text]) * len(index[text]))
        for participant in index[text]:
            for member in other[text]:
                scores[participant][member] += weight  # type: ignore[assignment]
    named = {
        participant: _best({one: score / math.sqrt(size[one]) for one, score in row.items()})
        for participant, row in scores.items()
    }
    return {participant: member for participant, member in named.items() if member is not None}


def _best(scores: dict[str, float]) -> str | None:
    ordered = sorted(scores.items(), key=lambda one: -one[1])
    if len(ordered) > 1 and ordered[0][1] - ordered[1][1] < LIKE:
        return None
    return ordered[0][0]
