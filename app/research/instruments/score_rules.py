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
    """What is wrong with the scores, in the order of the file."""
    for index, score in enumerate(instrument.scores):
        path: Path = ("scores", index)
        made = (
            _conversion(instrument, index, path)
            if score.method is Method.CONVERT
            else _items(instrument, score, path) or _range(instrument, score, path)
        )
        fault = made or _missing(score, path) or _bands(score, path)
        if fault:
            yield fault


def _items(instrument: Instrument, score: Score, path: Path) -> Fault | None:
    there = {one.name: one for one in instrument.items}
    if unknown := [name for name in score.items if name not in there]:
        return Fault(
            (*path, "items"),
            f"“{score.name}” is made of “{unknown[0]}”, and there is no such item. Check how it is "
            "written, or add the item.",
        )
    takes = _TAKES[score.method]
    if wrong := [name for name in score.items if there[name].kind is not takes]:
        return Fault(
            (*path, "items"),
            f"A score by “{score.method}” takes items of kind “{takes}”, and “{wrong[0]}” is a "
            f"{there[wrong[0]].kind}. Change the method or the item.",
        )
    takes_one = score.method in (Method.ITEM, Method.COUNT)
    if not score.items or (takes_one and len(score.items) > 1):
        number = "one item" if takes_one else "at least one item"
        return Fault((*path, "items"), f"A score by “{score.method}” is made of {number}.")
    if len(set(score.items)) < len(score.items):
        return Fault((*path, "items"), f"“{score.name}” counts an item twice. Name each once.")
    if outside := [name for name in score.reversed_items if name not in score.items]:
        return Fault(
            (*path, "reversed"), f"“{outside[0]}” is reversed and not summed. Add it to the items."
        )
    return None


def _range(instrument: Instrument, score: Score, path: Path) -> Fault | None:
    if score.method is Method.COST:
        if score.range is None:
            return None
        return Fault((*path, "range"), "What a cost can be depends on prices: take this away.")
    spans = [instrument.span(instrument.item(name)) for name in score.items]
    possible = (sum(low for low, _ in spans), sum(high for _, high in spans))
    if score.method is Method.COUNT:
        item = instrument.item(score.items[0])
        possible = (0, len(instrument.codes(item)) - len(item.alone))
    if score.range == possible:
        return None
    return Fault(
        (*path, "range"),
        f"The items of “{score.name}” give {possible[0]} to {possible[1]}. Say so as its range, or "
        "check the items.",
    )


def _conversion(instrument: Instrument, index: int, path: Path) -> Fault | None:
    score = instrument.scores[index]
    source = {one.name: one for one in instrument.scores[:index]}.get(score.of or "")
    if source is None or source.range is None:
        return Fault(
            (*path, "of"),
            f"“{score.name}” converts “{score.of}”, and no score before it has this name and a "
            "range.",
        )
    if source.missing.rule is not MissingRule.ALL:
        return Fault(
            (*path, "of"),
            f"“{source.name}” may fill in missing answers, and its table knows whole sums only.",
        )
    low, high = source.range
    expected = list(range(int(low), int(high) + 1))
    given = [raw for raw, _ in score.table]
    if given != expected:
        lacks = [str(raw) for raw in expected if raw not in given]
        why = f"it lacks {lacks[0]}" if lacks else "one stands twice, or out of order"
        return Fault(
            (*path, "table"),
            f"The table of “{score.name}” must give each value from {low:g} to {high:g} once; "
            f"{why}.",
        )
    if score.range != (score.table[0][1], score.table[-1][1]):
        return Fault((*path, "range"), "The range is the first and the last value of the table.")
    return None


def _missing(score: Score, path: Path) -> Fault | None:
    rule, at_most = score.missing.rule, score.missing.at_most
    if rule is MissingRule.ALL:
        says = "Where every answer is needed, none may be missing." if at_most else None
    elif score.method is not Method.SUM:
        says = "Only a sum can be filled in pro rata."
    elif not 1 <= at_most < len(score.items):
        says = f"Say how many of the {len(score.items)} answers may be missing (at_most)."
    else:
        says = None
    return Fault((*path, "missing"), says) if says else None


def _bands(score: Score, path: Path) -> Fault | None:
    starts = [band.start for band in score.bands]
    if not starts:
        return None
    if score.range is None or starts[0] != score.range[0]:
        return Fault((*path, "bands"), "The first band begins where the range does.")
    if starts != sorted(set(starts)) or starts[-1] > score.range[1]:
        return Fault((*path, "bands"), "Bands stand in rising order, within the range.")
    return None
