"""Life tables, beside a published one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.measures import life_table


def table(entering: float, events: list[list[float]], withdrawn: list[float]) -> list[list[float]]:
    """Of one table: by interval and cause."""
    found = life_table.cumulative(
        np.array([entering]), np.array(events, float)[:, :, None], np.array(withdrawn)[:, None]
    )
    return [[float(one) for one in shares] for shares in found[:, :, 0]]


def test_a_published_table_is_found() -> None:
    """Cutler and Ederer 1958, table 1: 126 men with a cancer of the kidney, by years; withdrawn
    are those lost and those still alive."""
    deaths = [[47.0], [5.0], [2.0], [2.0], [0.0]]
    found = table(126, deaths, [4.0 + 15, 6.0 + 11, 0.0 + 15, 2.0 + 7, 0.0 + 6])
    surviving = [1 - share for (share,) in found]
    assert surviving == pytest.approx([0.60, 0.54, 0.50, 0.44, 0.44], abs=0.005)


def test_causes_compete() -> None:
    # Of ten three and then one of the seven left; nobody leaves: shares of the ten.
    assert table(10, [[3, 1], [1, 2]], [0, 0]) == [
        pytest.approx([0.3, 0.1]),
        pytest.approx([0.4, 0.3]),
    ]


def test_of_nobody_nothing_happens() -> None:
    assert table(0, [[0, 0], [0, 0]], [0, 0]) == [[0, 0], [0, 0]]
    assert table(2, [[2, 0], [0, 0]], [0, 0]) == [[1, 0], [1, 0]]


def test_it_happens_to_no_more_than_all() -> None:
    assert table(2, [[2]], [1]) == [[1]]


counts = st.integers(0, 9)


@given(st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=6), counts)
def test_shares_grow_and_stay_below_one(intervals: list[tuple[int, int, int]], more: int) -> None:
    entering = sum(map(sum, intervals)) + more
    found = table(entering, [[a, b] for a, b, _ in intervals], [float(c) for _, _, c in intervals])
    sums = [sum(shares) for shares in found]
    assert sums == sorted(sums)
    assert sums[-1] <= 1 + 1e-9
