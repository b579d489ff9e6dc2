"""The balance of what each gives and receives."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.measures import balance
from tests.research.measures.finding import cells, estimate, share
from tests.research.measures.frames import frames_of, people

EXCHANGED = [(0, 4), (1, 4), (3, 7), (2, 3), (3, 2), (4, 1), (9, 1), (0, 0)]


def test_balance_of_each_and_their_mean(tmp_path: Path) -> None:
    frames = frames_of(
        tmp_path,
        people=people(len(EXCHANGED), peer_support_before=2),
        doses=[
            {"participant": f"P{n}", "giving": give, "receiving": receive}
            for n, (give, receive) in enumerate(EXCHANGED, start=1)
        ],
    )
    parts = balance.compute(frames)
    assert share(parts, "exchanged") == (7, 8)
    mean = estimate(parts, "mean_balance")
    # −1, −0.6, −0.4, −0.2, 0.2, 0.6, 0.8: the sum is −0.6, the sum of squares 2.6.
    assert mean.value == pytest.approx(-0.6 / 7)
    half = 2.446912 * ((2.6 - 0.36 / 7) / 6 / 7) ** 0.5  # t of 6 degrees of freedom
    assert (mean.low, mean.high) == pytest.approx((-0.6 / 7 - half, -0.6 / 7 + half))
    assert mean.persons == 7
    assert cells(parts, "balance_by_peer_support_before") == {
        ("receives_most", "no"): 1,
        ("receives_more", "no"): 2,
        ("even", "no"): 2,
        ("gives_more", "no"): 1,
        ("gives_most", "no"): 1,
        ("neither", "no"): 1,
    }
    assert sum(cells(parts, "balance_by_tenure_band").values()) == 8


def test_of_several_periods_the_sums_are_compared(tmp_path: Path) -> None:
    doses = [
        {"participant": "P1", "period": 1, "giving": 9},
        {"participant": "P1", "period": 2, "receiving": 3},
        {"participant": "P2", "giving": -1, "receiving": 2},
    ]
    parts = balance.compute(frames_of(tmp_path, people=people(2), doses=doses))
    # (9 − 3) / 12, and −1: what P2 took off was from before.
    assert estimate(parts, "mean_balance").value == (0.5 - 1) / 2


def test_an_interval_ends_where_no_balance_is(tmp_path: Path) -> None:
    doses = [{"participant": f"P{n}", "giving": n, "receiving": 2 - n} for n in (1, 2)]
    mean = estimate(
        balance.compute(frames_of(tmp_path, people=people(2), doses=doses)), "mean_balance"
    )
    assert (mean.value, mean.low, mean.high) == (0.5, -1, 1)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=30))
def test_it_lies_between_both_ends_and_turns_with_the_sides(of: list[tuple[int, int]]) -> None:
    here = balance.balanced(pl.DataFrame(of, schema=["giving", "receiving"], orient="row"))
    there = balance.balanced(pl.DataFrame(of, schema=["receiving", "giving"], orient="row"))
    turned = {name: name.replace("gives", "-").replace("receives", "gives").replace("-", "receives")
              for name, _ in balance.CLASSES.places}  # fmt: skip
    for one, other in zip(here.to_dicts(), there.to_dicts(), strict=True):
        assert (one["balance"] is None) == (one["giving"] + one["receiving"] == 0)
        assert other["balance_class"] == turned[one["balance_class"]]
        if one["balance"] is not None:
            assert -1 <= one["balance"] <= 1
            assert other["balance"] == -one["balance"]
