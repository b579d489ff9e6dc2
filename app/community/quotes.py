"""Quotes: where a reply repeats what a moderator has hidden, everyone sees the quote covered.

Only the quote is covered, never the words of whoever quotes; it is uncovered when the post is
restored. A quote is a block of its own (`> …`, or one of code), what stands in quotation marks or
inline code, or its author's content note, with a run of words in common with the hidden text, as it
is or as it was before an edit (`repeated_quotes`). Looked for in the thread of what was hidden.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import repeated_quotes, search_words, statements
from app.community.choices import COVERED_NOTE, EDITS_MOST
from app.community.events import PostCovered
from app.core import db, events, thread_offload

_HIDDEN = f"""
    SELECT p.body_html FROM community.posts p
    WHERE p.thread_id = %(thread_id)s AND p.visibility = 'hidden' AND p.erased_at IS NULL
    UNION ALL
    SELECT v.body_html FROM community.posts p
    JOIN community.post_revisions v ON v.post_id = p.id
    WHERE p.thread_id = %(thread_id)s AND p.visibility = 'hidden'
      AND v.revision >= p.revision - {EDITS_MOST}
"""  # noqa: S608 - put together from constants

# What a moderator noted is no quote. Nearly every text has an apostrophe, so all are looked at; but
# not what is hidden itself, which would be covered by its own words.
_QUOTING = """
    SELECT p.id, p.author_id, p.space_id, r.author_id AS thread_author_id, p.body_html,
      CASE WHEN p.note_by = 'author' THEN p.note_about END AS note_about,
      p.covered_html, p.is_note_covered
    FROM community.posts p JOIN community.posts r ON r.id = p.thread_id
    WHERE p.thread_id = %(thread_id)s AND p.withdrawn_at IS NULL AND p.visibility = 'visible'
    ORDER BY p.id
"""

_SHOWN = """
    SELECT note_about, is_note_covered AND note_by = 'author' AS is_note_covered, body_source,
      covered_html FROM community.posts
    WHERE id = %s AND withdrawn_at IS NULL
"""
_COVER = "UPDATE community.posts SET covered_html = %s, is_note_covered = %s WHERE id = %s"


class Cover(NamedTuple):
    """How a post is shown in place of what it quotes: its text, when it holds a quote of what is
    hidden, and whether its note is one."""

    html: str | None = None
    is_note_covered: bool = False

    @property
    def hides_nothing(self) -> bool:
        return self.html is None and not self.is_note_covered


def words_of(body_html: str) -> list[str]:
    """The words of a rendered text as they are written; search makes its own of them."""
    return repeated_quotes.plain(body_html).split()


async def cover_in(
    session: AsyncSession, thread_id: UUID, body_html: str, note_about: str | None
) -> Cover:
    """How a text and its author's note are shown in this thread."""
    if not repeated_quotes.has_quote(body_html, note_about):
        return Cover()
    hidden = await _hidden(session, thread_id)
    (shown,) = await _covers([(body_html, note_about)], hidden)
    return shown


async def _covers(texts: Sequence[tuple[str, str | None]], hidden: Sequence[str]) -> list[Cover]:
    if not hidden:
        return [Cover()] * len(texts)
    bodies, notes = [body for body, _ in texts], [note for _, note in texts]
    return await thread_offload.beside(
        partial(_all_covers, bodies, notes, hidden), [*bodies, *hidden]
    )


def _all_covers(
    bodies: Sequence[str], notes: Sequence[str | None], hidden: Sequence[str]
) -> list[Cover]:
    shown, repeating = (
        repeated_quotes.covered(bodies, hidden),
        repeated_quotes.notes_repeating(notes, hidden),
    )
    return [Cover(*both) for both in zip(shown, repeating, strict=True)]


async def cover(session: AsyncSession, post_id: UUID, shown: Cover) -> None:
    """Show a post so, and let search find what is shown alone."""
    connection = await db.driver(session)
    await connection.execute(_COVER, (*shown, post_id))
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
    note = COVERED_NOTE if post["is_note_covered"] else post["note_about"]
    words = await thread_offload.beside(partial(search_words.words, shown, note), [shown])
    await statements.index_words(session, post_id, words)


async def cover_thread(session: AsyncSession, thread_id: UUID) -> None:
    """After something there was hidden or restored: cover what quotes it, or uncover it."""
    hidden = await _hidden(session, thread_id)
    rows = await _rows(session, _QUOTING, thread_id)
    shown = await _covers([(row["body_html"], row["note_about"]) for row in rows], hidden)
    for row, fresh in zip(rows, shown, strict=True):
        if fresh == (row["covered_html"], row["is_note_covered"]):
            continue
        await cover(session, row["id"], fresh)
        event = PostCovered(
            post_id=row["id"],
            thread_id=thread_id,
            author_id=row["author_id"],
            space_id=row["space_id"],
            thread_author_id=row["thread_author_id"],
        )
        await events.record(session, event, topics=event.topics)


async def _hidden(session: AsyncSession, thread_id: UUID) -> list[str]:
    rows: Iterable[DictRow] = await _rows(session, _HIDDEN, thread_id)
    return [row["body_html"] for row in rows]


async def _rows(session: AsyncSession, statement: Any, thread_id: UUID) -> list[DictRow]:
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, {"thread_id": thread_id})
        return await cursor.fetchall()
