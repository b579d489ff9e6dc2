"""What holds of every score of every instrument, whatever was answered."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.research import scoring
from app.research.instruments import catalogue, unit_costs
from app.research.instruments.structure import Instrument, Item, ItemKind, Method
from app.research.scoring import Answer

INSTRUMENTS = catalogue.shipped().newest()
PRICES = unit_costs.read(2024)


def _answer(instrument: Instrument, item: Item) -> st.SearchStrategy[Answer]:
    codes = instrument.codes(item)
    match item.kind:
        case ItemKind.SINGLE:
            given: st.SearchStrategy[Any] = st.sampled_from(codes)
        case ItemKind.SEVERAL:
            together = [code for code in codes if code not in item.alone]
            given = st.sets(st.sampled_from(together), min_size=1)
            if item.alone:
                given |= st.sampled_from([{code} for code in item.alone])
        case ItemKind.NUMBER:
            given = st.integers(0, item.most)
        case ItemKind.TEXT:
            given = st.text(min_size=1, max_size=5)
    return st.none() | given


@st.composite
def answered(draw: st.DrawFn) -> tuple[Instrument, dict[str, Answer]]:
    """An instrument and answers to it, some of them missing."""
    instrument = draw(st.sampled_from(INSTRUMENTS))
    return instrument, {item.name: draw(_answer(instrument, item)) for item in instrument.items}


def _scores(instrument: Instrument, answers: Mapping[str, Answer]) -> dict[str, scoring.Scored]:
    return scoring.score(instrument, answers, unit_costs=PRICES)


@given(answered())
def test_no_score_leaves_its_range(case: tuple[Instrument, dict[str, Answer]]) -> None:
    instrument, answers = case
    found = _scores(instrument, answers)
    assert set(found) == {one.name for one in instrument.scores}
    for one in instrument.scores:
        scored = found[one.name]
        assert 0 <= scored.answered <= scored.asked
        if scored.value is not None and one.range is not None:
            assert one.range[0] <= scored.value <= one.range[1]
            assert (scored.band is not None) == bool(one.bands)


@given(answered(), st.randoms())
def test_the_order_of_answers_does_not_matter(
    case: tuple[Instrument, dict[str, Answer]], chance: Any
) -> None:
    instrument, answers = case
    shuffled = list(answers.items())
    chance.shuffle(shuffled)
    assert _scores(instrument, dict(shuffled)) == _scores(instrument, answers)
    there = {name: answer for name, answer in shuffled if answer is not None}
    assert _scores(instrument, there) == _scores(instrument, answers)


@given(answered(), st.data())
def test_a_higher_answer_never_lowers_a_score(
    case: tuple[Instrument, dict[str, Answer]], data: st.DataObject
) -> None:
    """And where it is reversed never raises it. Items that decide what is shown stand apart."""
    instrument, answers = case
    deciding = {item.show_if.item for item in instrument.items if item.show_if}
    rising = [
        item
        for item in instrument.items
        if item.kind is ItemKind.SINGLE
        and item.name not in deciding
        and isinstance(answers[item.name], int)
        and answers[item.name] != max(instrument.codes(item))
    ]
    if not rising:
        return
    item = data.draw(st.sampled_from(rising))
    before = answers[item.name]
    assert isinstance(before, int)
    higher = data.draw(st.sampled_from([c for c in instrument.codes(item) if c > before]))
    lower, upper = _scores(instrument, answers), _scores(instrument, {**answers, item.name: higher})
    for one in instrument.scores:
        was, becomes = lower[one.name].value, upper[one.name].value
        assert (was is None) == (becomes is None)
        if was is not None and becomes is not None:
            assert becomes <= was if item.name in one.reversed_items else becomes >= was


@given(answered(), st.data())
def test_a_score_is_told_up_to_what_may_be_missing_and_no_further(
    case: tuple[Instrument, dict[str, Answer]], data: st.DataObject
) -> None:
    instrument, answers = case
    sums = [one for one in instrument.scores if one.method is Method.SUM]
    if not sums:
        return
    one = data.draw(st.sampled_from(sums))
    full: dict[str, Answer] = {
        name: answer if answer is not None else instrument.codes(instrument.item(name))[0]
        for name, answer in answers.items()
        if name in one.items
    }
    number = data.draw(st.integers(0, len(one.items)))
    missing = data.draw(st.permutations(one.items))[:number]
    kept = {name: None if name in missing else answer for name, answer in full.items()}
    value = _scores(instrument, kept)[one.name].value
    assert (value is not None) == (number <= one.missing.at_most)
