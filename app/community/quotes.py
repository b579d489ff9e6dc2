"""Quotes: where a reply repeats what a moderator has hidden, everyone sees the quote covered.

Only the quote is covered, never the words of whoever quotes; it is uncovered when the post is
restored. A quote is a block of its own (`> …`, or one of code) that has a run of words in common
with the hidden text, as it is or as it was before an edit (`repeats`). Looked for in the thread of
what was hidden.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import finding, repeats, statements
from app.community.events import PostCovered
from app.community.words import EDITS_MOST
from app.core import costly, db, events

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
      AND (p.covered_html IS NOT NULL OR p.body_html ~ '<(blockquote|pre)')
    ORDER BY p.id
"""

_SHOWN = """
    SELECT note_about, body_source, covered_html FROM community.posts
    WHERE id = %s AND withdrawn_at IS NULL
"""
_COVER = "UPDATE community.posts SET covered_html = %s WHERE id = %s"


def words_of(body_html: str) -> list[str]:
    """The words of a rendered text as they are written; search makes its own of them."""
    return repeats.plain(body_html).split()


async def covered_in(session: AsyncSession, thread_id: UUID, body_html: str) -> str | None:
    """A text as it is shown in this thread, if it quotes what is hidden there."""
    if not repeats.has_quote(body_html):
        return None
    hidden = await _hidden(session, thread_id)
    (shown,) = await costly.beside(
        partial(repeats.covered, [body_html], hidden), [body_html, *hidden]
    )
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
    shown = await costly.beside(partial(repeats.covered, texts, hidden), [*texts, *hidden])
    for row, fresh in zip(rows, shown, strict=True):
        if fresh == row["covered_html"]:
            continue
        await cover(session, row["id"], fresh)
        event = PostCovered(post_id=row["id"], thread_id=thread_id, author_id=row["author_id"])
        await events.record(session, event, topics=event.topics)


async def _hidden(session: AsyncSession, thread_id: UUID) -> list[str]:
    rows: Iterable[DictRow] = await _rows(session, _HIDDEN, thread_id)
    return [row["body_html"] for row in rows]


async def _rows(session: AsyncSession, statement: Any, thread_id: UUID) -> list[DictRow]:
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, {"thread_id": thread_id})
        return await cursor.fetchall()
