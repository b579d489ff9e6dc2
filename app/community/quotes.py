"""Quotes: where a reply repeats what a moderator has hidden, everyone sees the quote covered.

Only the quote is covered, never the words of whoever quotes; it is uncovered when the post is
restored. A quote is a block of its own (`> …`) that has a run of words in common with the hidden
text, as it is or as it was before an edit. Looked for in the thread of what was hidden.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import finding, statements
from app.community.events import PostCovered
from app.community.words import EDITS_MOST
from app.core import db, events

#: So many words in a row are no accident; a shorter quote must be whole.
RUN: Final = 5
COVER: Final = (
    "<blockquote>\n<p><em>A moderator has hidden what is quoted here, for now.</em></p>\n"
    "</blockquote>"
)

#: A quote may say which way it runs: `<blockquote dir="rtl">`.
_OPENS, _CLOSES = "<blockquote", "</blockquote>"
_BLOCKS: Final = re.compile(f"({_OPENS}[^>]*>|{_CLOSES})")
_TAG: Final = re.compile("<[^>]*>")
_WORD: Final = re.compile(r"[^\W_]+")


def has(body_html: str) -> bool:
    """Whether anything is quoted at all."""
    return _OPENS in body_html


def words_of(body_html: str) -> list[str]:
    """The words of a rendered text, without regard to case and signs."""
    return _WORD.findall(html.unescape(_TAG.sub(" ", body_html)).casefold())


@dataclass(slots=True)
class _Block:
    tag: str = ""
    shown: str = ""
    #: What stands in it, without what stands in quotes within it.
    own: str = ""


def covered(body_html: str, hidden: Sequence[Sequence[str]]) -> str | None:
    """The text with its quotes of hidden words covered; None when it holds none."""
    stack = [_Block()]
    for piece in _BLOCKS.split(body_html):
        if piece.startswith(_OPENS):
            stack.append(_Block(piece))
        elif piece == _CLOSES and len(stack) > 1:
            block = stack.pop()
            is_hidden = any(_repeats(words_of(block.own), one) for one in hidden)
            stack[-1].shown += COVER if is_hidden else f"{block.tag}{block.shown}{_CLOSES}"
        else:
            stack[-1].shown += piece
            stack[-1].own += f" {piece}"
    shown = stack[0].shown
    return None if shown == body_html else shown


def _repeats(quote: Sequence[str], hidden: Sequence[str]) -> bool:
    run = min(RUN, len(quote), len(hidden))
    return run > 0 and not _runs(quote, run).isdisjoint(_runs(hidden, run))


def _runs(words: Sequence[str], run: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + run]) for at in range(len(words) - run + 1)}


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
    return covered(body_html, await _hidden(session, thread_id)) if has(body_html) else None


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
    await statements.index_words(session, post_id, finding.words(shown, post["note_about"]))


async def cover_thread(session: AsyncSession, thread_id: UUID) -> None:
    """After something there was hidden or restored: cover what quotes it, or uncover it."""
    hidden = await _hidden(session, thread_id)
    for row in await _rows(session, _QUOTING, thread_id):
        fresh = covered(row["body_html"], hidden)
        if fresh == row["covered_html"]:
            continue
        await cover(session, row["id"], fresh)
        event = PostCovered(post_id=row["id"], thread_id=thread_id, author_id=row["author_id"])
        await events.record(session, event, topics=event.topics)


async def _hidden(session: AsyncSession, thread_id: UUID) -> list[list[str]]:
    rows: Iterable[DictRow] = await _rows(session, _HIDDEN, thread_id)
    return [words_of(row["body_html"]) for row in rows]


async def _rows(session: AsyncSession, statement: Any, thread_id: UUID) -> list[DictRow]:
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, {"thread_id": thread_id})
        return await cursor.fetchall()
