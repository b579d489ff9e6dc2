"""The words of an instrument in one language, in a version of their own."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, StrictInt

from app.research.instruments.line_index import Path
from app.research.instruments.rules import Fault
from app.research.instruments.structure import Declared, Instrument, Text

#: A language as HTML names it.
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", max_length=6)]


class ItemWords(Declared):
    """What a participant reads of one item."""

    text: Text
    hint: Text | None = None


class Wording(Declared):
    """All that a participant reads. The order of the labels is the order on screen."""

    instrument: Text
    #: The version of the words themselves.
    version: Annotated[StrictInt, Field(ge=1)]
    #: The version of the instrument that they are the words of.
    structure: Annotated[StrictInt, Field(ge=1)]
    language: Language
    title: Text
    intro: Text | None = None
    #: Stands above each question, where the statement alone would not be one.
    stem: Text | None = None
    options: dict[str, dict[str, Text]] = Field(default={})
    items: dict[str, ItemWords]

    def in_version(self, version: int) -> Self:
        """The same words under another version."""
        return self.model_copy(update={"version": version})


def faults(wording: Wording, instrument: Instrument) -> Iterator[Fault]:
    """Words that are missing, and words of what is not there."""
    names = [one.name for one in instrument.items]
    yield from _both(("items",), "item", names, list(wording.items))
    yield from _both(
        ("options",), "set of options", list(instrument.options), list(wording.options)
    )
    for name, labels in wording.options.items():
        codes = [str(code) for code in instrument.options.get(name, ())]
        yield from _both(("options", name), f"option of “{name}”", codes, list(labels))


def _both(path: Path, what: str, expected: list[str], given: list[str]) -> Iterator[Fault]:
    for name in expected:
        if name not in given:
            yield Fault(path, f"The {what} “{name}” has no words. Write them here.")
    for name in given:
        if name not in expected:
            yield Fault(
                (*path, name), f"There is no {what} “{name}” in the instrument. Take it away."
            )
