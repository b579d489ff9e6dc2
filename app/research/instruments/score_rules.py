"""What must hold of the scores of an instrument: over items that are there, within what they can
give, with bands that leave no gap."""

from collections.abc import Iterator
from typing import Final

from app.research.instruments.line_index import Path
from app.research.instruments.rules import Fault
from app.research.instruments.structure import (
    Instrument,
    ItemKind,
    Method,
    MissingRule,
    Score,
)

_TAKES: Final = {
    Method.SUM: ItemKind.SINGLE,
    Method.ITEM: ItemKind.SINGLE,
    Method.COUNT: ItemKind.SEVERAL,
    Method.COST: ItemKind.NUMBER,
}


def faults(instrument: Instrument) -> Iterator[Fault]:
    """The first fault of each score, in the order of the file."""
    for index, score in enumerate(instrument.scores):
        path: Path = ("scores", index)
        parts = (
            _conversion(instrument, index, path)
            if score.method is Method.CONVERT
            else _items(instrument, score, path),
            _missing(score, path),
            _bands(score, path),
        )
        for part in parts:
            if (fault := next(part, None)) is not None:
                yield fault
                break


def _items(instrument: Instrument, score: Score, path: Path) -> Iterator[Fault]:
    there = {one.name: one for one in instrument.items}
    for key, names in (("items", score.items), ("reversed", score.reversed_items)):
        for name in names:
            if name not in there:
                yield Fault(
                    (*path, key),
                    f"“{score.name}” is made of “{name}”, and there is no such item. Check how it "
                    "is written, or add the item.",
                )
    takes = _TAKES[score.method]
    if wrong := [name for name in score.items if there[name].kind is not takes]:
        yield Fault(
            (*path, "items"),
            f"A score by “{score.method}” takes items of kind “{takes}”, and “{wrong[0]}” is a "
            f"{there[wrong[0]].kind}. Change the method or the item.",
        )
    takes_one = score.method in (Method.ITEM, Method.COUNT)
    if not score.items or (takes_one and len(score.items) > 1):
        number = "one item" if takes_one else "at least one item"
        yield Fault((*path, "items"), f"A score by “{score.method}” is made of {number}.")
    if len(set(score.items)) < len(score.items):
        yield Fault((*path, "items"), f"“{score.name}” counts an item twice. Name each once.")
    if outside := [name for name in score.reversed_items if name not in score.items]:
        yield Fault(
            (*path, "reversed"), f"“{outside[0]}” is reversed and not summed. Add it to the items."
        )
    yield from _range(instrument, score, path)


def _range(instrument: Instrument, score: Score, path: Path) -> Iterator[Fault]:
    if score.method is Method.COST:
        if score.range is not None:
            yield Fault((*path, "range"), "What a cost can be depends on prices: take this away.")
        return
    spans = [instrument.span(instrument.item(name)) for name in score.items]
    possible = (sum(low for low, _ in spans), sum(high for _, high in spans))
    if score.method is Method.COUNT:
        item = instrument.item(score.items[0])
        possible = (0, len(instrument.codes(item)) - len(item.alone))
    if score.range != possible:
        yield Fault(
            (*path, "range"),
            f"The items of “{score.name}” give {possible[0]} to {possible[1]}. Say so as its "
            "range, or check the items.",
        )


def _conversion(instrument: Instrument, index: int, path: Path) -> Iterator[Fault]:
    score = instrument.scores[index]
    source = {one.name: one for one in instrument.scores[:index]}.get(score.of or "")
    if source is None or source.range is None:
        yield Fault(
            (*path, "of"),
            f"“{score.name}” converts “{score.of}”, and no score before it has this name and a "
            "range.",
        )
        return
    if source.missing.rule is not MissingRule.ALL:
        yield Fault(
            (*path, "of"),
            f"“{source.name}” may fill in missing answers, and its table knows whole sums only.",
        )
    low, high = source.range
    expected = list(range(int(low), int(high) + 1))
    given = [raw for raw, _ in score.table]
    if given != expected:
        wrong = next(
            (raw for raw in expected if raw not in given), "a value twice, or out of order"
        )
        yield Fault(
            (*path, "table"),
            f"The table of “{score.name}” must give each value from {low:g} to {high:g} once; it "
            f"lacks {wrong}.",
        )
        return
    if score.range != (score.table[0][1], score.table[-1][1]):
        yield Fault((*path, "range"), "The range is the first and the last value of the table.")


def _missing(score: Score, path: Path) -> Iterator[Fault]:
    rule, at_most = score.missing.rule, score.missing.at_most
    if rule is MissingRule.ALL and at_most:
        yield Fault((*path, "missing"), "Where every answer is needed, none may be missing.")
    if rule is MissingRule.PRORATA:
        if score.method is not Method.SUM:
            yield Fault((*path, "missing"), "Only a sum can be filled in pro rata.")
        if not 1 <= at_most < len(score.items):
            yield Fault(
                (*path, "missing"),
                f"Say how many of the {len(score.items)} answers may be missing (at_most).",
            )


def _bands(score: Score, path: Path) -> Iterator[Fault]:
    if not score.bands:
        return
    starts = [band.start for band in score.bands]
    if score.range is None or starts[0] != score.range[0]:
        yield Fault((*path, "bands"), "The first band begins where the range does.")
    elif starts != sorted(set(starts)) or starts[-1] > score.range[1]:
        yield Fault((*path, "bands"), "Bands stand in rising order, within the range.")
