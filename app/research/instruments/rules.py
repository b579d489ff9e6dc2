"""What must hold between the parts of an instrument: names, options, branches. What is wrong is
said with its path in the file, so that the loader can name the line."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.research.instruments import reserved_names
from app.research.instruments.line_index import LineIndex, Path
from app.research.instruments.structure import Instrument, Item, ItemKind


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and what to do."""

    path: Path
    says: str


def faults(instrument: Instrument, lines: LineIndex) -> Iterator[Fault]:
    """What is wrong with names, items and branches; whoever reads stops at the first."""
    yield from _names(instrument, lines)
    numbered = tuple(enumerate(instrument.items))
    yield from filter(None, (_item(instrument, one, ("items", at)) for at, one in numbered))
    yield from filter(None, (_circle(instrument, lines),))
    yield from filter(None, (_branch(instrument, one, at, lines) for at, one in numbered))


def _names(instrument: Instrument, lines: LineIndex) -> Iterator[Fault]:
    if says := reserved_names.fault_of(instrument.name):
        yield Fault(("name",), says)
    known: dict[str, Path] = {}
    for path, name in columns(instrument):
        if name in known:
            first = lines.line((*known[name], "name"))
            yield Fault(
                (*path, "name"),
                f"“{name}” is the name of what stands at line {first} already. Each item and score "
                "needs a name of its own.",
            )
        elif says := reserved_names.fault_of(name):
            yield Fault((*path, "name"), says)
        elif not name.startswith(f"{instrument.name}_"):
            yield Fault(
                (*path, "name"),
                f"“{name}” must begin with “{instrument.name}_”, so that no two instruments of a "
                "wave give a column of one name.",
            )
        known.setdefault(name, path)


def columns(instrument: Instrument) -> Iterator[tuple[Path, str]]:
    """Every column that the instrument gives: an item that takes several gives one an option."""
    for index, item in enumerate(instrument.items):
        yield ("items", index), item.name
        if item.kind is ItemKind.SEVERAL:
            for code in instrument.options.get(item.options or "", ()):
                yield ("items", index), f"{item.name}_{code}"
    for index, score in enumerate(instrument.scores):
        yield ("scores", index), score.name


def _item(instrument: Instrument, item: Item, path: Path) -> Fault | None:
    chooses = item.kind in (ItemKind.SINGLE, ItemKind.SEVERAL)
    if chooses and item.options not in instrument.options:
        there = ", ".join(instrument.options) or "none"
        asked = f"“{item.options}”" if item.options else "no options"
        return Fault(
            (*path, "options"),
            f"“{item.name}” names {asked}, and there is no such set. Add it under [options] "
            f"(there: {there}).",
        )
    if not chooses and item.options:
        return Fault((*path, "options"), f"“{item.name}” is a {item.kind}: take its options away.")
    if item.kind is ItemKind.NUMBER and item.most is None:
        return Fault(path, f"“{item.name}” is a number: say the largest that can be given (most).")
    if item.kind is ItemKind.TEXT and item.limit is None:
        return Fault(path, f"“{item.name}” is a text: say how many characters it may have (limit).")
    if item.alone and item.kind is not ItemKind.SEVERAL:
        return Fault(
            (*path, "alone"), "Only an item of kind “several” has options that stand alone."
        )
    if item.hidden_counts is not None and item.show_if is None:
        return Fault((*path, "hidden_counts"), f"“{item.name}” is never hidden: take this away.")
    return _unknown_code(instrument, item, item.alone, (*path, "alone")) or _unknown_code(
        instrument, item, item.shows_help, (*path, "shows_help")
    )


def _unknown_code(
    instrument: Instrument, item: Item, codes: tuple[int, ...], path: Path
) -> Fault | None:
    there = instrument.codes(item)
    missing = [code for code in codes if code not in there]
    if not missing:
        return None
    return Fault(
        path,
        f"“{item.name}” has no option {missing[0]} (there: {', '.join(map(str, there))}). Add "
        "the option, or take the code away.",
    )


def _circle(instrument: Instrument, lines: LineIndex) -> Fault | None:
    waits_for = {one.name: one.show_if.item for one in instrument.items if one.show_if}
    places = {one.name: index for index, one in enumerate(instrument.items)}
    for index, item in enumerate(instrument.items):
        chain = [item.name]
        while (before := waits_for.get(chain[-1])) is not None and before not in chain:
            chain.append(before)
        if before == item.name:
            told = ", ".join(
                f"“{name}” (line {lines.line(('items', places[name], 'show_if'))})"
                for name in chain
            )
            return Fault(
                ("items", index, "show_if"),
                f"A branch goes in a circle: {told}. None of them would ever be shown. Let one be "
                "shown without a condition.",
            )
    return None


def _branch(instrument: Instrument, item: Item, index: int, lines: LineIndex) -> Fault | None:
    if item.show_if is None:
        return None
    path: Path = ("items", index, "show_if")
    places = {one.name: place for place, one in enumerate(instrument.items)}
    place = places.get(item.show_if.item)
    if place is None:
        return Fault(
            path,
            f"“{item.name}” is shown after “{item.show_if.item}”, and there is no such item. Check "
            "how it is written.",
        )
    if place >= index:
        return Fault(
            path,
            f"“{item.name}” is shown after “{item.show_if.item}”, which comes later, at line "
            f"{lines.line(('items', place, 'name'))}. Move one of them.",
        )
    return _unknown_code(instrument, instrument.items[place], item.show_if.codes, path)
