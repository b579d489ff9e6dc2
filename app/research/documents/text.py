"""Researchers' text around the figures: Markdown with `[[measure.part]]`, into blocks. HTML is
shown as typed, addresses of other kinds too; a picture becomes a link to it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final, Protocol

from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Heading,
    Paragraph,
    Spans,
    TextSpan,
    words,
)

#: What stands between double brackets on one line is meant as a figure, also when misspelt.
_FIGURE: Final = re.compile(r"\[\[[ \t]*([^\[\]\n]{1,120}?)[ \t]*\]\]")
_NEAREST: Final = 3
#: Headings of a text stand below those of the edition.
_LEVEL: Final = 3
_DEEPEST: Final = 6


class ShowsFigures(Protocol):
    """Puts figures in by their names."""

    def inline(self, name: str) -> TextSpan:
        """The number, or in words why there is none."""
        ...

    def whole(self, name: str) -> tuple[Block, ...]:
        """The whole figure."""
        ...


def _figure(state: StateInline, silent: bool) -> bool:
    found = _FIGURE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("figure", "", 0).content = found[1]
    state.pos = found.end()
    return True


class _SectionMarkdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Only addresses that a reader can open become links."""
        return url.lower().startswith(("https://", "http://", "mailto:"))


def _parser() -> MarkdownIt:
    made = _SectionMarkdown("commonmark", {"html": False})
    # Character references would bring back what cleaning took out, such as "&#8238;".
    made.disable(["image", "html_block", "html_inline", "reference", "code", "hr", "entity"])
    made.inline.ruler.before("escape", "figure", _figure)
    return made


_PARSER: Final = _parser()


def names_in(markdown: str) -> list[str]:
    """The names of figures in a text, in their order, each once."""
    found = (
        child.content
        for token in _PARSER.parse(markdown)
        for child in token.children or ()
        if child.type == "figure"
    )
    return list(dict.fromkeys(found))


def unknown_names(markdown: str, known: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Names in a text that are no figure, each with those that look most like it."""
    names = list(known)
    return [
        (name, get_close_matches(name, names, n=_NEAREST, cutoff=0.5))
        for name in names_in(markdown)
        if name not in names
    ]


def word_count(markdown: str) -> int:
    """How many words a text has; a figure counts as one."""
    return len(_FIGURE.sub("x", markdown).split())


def blocks(markdown: str, shows: ShowsFigures, level: int = _LEVEL) -> tuple[Block, ...]:
    """The blocks of a text. Its headings begin at `level` and skip none, as PDF/UA asks."""
    return tuple(_Reading(shows, level).of(_PARSER.parse(markdown)))


class _Reading:
    def __init__(self, shows: ShowsFigures, level: int) -> None:
        self._shows = shows
        self._first = level
        self._last = level - 1

    def of(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """The blocks that these tokens, of one depth, say."""
        place = 0
        while place < len(tokens):
            end = _end(tokens, place)
            yield from self._block(tokens[place], tokens[place + 1 : end])
            place = end + 1

    def _block(self, token: Token, inside: Sequence[Token]) -> Iterator[Block]:
        if token.type == "paragraph_open":
            yield from self._paragraph(inside[0].children or [])
        elif token.type == "heading_open":
            yield self._heading(int(token.tag[1:]), inside[0].children or [])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            items = tuple(self._items(inside))
            yield Bullets(items, is_numbered=token.type == "ordered_list_open")
        elif token.type == "blockquote_open":
            yield Box("", tuple(self.of(inside)))
        else:  # A fence: its words as they stand.
            yield Paragraph(words(token.content.strip()))

    def _heading(self, hashes: int, children: Sequence[Token]) -> Heading:
        level = min(self._first + hashes - 1, self._last + 1, _DEEPEST)
        self._last = level
        return Heading(level, "".join(span.text for span in self._spans(children)))

    def _paragraph(self, children: Sequence[Token]) -> Iterator[Block]:
        """A figure alone on its line is the whole figure; the lines around it stay together."""
        together: list[Token] = []
        for line in _lines(children):
            if (name := _alone(line)) is not None:
                yield from self._together(together)
                together = []
                yield from self._shows.whole(name)
            else:
                together += [_SPACE, *line] if together else line
        yield from self._together(together)

    def _together(self, children: Sequence[Token]) -> Iterator[Block]:
        if children:
            yield Paragraph(self._spans(children))

    def _items(self, tokens: Sequence[Token]) -> Iterator[Spans]:
        """The items of a list; those of a list inside it follow, on the same level."""
        for token in tokens:
            if token.type == "inline":
                yield self._spans(token.children or [])

    def _spans(self, children: Sequence[Token]) -> Spans:
        found: list[TextSpan] = []
        marks: dict[str, Any] = {"strong": False, "em": False, "link": ""}
        for child in children:
            kind, _, way = child.type.rpartition("_")
            if kind in marks:
                opened: str | bool = str(child.attrGet("href")) if kind == "link" else True
                marks[kind] = opened if way == "open" else type(marks[kind])()
            elif child.type == "figure":
                found.append(self._shows.inline(child.content))
            else:
                said = " " if child.type in ("softbreak", "hardbreak") else child.content
                found.append(TextSpan(said, marks["strong"], marks["em"], marks["link"]))
        return tuple(span for span in found if span.text)


_SPACE: Final = Token("text", "", 0, content=" ")


def _lines(children: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of a paragraph by line."""
    line: list[Token] = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            yield line
            line = []
        else:
            line.append(child)
    yield line


def _alone(line: Sequence[Token]) -> str | None:
    """The figure that is all of a line, spaces and empty words apart."""
    said = [token for token in line if token.type != "text" or token.content.strip()]
    return said[0].content if [token.type for token in said] == ["figure"] else None


def _end(tokens: Sequence[Token], place: int) -> int:
    """Where the block ends that begins here."""
    depth = 0
    for number in range(place, len(tokens)):
        depth += tokens[number].nesting
        if depth == 0:
            return number
    return len(tokens)  # pragma: no cover - each opened token is closed
