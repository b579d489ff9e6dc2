"""Disclosure control of microdata: pure functions, named constants, the rule cited.

k-anonymity (Samarati and Sweeney, "Protecting privacy when disclosing information", 1998): every
combination of quasi-identifiers that occurs is shared by at least k people. Here a person's whole
record counts as one combination: all their periods in bands, and all their answers. k is 5 for
files that stay inside a signed research team.

Whoever shares their record with k others keeps it. The rest are divided as in Mondrian (LeFevre,
DeWitt and Ramakrishnan, "Mondrian multidimensional k-anonymity", 2006) into groups of k or more,
and what differs within a group is recoded: a band to the range of the group's bands, an answer to
WITHHELD. A recoded value counts as a value of its own, as pyCANON counts it, not as one that could
be anything: that is the stricter reading.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from app.research.people_thresholds import K
from app.research.special_codes import NOT_APPLICABLE, WITHHELD

_SIZE: Final = "size of the class"
_PEOPLE: Final = "people"
_CLASS: Final = "class"

#: The codes of one person's record, and how many people have it.
Record = tuple[int, ...]
Group = list[tuple[Record, int]]


class TooFewPeopleError(ValueError):
    """Fewer than k people can't be hidden among each other, whatever is recoded."""


class BadRecordsError(ValueError):
    """Records that can't be made k-anonymous as they are; says why."""


@dataclass(frozen=True, slots=True)
class Quasi:
    """A quasi-identifier: a column of whole numbers.

    `ranges` gives the least and the greatest level that each code of an ordered column stands for,
    the ranges of several levels included; without them the column is an answer, whose codes have no
    order. `rank` says when a group is divided by it: the lowest first.
    """

    name: str
    rank: int
    ranges: Mapping[int, tuple[int, int]] | None = None

    def merged(self, codes: Iterable[int]) -> int:
        """The code that stands for all of these."""
        found = set(codes)
        if len(found) == 1:
            return found.pop()
        if NOT_APPLICABLE in found:
            # Some had nothing here: it is left out for all, so that nobody's is known to be there.
            return NOT_APPLICABLE
        if self.ranges is None:
            return WITHHELD
        ends = [self.ranges[code] for code in found]
        wanted = (min(low for low, _ in ends), max(high for _, high in ends))
        return next(code for code, range_ in self.ranges.items() if range_ == wanted)


@dataclass(frozen=True, slots=True)
class Recoded:
    """Records that are k-anonymous, and what it cost."""

    #: The frame as it came, with its columns recoded.
    frame: pl.DataFrame
    k: int
    smallest_class: int
    #: How many people have another value than before, by column.
    changed: dict[str, int]


def class_sizes(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """How many rows share the combination of each row."""
    return frame.select(pl.len().over(columns).alias(_SIZE)).to_series()


def smallest_class(frame: pl.DataFrame, columns: Sequence[str]) -> int:
    """The k of these rows: the size of the smallest class, 0 when there are none."""
    if frame.is_empty():
        return 0
    return int(min(class_sizes(frame, columns)))


def recode(frame: pl.DataFrame, quasis: Sequence[Quasi], *, k: int = K) -> Recoded:
    """Recode until every combination of the quasi-identifiers is shared by at least `k` rows; a row
    is a person.

    The outcome depends on the rows alone, not on their order. Raises TooFewPeopleError and
    BadRecordsError.
    """
    columns = [quasi.name for quasi in quasis]
    if frame.height < k:
        raise TooFewPeopleError
    _check(frame, quasis)
    classes = frame.group_by(columns).len(name=_PEOPLE).sort(columns).with_row_index(_CLASS)
    of_row = frame.select(columns).join(classes, on=columns, maintain_order="left")
    is_small = pl.col(_PEOPLE) < k
    small = _group(classes.filter(is_small), columns)
    enough = classes.filter(~is_small).sort(_PEOPLE, *columns)
    while 0 < sum(people for _, people in small) < k:
        # Too few stand apart to be a group of their own: the smallest other class joins them.
        small += _group(enough.head(1), columns)
        enough = enough.slice(1)
    new = {
        record: merged for group in _divided(small, quasis, k) for record, merged in group.items()
    }
    told = pl.DataFrame(
        [new.get(record, record) for record in classes.select(columns).iter_rows()],
        schema=dict.fromkeys(columns, pl.Int16),
        orient="row",
    )
    recoded = told[of_row.get_column(_CLASS)]
    changed = {
        column: int((recoded.get_column(column) != frame.get_column(column)).sum())
        for column in columns
    }
    return Recoded(
        frame=frame.with_columns(recoded.get_columns()),
        k=k,
        smallest_class=smallest_class(recoded, columns),
        changed=changed,
    )


def _check(frame: pl.DataFrame, quasis: Sequence[Quasi]) -> None:
    if not quasis:
        raise BadRecordsError("No column is named: nothing would be protected.")
    for quasi in quasis:
        values = frame.get_column(quasi.name)
        if not values.dtype.is_integer() or values.null_count():
            raise BadRecordsError(f"{quasi.name} holds something that is not a code.")
        known = {*(quasi.ranges or ()), NOT_APPLICABLE}
        if quasi.ranges is not None and not known.issuperset(values.unique().to_list()):
            raise BadRecordsError(f"{quasi.name} holds a code that stands for nothing.")


def _group(classes: pl.DataFrame, columns: Sequence[str]) -> Group:
    return [(tuple(row[:-1]), row[-1]) for row in classes.select(*columns, _PEOPLE).iter_rows()]


def _divided(whole: Group, quasis: Sequence[Quasi], k: int) -> Iterable[dict[Record, Record]]:
    """Divide while both halves keep k people; gives each group's records with what they become."""
    waiting = [whole] if whole else []
    while waiting:
        group = waiting.pop()
        halves = _cut(group, quasis, k)
        if halves:
            waiting += halves
            continue
        merged = tuple(
            quasi.merged(record[place] for record, _ in group) for place, quasi in enumerate(quasis)
        )
        yield {record: merged for record, _ in group}


def _cut(group: Group, quasis: Sequence[Quasi], k: int) -> list[Group]:
    """Two halves by the best column: of the lowest rank, then the widest range, then the evenest
    halves. Empty when no column leaves k people on both sides."""
    total = sum(people for _, people in group)
    if total < 2 * k:
        return []
    best: tuple[tuple[int, int, int, int], int, frozenset[int]] | None = None
    for place, quasi in enumerate(quasis):
        people: Counter[int] = Counter()
        for record, count in group:
            people[record[place]] += count
        found = _threshold(people, quasi, total, k) if len(people) > 1 else None
        if found is None:
            continue
        width, unevenness, side = found
        order = (quasi.rank, -width, unevenness, place)
        if best is None or order < best[0]:
            best = (order, place, side)
    if best is None:
        return []
    _, place, side = best
    return [
        [one for one in group if one[0][place] in side],
        [one for one in group if one[0][place] not in side],
    ]


def _threshold(
    people: Counter[int], quasi: Quasi, total: int, k: int
) -> tuple[int, int, frozenset[int]] | None:
    """How wide the range of these codes is, how uneven the evenest halves are, and one of them."""
    if NOT_APPLICABLE in people:
        sides, width = [frozenset({NOT_APPLICABLE})], 0
    elif quasi.ranges is None:
        sides, width = [frozenset({code}) for code in sorted(people)], 0
    else:
        ranges = quasi.ranges
        codes = sorted(people, key=lambda code: ranges[code])
        sides = [frozenset(codes[:end]) for end in range(1, len(codes))]
        width = max(ranges[code][1] for code in codes) - ranges[codes[0]][0]
    evenest: tuple[int, int, frozenset[int]] | None = None
    for side in sides:
        inside = sum(people[code] for code in side)
        unevenness = abs(total - 2 * inside)
        fits = min(inside, total - inside) >= k
        if fits and (evenest is None or unevenness < evenest[1]):
            evenest = (width, unevenness, side)
    return evenest
