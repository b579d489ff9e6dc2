"""An attacker asks every question about three answers, and lays all the tables over each other."""

import random
from collections import Counter
from itertools import combinations, product

import pytest

from app.research.protection.cells import Tally
from app.research.protection.rules import LEAST_PERSONS, REDACTED_TO
from app.research.protection.tables import protect

#: How many values the answers have: as area, age and peer support before.
SIZES = (14, 7, 4)
FIELDS = range(len(SIZES))

#: Some fields, each with a value.
Cell = tuple[tuple[int, ...], tuple[int, ...]]
Span = tuple[int, int]


def _counts(number: int, seed: int) -> dict[Cell, int]:
    """People in every group that can be asked about; some answers are much rarer than others."""
    chance = random.Random(seed)
    weights = [[chance.random() ** 2 + 0.02 for _ in range(size)] for size in SIZES]
    people = [
        tuple(chance.choices(range(size), weights[at])[0] for at, size in enumerate(SIZES))
        for _ in range(number)
    ]
    found: dict[Cell, int] = {}
    for many in range(len(SIZES) + 1):
        for fields in combinations(FIELDS, many):
            counted = Counter(tuple(person[at] for at in fields) for person in people)
            for values in product(*(range(SIZES[at]) for at in fields)):
                found[fields, values] = counted[values]
    return found


def _cell(known: dict[int, int]) -> Cell:
    fields = tuple(sorted(known))
    return fields, tuple(known[at] for at in fields)


def _figures(counts: dict[Cell, int]) -> dict[Cell, set[int | None]]:
    """What all questions tell: each split by one field or two, under every choice of filters."""
    told: dict[Cell, set[int | None]] = {}
    for by in [one for many in (1, 2) for one in combinations(FIELDS, many)]:
        rest = [at for at in FIELDS if at not in by]
        for filters in [one for many in range(len(rest) + 1) for one in combinations(rest, many)]:
            for values in product(*(range(SIZES[at]) for at in filters)):
                where = dict(zip(filters, values, strict=True))
                if counts[_cell(where)] >= LEAST_PERSONS:
                    _ask(counts, by, where, told)
    return told


def _ask(
    counts: dict[Cell, int],
    by: tuple[int, ...],
    where: dict[int, int],
    told: dict[Cell, set[int | None]],
) -> None:
    row, *rest = by
    columns = [{rest[0]: value} for value in range(SIZES[rest[0]])] if rest else [{}]
    grid = [
        [_cell({**where, row: value, **column}) for column in columns]
        for value in range(SIZES[row])
    ]
    table = protect([[Tally(counts[cell]) for cell in line] for line in grid])
    for cells, figures in zip(grid, table.values, strict=True):
        for cell, figure in zip(cells, figures, strict=True):
            told.setdefault(cell, set()).add(figure)


def _spans(counts: dict[Cell, int], *, tells_zeros: bool) -> dict[Cell, Span]:
    """What is possible for each count, once nothing more follows from the tables together.

    The attacker is given more than there is: the exact number of all, and of every figure that is
    held back whether it is a small one.
    """
    most = counts[(), ()]
    spans = dict.fromkeys(counts, (0, most)) | {((), ()): (most, most)}
    for cell, figures in _figures(counts).items():
        for figure in figures:
            if figure is not None:
                span = (max(figure - 2, REDACTED_TO + 1), figure + 2)
            elif counts[cell] > REDACTED_TO:
                span = (REDACTED_TO + 1, most)
            elif tells_zeros:
                span = (1, REDACTED_TO) if counts[cell] else (0, 0)
            else:
                span = (0, REDACTED_TO)
            spans[cell] = (max(spans[cell][0], span[0]), min(spans[cell][1], span[1]))
    while _narrow(spans):
        pass
    return spans


def _narrow(spans: dict[Cell, Span]) -> bool:
    """A group is the sum of its parts: what that says about each. Whether it said anything."""
    is_news = False
    for fields, values in list(spans):
        known = dict(zip(fields, values, strict=True))
        for field in [at for at in FIELDS if at not in known]:
            parts = [_cell({**known, field: value}) for value in range(SIZES[field])]
            is_news |= _narrow_one(spans, (fields, values), parts)
    return is_news


def _narrow_one(spans: dict[Cell, Span], whole: Cell, parts: list[Cell]) -> bool:
    least, most = (sum(spans[part][end] for part in parts) for end in (0, 1))
    low, high = spans[whole]
    found = {whole: (max(low, least), min(high, most))}
    for part in parts:
        lowest, highest = spans[part]
        found[part] = (max(lowest, low - most + highest), min(highest, high - least + lowest))
    is_news = any(spans[cell] != span for cell, span in found.items())
    spans.update(found)
    return is_news


def _found_exactly(counts: dict[Cell, int], spans: dict[Cell, Span]) -> list[Cell]:
    """The groups of a few people whose number the attacker knows."""
    assert all(low <= counts[cell] <= high for cell, (low, high) in spans.items())
    return [
        cell
        for cell, (low, high) in spans.items()
        if low == high and 1 <= counts[cell] <= REDACTED_TO
    ]


@pytest.mark.parametrize("number", [40, 116, 300])
@pytest.mark.parametrize("seed", range(3))
def test_all_questions_together_find_no_group_of_a_few(number: int, seed: int) -> None:
    counts = _counts(number, seed)
    spans = _spans(counts, tells_zeros=False)
    assert _found_exactly(counts, spans) == []
    few = [spans[cell] for cell, count in counts.items() if 1 <= count <= REDACTED_TO]
    narrow = [span for span in few if span[1] - span[0] < 4]
    assert len(narrow) <= len(few) * 0.03


def test_where_nobody_is_must_not_be_told_or_they_do() -> None:
    """Were zeros shown as OpenSAFELY shows them, one in ten and more would be found."""
    counts = _counts(40, 0)
    found = _found_exactly(counts, _spans(counts, tells_zeros=True))
    few = [cell for cell, count in counts.items() if 1 <= count <= REDACTED_TO]
    assert len(found) > len(few) / 10
