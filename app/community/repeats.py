"""Repeats: which quotes repeat a hidden text, and texts with those covered.

Case, accents, signs and what is emphasised make no difference; without spaces between words each
sign is a word. Nothing here needs a connection, so that it can be done beside the event loop.
"""

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.community import finding
from app.core.scripts import WIDE

Words = tuple[str, ...]

#: So many words in a row are no accident, or so many signs where no spaces part words; a shorter
#: quote must be whole.
RUN: Final = 5
WIDE_RUN: Final = 12
COVER: Final = (
    "<blockquote>\n<p><em>A moderator has hidden what is quoted here, for now.</em></p>\n"
    "</blockquote>"
)
#: Letters of texts whose quotes are kept at once: each may take some hundred bytes.
PORTION: Final = 200_000

#: What may hold someone else's words: a quote, which may say which way it runs
#: (`<blockquote dir="rtl">`), and a block of code, where people paste.
_OPENS: Final = ("<blockquote", "<pre")
_CLOSES: Final = ("</blockquote>", "</pre>")
_BLOCKS: Final = re.compile("(</?(?:blockquote|pre)\\b[^>]*>)")
_INLINE: Final = re.compile(r"</?(?:a|b|code|del|em|i|mark|s|strong)\b[^>]*>")
_TAG: Final = re.compile("<[^>]*>")
#: Signs that hide a word from a search for it, put inside.
_INSIDE: Final = re.compile(r"(?<=\w)[*_~`]+(?=\w)|[*_~`]{2,}")
_SIGN: Final = re.compile(f"[{WIDE}]")


def has_quote(body_html: str) -> bool:
    """Whether anything is quoted at all."""
    return any(opening in body_html for opening in _OPENS)


def covered(texts: Sequence[str], hidden: Iterable[str]) -> list[str | None]:
    """Each text with its quotes of hidden texts covered; None for one that holds none."""
    kept = set(hidden)
    return [shown for some in _portions(texts) for shown in _covered(some, kept)]


def _covered(texts: Sequence[str], hidden: Iterable[str]) -> Iterator[str | None]:
    quotes: set[str] = set()

    def note(quote: str) -> bool:
        quotes.add(quote)
        return False

    for one in texts:
        _without(one, note)
    repeated = repeating(quotes, hidden)
    for one in texts:
        shown = _without(one, repeated.__contains__)
        yield None if shown == one else shown


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    size = 0
    for one in texts:
        if portion and size + len(one) > PORTION:
            yield portion
            portion, size = [], 0
        portion.append(one)
        size += len(one)
    if portion:
        yield portion


@dataclass(slots=True)
class _Block:
    tag: str = ""
    shown: str = ""
    #: What stands in it, without what stands in quotes within it.
    own: str = ""


def _without(body_html: str, is_hidden: Callable[[str], bool]) -> str:
    """The text with those quotes covered of which `is_hidden` says so."""
    stack = [_Block()]
    for piece in _BLOCKS.split(body_html):
        if piece.startswith(_OPENS):
            stack.append(_Block(piece))
        elif piece in _CLOSES and len(stack) > 1:
            block = stack.pop()
            is_covered = is_hidden(block.own)
            stack[-1].shown += COVER if is_covered else f"{block.tag}{block.shown}{piece}"
        else:
            stack[-1].shown += piece
            stack[-1].own += f" {piece}"
    return stack[0].shown


def repeating(quotes: Iterable[str], hidden: Iterable[str]) -> set[str]:
    """Those of the quotes that repeat a hidden text: a run of its words, or the whole of a shorter
    one. Hidden texts can be a hundred long ones, so they pass by once, one at a time, and nothing
    is kept of them but the runs that a quote has too."""
    asked = {quote: _asked(quote) for quote in quotes}
    wanted: dict[int, set[Words]] = defaultdict(set)
    for words, run in asked.values():
        wanted[run].update(_runs(words, run))
    found: dict[int, set[Words]] = defaultdict(set)
    short: dict[int, set[Words]] = defaultdict(set)
    for one in hidden:
        said = finding.words_in(_said(one))
        for run, theirs in wanted.items():
            found[run] |= theirs.intersection(_runs(said, run))
        if 0 < len(said) < WIDE_RUN:
            short[len(said)].add(said)
    return {
        quote
        for quote, (words, run) in asked.items()
        if not found[run].isdisjoint(_runs(words, run))
        or any(
            length < run and not whole.isdisjoint(_runs(words, length))
            for length, whole in short.items()
        )
    }


def _asked(quote_html: str) -> tuple[Words, int]:
    """The words of a quote, and how many in a row it must share."""
    said = _said(quote_html)
    words = finding.words_in(said)
    is_of_signs = 2 * len(_SIGN.findall(said)) > len(words)
    return words, min(WIDE_RUN if is_of_signs else RUN, len(words))


def _runs(words: Words, run: int) -> Iterator[Words]:
    """All runs of this length; of none there are none."""
    return zip(*(words[at:] for at in range(run)), strict=False)


def _said(body_html: str) -> str:
    return _INSIDE.sub("", plain(body_html))


def plain(body_html: str) -> str:
    """What a rendered text says, without its tags; those inside of words leave no space."""
    return html.unescape(_TAG.sub(" ", _INLINE.sub("", body_html)))
