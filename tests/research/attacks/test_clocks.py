"""First days that come apart because an act stands on two clocks."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.research.attacks import clocks
from app.research.attacks.outgoing import Outgoing
from tests.research.attacks.factories import FIRST, FROZEN, acts, periods

# P0 joined on day 0, P1 on day 10, P2 on day 30; P3 and P4 only met each other.
MET = (
    ("P0", 15, "replied", "P1"),
    ("P1", 5, "received", "P0"),
    ("P1", 40, "replied", "P2"),
    ("P2", 20, "received", "P1"),
    ("P3", 9, "replied", "P4"),
    ("P4", 3, "received", "P3"),
)
ENROLLED = {f"P{n}": FIRST + timedelta(days=day) for n, day in enumerate((0, 10, 30, 50, 56, 60))}


def test_everyone_who_hangs_together_is_dated_by_one_of_them() -> None:
    found = clocks.attack(acts(*MET), ENROLLED)
    assert (found.named, found.of) == (2, 2)
    assert "3 people" in found.note
    assert clocks.components(acts(*MET)) == [{"P0": 0, "P1": 10, "P2": 30}, {"P3": 0, "P4": 6}]


def test_a_handful_of_people_dated_is_more_than_chance() -> None:
    met = [("P0", day, "replied", f"P{day}") for day in range(1, 6)]
    got = [(f"P{day}", 0, "received", "P0") for day in range(1, 6)]
    days = {f"P{day}": FIRST + timedelta(days=day) for day in range(6)}
    found = clocks.attack(acts(*met, *got), days)
    assert (found.named, found.of, found.is_refused) == (5, 5, True)


def test_a_difference_seen_once_does_not_outweigh_what_is_seen_often() -> None:
    """An act of P0 that P1's consent did not reach puts the later ones out of step."""
    more = [("P0", 15 + day, "replied", "P1") for day in (1, 2, 3)]
    got = [("P1", 5 + day, "received", "P0") for day in (1, 2, 3)]
    odd = [("P0", 90, "replied", "P1"), ("P1", 20, "received", "P0")]
    assert clocks.components(acts(*more, *got, *odd)) == [{"P0": 0, "P1": 10}]


def test_answering_oneself_and_acts_towards_others_date_nobody() -> None:
    file = acts(("P0", 1, "replied", "P0"), ("P0", 2, "replied", None), ("P1", 2, "received", None))
    assert clocks.components(file) == []
    assert clocks.attack(file, ENROLLED).named == 0


def test_a_file_without_the_other_person_has_no_clock() -> None:
    for file in (
        periods({"participant": "P0", "period": 1}),
        Outgoing("acts", acts(*MET).frame.drop("counterpart"), FROZEN),
    ):
        found = clocks.attack(file, ENROLLED)
        assert (found.named, found.of, found.is_refused) == (0, 0, False)
        assert found.note == "no clock in it"


def test_a_file_without_reactions_is_read_too() -> None:
    file = Outgoing("acts", acts(*MET).frame.drop("reaction"), FROZEN)
    assert len(clocks.components(file)) == 2


def test_whoever_was_erased_since_is_not_scored() -> None:
    assert clocks.attack(acts(*MET), {"P0": FIRST}).named == 0
    assert clocks.attack(acts(*MET), {}).named == 0


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_with_any_first_days_a_chain_of_acts_dates_all(starts: list[int]) -> None:
    rows = []
    for giver, (one, other) in enumerate(pairwise(starts)):
        at = max(one, other) + giver
        rows.append((f"P{giver}", at - one, "reacted", f"P{giver + 1}"))
        rows.append((f"P{giver + 1}", at - other, "received", f"P{giver}"))
    (found,) = clocks.components(acts(*rows, reaction="hug"))
    assert found == {f"P{n}": start - starts[0] for n, start in enumerate(starts)}
