"""Disclosure control of microdata: pure functions, named constants, the rule cited.

k-anonymity (Samarati and Sweeney, "Protecting privacy when disclosing information", 1998): every
combination of quasi-identifiers that occurs is shared by at least k people. k is 5 for files that
stay inside a signed research team; what leaves the team needs 10 and is not made here. Answers
that are too rare are recoded locally, in the records concerned, to WITHHELD. A withheld answer
counts as a value of its own, as pyCANON counts it, not as one that could be anything: that is the
stricter reading.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

K: Final = 5
WITHHELD: Final = "withheld"

Record = tuple[str, ...]


class TooFewPeopleError(ValueError):
    """Fewer than k people can't be hidden among each other, whatever is recoded."""


@dataclass(frozen=True, slots=True)
class Recoded:
    """Records that are k-anonymous, and what it cost."""

    records: dict[str, Record]
    k: int
    smallest_class: int
    #: How many people had this answer withheld, by column, in the order of columns.
    withheld: dict[str, int]


def class_sizes(records: Sequence[Record]) -> Counter[Record]:
    """How many people share each combination that occurs."""
    return Counter(records)


def smallest_class(records: Sequence[Record]) -> int:
    """The k of these records: the size of the smallest class, 0 when there are none."""
    return min(class_sizes(records).values(), default=0)


def recode(
    records: Mapping[str, Record], columns: Sequence[str], *, order: Sequence[str], k: int = K
) -> Recoded:
    """Withhold answers until every combination is shared by at least `k` people.

    `order` names the columns from the one that research can best do without to the one it needs
    most. Column by column, whoever still stands in a class below k has that answer withheld. If
    after the last column some stand withheld in all and are fewer than k, the smallest other
    classes join them. The outcome depends on the records alone, not on their order.
    """
    if len(records) < k:
        raise TooFewPeopleError
    current = dict(records)
    for column in order:
        current = _withhold_rare(current, columns.index(column), k)
    current = _fill_up(current, k)
    changes = {
        column: sum(current[key][place] != records[key][place] for key in records)
        for place, column in enumerate(columns)
    }
    return Recoded(
        records=current,
        k=k,
        smallest_class=smallest_class(list(current.values())),
        withheld={column: count for column, count in changes.items() if count},
    )


def _withhold_rare(records: dict[str, Record], place: int, k: int) -> dict[str, Record]:
    sizes = class_sizes(list(records.values()))
    return {
        key: record if sizes[record] >= k else (*record[:place], WITHHELD, *record[place + 1 :])
        for key, record in records.items()
    }


def _fill_up(records: dict[str, Record], k: int) -> dict[str, Record]:
    sizes = class_sizes(list(records.values()))
    width = len(next(iter(records.values())))
    nothing_told = (WITHHELD,) * width
    joining: set[Record] = set()
    gathered = sizes.pop(nothing_told, 0)
    for record, size in sorted(sizes.items(), key=lambda item: (item[1], item[0])):
        if gathered == 0 or gathered >= k:
            break
        joining.add(record)
        gathered += size
    return {key: nothing_told if record in joining else record for key, record in records.items()}
