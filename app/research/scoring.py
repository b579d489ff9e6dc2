"""Scores of an instrument from the answers of one person at one wave. Pure: the same answers give
the same scores, and what is missing is dealt with as the instrument's file declares.

Answers are numbers of options, sets of them, numbers or texts; one that is missing is None or left
out. A score that can't be told is None, never a guess.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.research.instruments.structure import (
    Instrument,
    Item,
    ItemKind,
    Method,
    MissingRule,
    Score,
)
from app.research.instruments.unit_costs import UnitCosts

Answer = int | Collection[int] | str | None
Answers = Mapping[str, Answer]


class BadAnswerError(ValueError):
    """An answer that its item can't have."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with what it rests on."""

    name: str
    value: float | None
    band: str | None
    #: Of how many items, and how many of these were answered (or count as they were hidden).
    asked: int
    answered: int


def score(
    instrument: Instrument, answers: Answers, *, unit_costs: UnitCosts | None = None
) -> dict[str, Scored]:
    """Every score by its name; costs only with a table of prices. Raises BadAnswerError."""
    for name, answer in answers.items():
        check(instrument, name, answer)
    found: dict[str, Scored] = {}
    for one in instrument.scores:
        if one.method is Method.COST and unit_costs is None:
            continue
        found[one.name] = _scored(instrument, one, answers, found, unit_costs)
    return found


def check(instrument: Instrument, name: str, answer: Answer) -> None:
    """Refuse an answer that its item can't have; raises BadAnswerError."""
    try:
        item = instrument.item(name)
    except KeyError:
        raise BadAnswerError(f"{instrument.name} has no item {name}") from None
    if answer is not None and not _fits(instrument, item, answer):
        raise BadAnswerError(f"{name} can't be answered with {answer!r}")


def _fits(instrument: Instrument, item: Item, answer: Answer) -> bool:
    codes = instrument.codes(item)
    if item.kind is ItemKind.TEXT:
        return isinstance(answer, str) and 0 < len(answer) <= (item.limit or 0)
    if item.kind is ItemKind.SEVERAL:
        if not isinstance(answer, Collection) or isinstance(answer, str) or not answer:
            return False
        is_alone = not any(code in item.alone for code in answer) or len(answer) == 1
        return all(code in codes for code in answer) and is_alone
    if isinstance(answer, bool) or not isinstance(answer, int):
        return False
    return answer in codes if item.kind is ItemKind.SINGLE else 0 <= answer <= (item.most or 0)


def is_shown(instrument: Instrument, item: Item, answers: Answers) -> bool:
    """Whether an item is asked, after these answers."""
    return shown(instrument, item, answers) is True


def shown(instrument: Instrument, item: Item, answers: Answers) -> bool | None:
    """The same; None where an earlier answer that would decide it is missing."""
    if item.show_if is None:
        return True
    before = instrument.item(item.show_if.item)
    is_before_shown = shown(instrument, before, answers)
    if not is_before_shown:
        return is_before_shown
    answer = answers.get(before.name)
    if answer is None:
        return None
    given = {answer} if isinstance(answer, int) else set(answer)
    return not given.isdisjoint(item.show_if.codes)


def _counted(instrument: Instrument, item: Item, answers: Answers) -> int | None:
    """What an item gives to a score; None if it is missing."""
    is_item_shown = shown(instrument, item, answers)
    if is_item_shown is False:
        return item.hidden_counts
    answer = answers.get(item.name)
    if is_item_shown is None or answer is None or isinstance(answer, str):
        return None
    return answer if isinstance(answer, int) else sum(code not in item.alone for code in answer)


def _scored(
    instrument: Instrument,
    one: Score,
    answers: Answers,
    before: Mapping[str, Scored],
    unit_costs: UnitCosts | None,
) -> Scored:
    if one.method is Method.CONVERT:
        source = before[one.of or ""]
        value = None if source.value is None else dict(one.table)[int(source.value)]
        return Scored(one.name, value, band(one, value), source.asked, source.answered)
    given = {name: _counted(instrument, instrument.item(name), answers) for name in one.items}
    there = {name: value for name, value in given.items() if value is not None}
    total: Fraction | None = None
    if len(given) - len(there) <= one.missing.at_most:
        total = _total(instrument, one, there, unit_costs)
    value = None if total is None else float(total)
    return Scored(one.name, value, band(one, value), len(given), len(there))


def _total(
    instrument: Instrument, one: Score, there: Mapping[str, int], unit_costs: UnitCosts | None
) -> Fraction:
    if unit_costs is not None and one.method is Method.COST:
        return Fraction(sum(unit_costs.rows[name].pence * count for name, count in there.items()))
    total = 0
    for name, value in there.items():
        low, high = instrument.span(instrument.item(name))
        total += low + high - value if name in one.reversed_items else value
    if one.missing.rule is MissingRule.PRORATA:
        return Fraction(total * len(one.items), len(there))
    return Fraction(total)


def band(one: Score, value: float | None) -> str | None:
    """The name of the step that a value has reached: it ends where the next begins."""
    if value is None:
        return None
    reached = [step.name for step in one.bands if step.start <= value]
    return reached[-1] if reached else None
