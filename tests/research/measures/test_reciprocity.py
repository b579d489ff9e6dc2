"""Reciprocity of who gives to whom."""

from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.measures import reciprocity
from tests.research.measures.finding import estimate, value
from tests.research.measures.frames import Row, frames_of, people


def pairs(*given_: tuple[int, int, int]) -> list[Row]:
    return [
        {"participant": f"P{giver}", "counterpart": f"P{receiver}", "giving": times}
        for giver, receiver, times in given_
    ]


#: A ring of ten in which each gives once to the next; two pairs give back, one of them more.
RING = [(n, n % 10 + 1, 1) for n in range(1, 11)] + [(2, 1, 3), (6, 5, 1)]


def test_pairs_and_what_was_given(tmp_path: Path) -> None:
    parts = reciprocity.compute(frames_of(tmp_path, people=people(12), pairs=pairs(*RING)))
    # Four of twelve ordered pairs are mutual; 1 + 1 + 1 + 1 of 14 came back.
    assert value(parts, "dyadic_reciprocity") == pytest.approx(4 / 12)
    assert value(parts, "weighted_reciprocity") == pytest.approx(4 / 14)
    assert estimate(parts, "dyadic_reciprocity").persons == 10
    # P2 gave to two of twelve, and 4 of 14; with P6 it is four, and 6.
    found = [estimate(parts, f"{name}_reciprocity") for name in ("dyadic", "weighted")]
    assert [one.most for one in found] == [2 / 12, 4 / 14]
    assert [one.two_most for one in found] == [4 / 12, 6 / 14]


def test_oneself_and_who_is_outside_are_left_out(tmp_path: Path) -> None:
    rows = [*people(10), {"participant": "P11", "last_day": -7}]
    outside = [(1, 1, 9), (1, 11, 5), (11, 1, 5), (3, 20, 2), (9, 8, 0)]
    parts = reciprocity.compute(frames_of(tmp_path, people=rows, pairs=pairs(*RING, *outside)))
    assert value(parts, "dyadic_reciprocity") == pytest.approx(4 / 12)
    assert value(parts, "weighted_reciprocity") == pytest.approx(4 / 14)


@pytest.mark.parametrize(
    "given_",
    [
        pytest.param([], id="nothing"),
        pytest.param(
            [(a, b, 1) for a, b in permutations(range(1, 5), 2)], id="twelve pairs of four"
        ),
        pytest.param([(n, n + 1, 1) for n in range(1, 10)], id="nine pairs of ten"),
        pytest.param([(n, n % 9 + 1, 1) for n in range(1, 10)] + [(2, 1, 1)], id="ten of nine"),
    ],
)
def test_of_a_few_it_is_not_told(tmp_path: Path, given_: list[tuple[int, int, int]]) -> None:
    frames = frames_of(tmp_path, people=people(12), pairs=pairs(*given_))
    for part in reciprocity.compute(frames):
        found = estimate([part], part.name)
        assert found.value is None
        assert found.why == "fewer than 10 people, or pairs of them, gave to each other"


EDGES = st.dictionaries(
    st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 20),
    min_size=1,
)


@given(EDGES)
def test_it_is_what_the_definition_says(edges: dict[tuple[int, int], int]) -> None:
    frame = pl.DataFrame(pairs(*((*pair, times) for pair, times in edges.items())))
    mutual = sum((b, a) in edges for a, b in edges)
    returned = sum(min(times, edges.get((b, a), 0)) for (a, b), times in edges.items())
    found = reciprocity.dyadic(frame), reciprocity.weighted(frame)
    assert found == pytest.approx((mutual / len(edges), returned / sum(edges.values())))
    assert all(0 <= one <= 1 for one in found)
