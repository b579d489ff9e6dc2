"""My activity: what I wrote and what I reacted to, also what I took back since."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from enum import StrEnum
from operator import itemgetter
from typing import Any, Final

from psycopg.rows import TupleRow

from app.community import keys, shown
from app.community.queries import LIMIT, PAGE
from app.community.shown import COLUMNS, ID, JOINS, MAY_SEE, MAY_SEE_ROOT, READER, WIDTH
from app.core import db, pages
from app.identity.actors import Actor

#: The column after kind and reaction, which follow those of the post.
AT: Final = WIDTH + 2


class Part(StrEnum):
    """A part of my activity."""

    POSTS = "posts"
    REPLIES = "replies"
    REACTIONS = "reactions"


# One's own posts are shown in whatever state: what was taken back or hidden is said so.
def _written(kind: str, condition: str) -> str:
    return f"""SELECT {COLUMNS}, {kind}, NULL, p.created_at AS at
      FROM community.posts p {JOINS}
      WHERE p.author_id = {READER} AND {condition}
        AND (p.created_at, p.id) < (%(before_at)s, %(before_id)s)
      ORDER BY p.created_at DESC, p.id DESC {LIMIT}"""


_REACTED = f"""SELECT {COLUMNS}, 'reaction', g.kind, g.created_at AS at
  FROM community.reactions g
  JOIN community.posts p ON p.id = g.post_id
  JOIN community.posts r ON r.id = p.thread_id {JOINS}
  WHERE g.member_id = {READER} AND (g.created_at, g.post_id) < (%(before_at)s, %(before_id)s)
    AND {MAY_SEE} AND {MAY_SEE_ROOT}
  ORDER BY g.created_at DESC, g.post_id DESC {LIMIT}"""

_KIND = "CASE WHEN p.parent_id IS NULL THEN 'post' ELSE 'reply' END"
_STATEMENTS = {
    Part.POSTS: _written("'post'", "p.parent_id IS NULL"),
    Part.REPLIES: _written("'reply'", "p.parent_id IS NOT NULL"),
    Part.REACTIONS: _REACTED,
    None: f"({_written(_KIND, 'true')}) UNION ALL ({_REACTED})",
}


async def list_(
    pool: db.Pool, actor: Actor, *, part: Part | None = None, cursor: str | None = None
) -> bytes:
    """A page of my activity, the newest first."""
    before = keys.by_time(cursor)
    asked = shown.parameters(actor, before_at=before.at, before_id=before.id)
    rows = await db.fetch_tuples(pool, _STATEMENTS[part], asked)
    rows.sort(key=itemgetter(AT, ID), reverse=True)
    page = rows[:PAGE]
    items = [_shape(row) for row in page]
    next_cursor = None
    if len(rows) > PAGE:
        next_cursor = pages.encode(page[-1][AT].isoformat(), page[-1][ID])
    return shown.as_bytes({"items": items, "next_cursor": next_cursor})


def _shape(row: TupleRow) -> dict[str, Any]:
    kind, reaction, at = row[WIDTH:]
    return {"kind": kind, "reaction": reaction, "at": at, "post": shown.fields(row)}
