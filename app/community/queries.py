"""The fast reads: a thread, one post. One statement each, by key, to bytes."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from collections.abc import Collection
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from psycopg.rows import TupleRow, tuple_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import post_view
from app.community.errors import PostNotFoundError
from app.community.post_view import (
    AUTHOR,
    COLUMNS,
    ID,
    JOINS,
    PARENT_ID,
    WIDTH,
    columns,
)
from app.community.publishing import Published
from app.community.visibility import READER, VIEWER, ViewerStatement, sees
from app.core import db, pages
from app.core.events import POSITION_SQL
from app.identity.actors import Actor

PAGE: Final = 20
#: One row more than a page tells whether another follows. Written into the statements: a limit
#: that comes as a parameter makes PostgreSQL plan each call anew, at three times its cost.
LIMIT: Final = f"LIMIT {PAGE + 1}"

# ── A thread, a post ─────────────────────────────────────────────────────────────────────────

# How far it was seen is the same for all of its rows, so it is looked up once.
_SEEN = """(SELECT t.seen_post_id FROM community.thread_seen t
    WHERE t.member_id = %(viewer)s AND t.thread_id = %(thread_id)s)"""
_THREAD = ViewerStatement(f"""
  WITH {VIEWER}
  (SELECT {columns(_SEEN)}, {POSITION_SQL}, {_SEEN}::text FROM community.posts p {AUTHOR}
    WHERE p.id = %(thread_id)s AND p.parent_id IS NULL AND {sees("p", "p")})
  UNION ALL
  (SELECT {columns(_SEEN)}, NULL, NULL FROM community.posts p {AUTHOR}
    JOIN community.posts r ON r.id = p.thread_id
    WHERE p.thread_id = %(thread_id)s AND p.parent_id IS NOT NULL AND p.id > %(after)s
      AND {sees("p", "r")}
    ORDER BY p.id {LIMIT})
""")
#: A reply of the viewer's own stands below the root.
_HAS_OWN = f"""EXISTS (
    SELECT FROM community.posts o WHERE o.thread_id = p.id AND o.parent_id IS NOT NULL
      AND o.author_id = {READER} AND o.withdrawn_at IS NULL)"""
# What one wrote oneself stays readable when the post that it answers is hidden or gone; of that
# post its place is shown, and nothing it said.
_OWN_IN_THREAD = ViewerStatement(f"""
  WITH {VIEWER}
  (SELECT {columns(_SEEN)}, {POSITION_SQL}, {_SEEN}::text FROM community.posts p {AUTHOR}
    WHERE p.id = %(thread_id)s AND p.parent_id IS NULL AND {_HAS_OWN})
  UNION ALL
  (SELECT {columns(_SEEN)}, NULL, NULL FROM community.posts p {AUTHOR}
    WHERE p.thread_id = %(thread_id)s AND p.parent_id IS NOT NULL AND p.id > %(after)s
      AND p.author_id = {READER} AND p.withdrawn_at IS NULL
    ORDER BY p.id {LIMIT})
""")
# One's own reply below what one does not see any more is still there to read and edit.
POST: Final = ViewerStatement(f"""
  WITH {VIEWER}
  SELECT {COLUMNS} FROM community.posts p {JOINS}
  JOIN community.posts r ON r.id = p.thread_id
  WHERE p.id = %(post_id)s
    AND ({sees("p", "r")} OR (p.author_id = {READER} AND {sees("p", "p")}))
""")


async def thread(
    pool: db.Pool, actor: Actor, thread_id: UUID, *, cursor: str | None = None
) -> bytes:
    """A post and a page of its replies, the oldest first; raises PostNotFoundError. Whoever
    answered what is hidden by now still finds their own replies."""
    (after,) = pages.decode(cursor, UUID) or (pages.FIRST_ID,)
    asked = post_view.parameters(actor, thread_id=thread_id, after=after)
    rows = await db.fetch_tuples(pool, _THREAD.by(actor), asked)
    root = next((row for row in rows if row[PARENT_ID] is None), None)
    is_gone = root is None
    if is_gone:
        rows = await db.fetch_tuples(pool, _OWN_IN_THREAD.by(actor), asked)
        root = next((row for row in rows if row[PARENT_ID] is None), None)
    if root is None:
        raise PostNotFoundError
    replies = sorted((row for row in rows if row is not root), key=itemgetter(ID))
    position, read_until = root[WIDTH:]
    items, last = cut(replies)
    return post_view.as_bytes(
        {
            "post": post_view.place(root) if is_gone else post_view.fields(root),
            "replies": {"items": items, "next_cursor": last and pages.encode(last[ID])},
            "position": position,
            "read_until": read_until,
        }
    )


# For sockets, which are open long after their sign-in was read.
_OPEN_THREADS = f"""
  WITH {VIEWER}
  SELECT p.id FROM community.posts p
  WHERE p.id = ANY (%(thread_ids)s) AND p.parent_id IS NULL AND (({sees("p", "p")}) OR {_HAS_OWN})
"""


async def open_threads(pool: db.Pool, actor: Actor, thread_ids: Collection[UUID]) -> set[UUID]:
    """Which of these can be read as threads by this person: what `thread` gives a page of."""
    asked = post_view.parameters(actor, thread_ids=list(thread_ids))
    return {row["id"] for row in await db.fetch(pool, _OPEN_THREADS, asked)}


async def post(pool: db.Pool, actor: Actor, post_id: UUID) -> bytes:
    """One post or reply; raises PostNotFoundError."""
    rows = await db.fetch_tuples(pool, POST.by(actor), post_view.parameters(actor, post_id=post_id))
    if not rows:
        raise PostNotFoundError
    return post_view.as_bytes(post_view.fields(rows[0]))


async def written(session: AsyncSession, actor: Actor, post_id: UUID) -> bytes:
    """The same inside the unit of work that wrote it."""
    asked = post_view.parameters(actor, post_id=post_id)
    cursor = await db.execute(await db.driver(session), POST.by(actor), asked, tuple_row)
    row = await cursor.fetchone()
    if row is None:
        raise PostNotFoundError
    return post_view.as_bytes(post_view.fields(row))


async def published(session: AsyncSession, actor: Actor, post: Published) -> bytes:
    """What was just published, without reading it back; a repeat is read as it stands now."""
    if post.row is None:
        return await written(session, actor, post.id)
    return post_view.as_bytes(post_view.fields(post.row))


def cut(rows: list[TupleRow]) -> tuple[list[dict[str, Any]], TupleRow | None]:
    """The page, and its last row when another page follows (one row more was asked for)."""
    page = rows[:PAGE]
    return [post_view.fields(row) for row in page], page[-1] if len(rows) > PAGE else None
