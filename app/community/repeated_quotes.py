"""Repeats: which quotes repeat a hidden text, and texts with those covered.

A quote is a block of its own, or a passage in quotation marks or code (`passages`), or a content
note. Case, accents, signs and what is emphasised make no difference; without spaces between words
each sign is a word. Nothing here needs a connection, so that it can be done beside the event loop.
"""

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.community import passages, search_words
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


class Quote(NamedTuple):
    """What may be someone else's words, as HTML."""

    html: str
    #: Within what someone says themselves, as a passage or a note. It must share a whole run: a
    #: short phrase is nobody's.
    is_passage: bool = False


def has_quote(body_html: str, note_about: str | None = None) -> bool:
    """Whether anything may be quoted at all."""
    if any(opening in body_html for opening in _OPENS) or passages.has_any(body_html):
        return True
    return note_about is not None and _may_repeat(note_about)


def notes_repeating(notes: Sequence[str | None], hidden: Iterable[str]) -> list[bool]:
    """For each content note whether it repeats a hidden text."""
    asked = {note: Quote(html.escape(note), True) for note in notes if note and _may_repeat(note)}
    repeated = repeating(asked.values(), hidden) if asked else set()
    return [note in asked and asked[note] in repeated for note in notes]


def _may_repeat(note: str) -> bool:
    return len(note.split()) >= RUN or len(_SIGN.findall(note)) >= WIDE_RUN // 2


def covered(texts: Sequence[str], hidden: Iterable[str]) -> list[str | None]:
    """Each text with its quotes of hidden texts covered; None for one that holds none."""
    kept = set(hidden)
    return [shown for some in _portions(texts) for shown in _covered(some, kept)]


def _covered(texts: Sequence[str], hidden: Iterable[str]) -> Iterator[str | None]:
    quotes: set[Quote] = set()

    def note(quote: Quote) -> bool:
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


def _without(body_html: str, is_hidden: Callable[[Quote], bool]) -> str:
    """The text with those quotes covered of which `is_hidden` says so."""

    def is_passage_hidden(passage: str) -> bool:
        return is_hidden(Quote(passage, is_passage=True))

    stack = [_Block()]
    for piece in _BLOCKS.split(body_html):
        if piece.startswith(_OPENS):
            stack.append(_Block(piece))
        elif piece in _CLOSES and len(stack) > 1:
            block = stack.pop()
            is_covered = is_hidden(Quote(block.own))
            stack[-1].shown += COVER if is_covered else f"{block.tag}{block.shown}{piece}"
        elif len(stack) == 1:
            stack[0].shown += passages.without(piece, is_passage_hidden)
        else:
            stack[-1].shown += piece
            stack[-1].own += f" {piece}"
    return stack[0].shown


def repeating(quotes: Iterable[Quote], hidden: Iterable[str]) -> set[Quote]:
    """Those of the quotes that repeat a hidden text: a run of its words, or in a block the whole of
    a shorter one. Hidden texts can be a hundred long ones, so they pass by once, one at a time, and
    nothing is kept of them but the runs that a quote has too."""
    asked = {quote: _asked(quote) for quote in quotes}
    wanted: dict[int, set[Words]] = defaultdict(set)
    for words, run in asked.values():
        wanted[run].update(_runs(words, run))
    found: dict[int, set[Words]] = defaultdict(set)
    short: dict[int, set[Words]] = defaultdict(set)
    for one in hidden:
        said = search_words.words_in(_said(one))
        for run, theirs in wanted.items():
            found[run] |= theirs.intersection(_runs(said, run))
        if 0 < len(said) < WIDE_RUN:
            short[len(said)].add(said)
    return {
        quote
        for quote, (words, run) in asked.items()
        if not found[run].isdisjoint(_runs(words, run))
        or (not quote.is_passage and _holds_one_whole(words, run, short))
    }


def _holds_one_whole(words: Words, run: int, short: dict[int, set[Words]]) -> bool:
    return any(
        length < run and not whole.isdisjoint(_runs(words, length))
        for length, whole in short.items()
    )


def _asked(quote: Quote) -> tuple[Words, int]:
    """The words of a quote, and how many in a row it must share."""
    said = _said(quote.html)
    words = search_words.words_in(said)
    is_of_signs = 2 * len(_SIGN.findall(said)) > len(words)
    run = WIDE_RUN if is_of_signs else RUN
    return words, run if quote.is_passage else min(run, len(words))


def _runs(words: Words, run: int) -> Iterator[Words]:
    """All runs of this length; of none there are none."""
    return zip(*(words[at:] for at in range(run)), strict=False)


def _said(body_html: str) -> str:
    return _INSIDE.sub("", plain(body_html))


def plain(body_html: str) -> str:
    """What a rendered text says, without its tags; those inside of words leave no space."""
    return html.unescape(_TAG.sub(" ", _INLINE.sub("", body_html)))
