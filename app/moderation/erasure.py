"""Erasing what was taken back: its text and its former texts go for good after a stated time.

What stands in an open case waits until that is decided, an appeal included. Decisions and the
log stay as they are: they hold no text of the post.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db

BATCH: Final = 500

# The post locked: a case can't open about it (it was taken back), so none begins meanwhile.
_DUE = f"""
    SELECT p.id FROM community.posts p
    WHERE p.withdrawn_at <= %(before)s AND p.withdrawn_at IS NOT NULL AND p.erased_at IS NULL
      AND NOT EXISTS (SELECT FROM moderation.cases c
        WHERE c.post_id = p.id AND c.decision_id IS NULL)
    ORDER BY p.withdrawn_at LIMIT {BATCH}
    FOR NO KEY UPDATE OF p SKIP LOCKED
"""  # noqa: S608 - a constant of ours

_ERASE = """
    UPDATE community.posts SET body_source = '', body_html = '', covered_html = NULL,
      note_about = NULL, note_by = NULL, is_note_covered = false, erased_at = %(now)s
    WHERE id = ANY (%(ids)s)
"""

_FORGET = "DELETE FROM community.post_revisions WHERE post_id = ANY (%(ids)s)"


async def erase(session: AsyncSession, *, after_days: int) -> int:
    """A batch of texts whose time is over; returns how many there were. May run twice."""
    connection = await db.driver(session)
    before = clock.now() - timedelta(days=after_days)
    cursor = await connection.execute(_DUE, {"before": before})
    ids = [post_id for (post_id,) in await cursor.fetchall()]
    if ids:
        await connection.execute(_FORGET, {"ids": ids})
        await connection.execute(_ERASE, {"ids": ids, "now": clock.now()})
    return len(ids)
