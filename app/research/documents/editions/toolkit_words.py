"""The fixed words of the toolkit: `words/toolkit.toml`, and the pages to print of
`words/templates.toml`."""

from functools import cache
from typing import Annotated

from pydantic import Field

from app.research.documents.editions import fixed_words
from app.research.documents.editions.fixed_words import FixedWords


class Value(FixedWords):
    """One of the six values."""

    score: str
    title: str
    means: str
    ask: list[str]
    try_: Annotated[str, Field(alias="try")]


class SixValuesWords(FixedWords):
    """All six, and what stands around them."""

    intro: str
    how_asked: str
    in_all: str
    our_answer: str
    each: list[Value]


class GroupDecision(FixedWords):
    """One of the decisions a group takes. Of each choice: what it is, what speaks for it, and what
    to look out for."""

    title: str
    about: str
    choices: list[tuple[str, str, str]]
    ask: list[str]


class DecisionWords(FixedWords):
    """All of them."""

    intro: str
    made: str
    for_it: str
    look_out: str
    by_kind: str
    each: list[GroupDecision]


class NeedWords(FixedWords):
    """What the figures say that people met, or missed."""

    intro: str
    least: str
    most: str
    nothing: str
    alike: str
    answered: str
    not_answered: str
    waited: str
    advice: str
    advice_intro: str


class Harm(FixedWords):
    """One way in which support can hurt, by the name of its question."""

    kind: str
    title: str
    feels: str
    before: str
    then: str
    after: str


class HarmWords(FixedWords):
    """All of them."""

    intro: str
    ever: str
    ever_end: str
    of_kind: str
    not_told: str
    before: str
    then: str
    after: str
    our_plan: str
    each: list[Harm]


class SourceWords(FixedWords):
    """Where facts come from."""

    lines: str


class ToolkitWords(FixedWords):
    """All of them."""

    start: str
    reading_figures: str
    no_answers: str
    values: SixValuesWords
    decisions: DecisionWords
    needs: NeedWords
    harms: HarmWords
    sources: SourceWords


class Piece(FixedWords):
    """A piece of a page to print; one kind of it each."""

    #: Markdown.
    text: str = ""
    #: Lines to write on, and what they are for.
    lines: int = 0
    label: str = ""
    #: A table with empty cells.
    head: tuple[str, ...] = ()
    rows: int = 0
    #: Where to get help.
    help_lines: bool = False
    #: The statements of the six values, to be marked.
    values: bool = False


class PrintedPage(FixedWords):
    """A page to print."""

    title: str
    #: What it is for.
    use: str
    pieces: list[Piece]


class PrintedWords(FixedWords):
    """All pages to print."""

    intro: str
    pages: list[PrintedPage]


@cache
def words() -> ToolkitWords:
    """Read once."""
    return fixed_words.read("toolkit", ToolkitWords)


@cache
def printed() -> PrintedWords:
    """Read once."""
    return fixed_words.read("templates", PrintedWords)
