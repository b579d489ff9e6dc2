"""Files of instruments and of their words, read and held to the rules. What is wrong is refused
with file, line and what to do."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from app.research.errors.instruments import BadInstrumentError
from app.research.instruments import rules, score_rules, wording
from app.research.instruments.line_index import LineIndex
from app.research.instruments.rules import Fault
from app.research.instruments.structure import Declared, Instrument, LicenceKind
from app.research.instruments.wording import Wording

Model = TypeVar("Model", bound=Declared)

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def read_instrument(path: Path) -> Instrument:
    """The instrument of a file; raises BadInstrumentError."""
    lines, instrument = _read(path, Instrument)
    expected = f"{instrument.name}-{instrument.version}.toml"
    misnamed = Fault(("name",), f"The file must be called {expected}, as its name and version say.")
    _refuse(
        path,
        lines,
        chain(
            [misnamed] if path.name != expected else [],
            rules.faults(instrument, lines),
            score_rules.faults(instrument),
            _licence(instrument),
        ),
    )
    return instrument


def read_wording(path: Path, instruments: dict[tuple[str, int], Instrument]) -> Wording:
    """The words of a file, which must be those of an instrument; raises BadInstrumentError."""
    lines, words = _read(path, Wording)
    _refuse(path, lines, _of_wording(path, words, instruments))
    return words


def _of_wording(
    path: Path, words: Wording, instruments: dict[tuple[str, int], Instrument]
) -> Iterator[Fault]:
    expected = f"{words.language}/{words.instrument}-{words.version}.toml"
    if path.parts[-2:] != tuple(expected.split("/")):
        yield Fault(("version",), f"The file must be {expected}, as its head says.")
    instrument = instruments.get((words.instrument, words.structure))
    if instrument is None:
        yield Fault(
            ("structure",),
            f"There is no {words.instrument} in version {words.structure}. Add its file first.",
        )
    elif not instrument.licence.ships_words:
        yield Fault(
            ("instrument",),
            f"The licence of {instrument.title} lets no words be shipped. Take this file away: an "
            "administrator enters them once a licence is recorded.",
        )
    else:
        yield from wording.faults(words, instrument)


def _licence(instrument: Instrument) -> Iterator[Fault]:
    is_restricted = instrument.licence.kind is LicenceKind.RESTRICTED
    if is_restricted == instrument.licence.ships_words:
        yield Fault(
            ("licence", "ships_words"),
            "A restricted instrument ships no words, and every other does. Change kind or "
            "ships_words.",
        )


def _read(path: Path, model: type[Model]) -> tuple[LineIndex, Model]:
    source = path.read_text("utf-8")
    lines = LineIndex(source)
    try:
        return lines, model.model_validate(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else len(source.splitlines())
        says = f"This is no TOML: {_AT_LINE.sub('', str(error)).strip()}. Check this line."
        raise BadInstrumentError(path, line, says) from error
    except ValidationError as error:
        first = error.errors()[0]
        says = _in_words(str(first["type"]), str(first["loc"][-1]), str(first["msg"]))
        raise BadInstrumentError(path, lines.line(first["loc"]), says) from error


def _in_words(kind: str, key: str, message: str) -> str:
    if kind == "missing":
        return f"“{key}” is missing. Add it."
    if kind == "extra_forbidden":
        return f"“{key}” is not known here. Check how it is written, or take it away."
    return f"“{key}” can't be used: {message}. Change it."


def _refuse(path: Path, lines: LineIndex, faults: Iterator[Fault]) -> None:
    for fault in faults:
        raise BadInstrumentError(path, lines.line(fault.path), fault.says)
