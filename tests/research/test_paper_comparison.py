"""Two readings of one paper, compared: properties that hold for any two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.questionnaires.entry_errors import UndecidedError
from app.research.questionnaires.paper_comparison import Reading, differences, plain, settled
from app.research.scoring import Answer

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 3))
ANSWERS: st.SearchStrategy[Answer] = st.one_of(
    st.none(),
    st.integers(0, 3),
    st.lists(st.integers(0, 3), max_size=4),
    st.text("ab ", max_size=4),
)
READINGS = st.builds(
    Reading, answered_on=DAYS, answers=st.dictionaries(st.sampled_from("pqrs"), ANSWERS)
)


@given(READINGS, READINGS)
def test_both_ways_round_the_same_items_differ(first: Reading, second: Reading) -> None:
    there = {(one.item, str(one.first), str(one.second)) for one in differences(first, second)}
    back = {(one.item, str(one.second), str(one.first)) for one in differences(second, first)}
    assert there == back


@given(READINGS)
def test_nothing_differs_from_itself(reading: Reading) -> None:
    assert differences(reading, reading) == []
    same = settled(reading, reading, answered_on=None, decided={})
    assert differences(reading, same) == []
    assert same.answered_on == reading.answered_on


@given(READINGS, READINGS, st.data())
def test_what_is_settled_is_what_both_read_or_what_was_decided(
    first: Reading, second: Reading, data: st.DataObject
) -> None:
    found = differences(first, second)
    decided = {one.item: data.draw(ANSWERS) for one in found}
    day = None if first.answered_on == second.answered_on else data.draw(DAYS)
    result = settled(first, second, answered_on=day, decided=decided)
    assert result.answered_on == (day or first.answered_on)
    for item in {*first.answers, *second.answers}:
        kept = result.answers.get(item)
        if item in decided:
            assert kept == plain(decided[item])
        else:
            assert kept == plain(first.answers.get(item)) == plain(second.answers.get(item))


@given(READINGS, READINGS, st.sampled_from("pqrs"))
def test_each_difference_is_decided_and_nothing_else(
    first: Reading, second: Reading, item: str
) -> None:
    found = {one.item: one.first for one in differences(first, second)}
    decided = {name: one for name, one in found.items() if name != item}
    if item not in found:
        decided[item] = 1
    day = None if first.answered_on == second.answered_on else first.answered_on
    with pytest.raises(UndecidedError):
        settled(first, second, answered_on=day, decided=decided)


def test_order_and_spaces_make_no_difference() -> None:
    one = Reading(date(2026, 1, 1), {"p": [2, 1], "q": " a  b ", "r": "", "s": []})
    other = Reading(date(2026, 1, 1), {"p": [1, 2], "q": "a b"})
    assert differences(one, other) == []
