"""Quotes: where a reply repeats what a moderator has hidden, everyone sees the quote covered.

Only the quote is covered, never the words of whoever quotes; it is uncovered when the post is
restored. A quote is a block of its own (`> …`) that has a run of words in common with the hidden
text, as it is or as it was before an edit. Looked for in the thread of what was hidden.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import finding, statements
from app.community.events import PostCovered
from app.community.words import EDITS_MOST
from app.core import costly, db, events
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

#: A quote may say which way it runs: `<blockquote dir="rtl">`.
_OPENS, _CLOSES = "<blockquote", "</blockquote>"
_BLOCKS: Final = re.compile(f"({_OPENS}[^>]*>|{_CLOSES})")
_INLINE: Final = re.compile(r"</?(?:a|b|code|del|em|i|mark|s|strong)\b[^>]*>")
_TAG: Final = re.compile("<[^>]*>")
#: Signs that hide a word from a search for it, put inside.
_INSIDE: Final = re.compile(r"(?<=\w)[*_~`]+(?=\w)|[*_~`]{2,}")
_SIGN: Final = re.compile(f"[{WIDE}]")


def has(body_html: str) -> bool:
    """Whether anything is quoted at all."""
    return _OPENS in body_html


def words_of(body_html: str) -> tuple[str, ...]:
    """The words of a rendered text as search has them."""
    return finding.words_in(_plain(body_html))


def _plain(body_html: str) -> str:
    return html.unescape(_TAG.sub(" ", _INLINE.sub("", body_html)))


def _said(body_html: str) -> str:
    return _INSIDE.sub("", _plain(body_html))


class Hidden:
    """Rendered texts that are hidden, by the runs of words in them. Case, accents, signs and what
    is emphasised make no difference; without spaces between words each sign is one."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = [words for one in texts if (words := finding.words_in(_said(one)))]
        self._runs: dict[int, set[Words]] = {}
        self._whole: dict[int, set[Words]] = {}
        for one in self._words:
            if len(one) < WIDE_RUN:
                self._whole.setdefault(len(one), set()).add(one)

    def is_in(self, quote_html: str) -> bool:
        """Whether a quote repeats one of them: a run of words, or the whole of a shorter text."""
        said = _said(quote_html)
        quote = finding.words_in(said)
        is_of_signs = 2 * len(_SIGN.findall(said)) > len(quote)
        run = min(WIDE_RUN if is_of_signs else RUN, len(quote))
        if run == 0:
            return False
        if not self._of(run).isdisjoint(_runs(quote, run)):
            return True
        return any(
            not whole.isdisjoint(_runs(quote, length))
            for length, whole in self._whole.items()
            if length < run
        )

    def _of(self, run: int) -> set[Words]:
        """All runs of this length, looked for once: many quotes ask for them."""
        if run not in self._runs:
            self._runs[run] = set().union(*(_runs(one, run) for one in self._words))
        return self._runs[run]


@dataclass(slots=True)
class _Block:
    tag: str = ""
    shown: str = ""
    #: What stands in it, without what stands in quotes within it.
    own: str = ""


def covered(body_html: str, hidden: Hidden) -> str | None:
    """The text with its quotes of hidden words covered; None when it holds none."""
    stack = [_Block()]
    for piece in _BLOCKS.split(body_html):
        if piece.startswith(_OPENS):
            stack.append(_Block(piece))
        elif piece == _CLOSES and len(stack) > 1:
            block = stack.pop()
            stack[-1].shown += (
                COVER if hidden.is_in(block.own) else f"{block.tag}{block.shown}{_CLOSES}"
            )
        else:
            stack[-1].shown += piece
            stack[-1].own += f" {piece}"
    shown = stack[0].shown
    return None if shown == body_html else shown


def _runs(words: Words, run: int) -> set[Words]:
    return {words[at : at + run] for at in range(len(words) - run + 1)}


_HIDDEN = f"""
    SELECT p.body_html FROM community.posts p
    WHERE p.thread_id = %(thread_id)s AND p.visibility = 'hidden' AND p.erased_at IS NULL
    UNION ALL
    SELECT v.body_html FROM community.posts p
    JOIN community.post_revisions v ON v.post_id = p.id
    WHERE p.thread_id = %(thread_id)s AND p.visibility = 'hidden'
      AND v.revision >= p.revision - {EDITS_MOST}
"""  # noqa: S608 - put together from constants

_QUOTING = """
    SELECT p.id, p.author_id, p.body_html, p.covered_html FROM community.posts p
    WHERE p.thread_id = %(thread_id)s AND p.withdrawn_at IS NULL
      AND (p.covered_html IS NOT NULL OR strpos(p.body_html, '<blockquote') > 0)
    ORDER BY p.id
"""

_SHOWN = """
    SELECT note_about, body_source, covered_html FROM community.posts
    WHERE id = %s AND withdrawn_at IS NULL
"""
_COVER = "UPDATE community.posts SET covered_html = %s WHERE id = %s"


async def covered_in(session: AsyncSession, thread_id: UUID, body_html: str) -> str | None:
    """A text as it is shown in this thread, if it quotes what is hidden there."""
    if not has(body_html):
        return None
    hidden = await _hidden(session, thread_id)
    (shown,) = await costly.beside(partial(_all_covered, [body_html], hidden), [body_html, *hidden])
    return shown


async def cover(session: AsyncSession, post_id: UUID, covered_html: str | None) -> None:
    """Show a post so, and let search find what is shown alone."""
    connection = await db.driver(session)
    await connection.execute(_COVER, (covered_html, post_id))
    await index(session, post_id)


async def index(session: AsyncSession, post_id: UUID) -> None:
    """Let search find a post by what is shown of it: its note, and its text but for covered
    quotes. What was taken back is found by nothing."""
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SHOWN, (post_id,))
        post = await cursor.fetchone()
    if post is None:
        return
    covered_html = post["covered_html"]
    shown = post["body_source"] if covered_html is None else " ".join(words_of(covered_html))
    words = await costly.beside(partial(finding.words, shown, post["note_about"]), [shown])
    await statements.index_words(session, post_id, words)


async def cover_thread(session: AsyncSession, thread_id: UUID) -> None:
    """After something there was hidden or restored: cover what quotes it, or uncover it."""
    hidden = await _hidden(session, thread_id)
    rows = await _rows(session, _QUOTING, thread_id)
    texts = [row["body_html"] for row in rows]
    shown = await costly.beside(partial(_all_covered, texts, hidden), [*texts, *hidden])
    for row, fresh in zip(rows, shown, strict=True):
        if fresh == row["covered_html"]:
            continue
        await cover(session, row["id"], fresh)
        event = PostCovered(post_id=row["id"], thread_id=thread_id, author_id=row["author_id"])
        await events.record(session, event, topics=event.topics)


def _all_covered(texts: Sequence[str], hidden: Sequence[str]) -> list[str | None]:
    known = Hidden(hidden)
    return [covered(one, known) for one in texts]


async def _hidden(session: AsyncSession, thread_id: UUID) -> list[str]:
    rows: Iterable[DictRow] = await _rows(session, _HIDDEN, thread_id)
    return [row["body_html"] for row in rows]


async def _rows(session: AsyncSession, statement: Any, thread_id: UUID) -> list[DictRow]:
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, {"thread_id": thread_id})
        return await cursor.fetchall()
