"""My activity: what I wrote and what I reacted to, also what I took back since."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from collections import deque
from enum import StrEnum
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg.rows import TupleRow

from app.community import post_view
from app.community.post_view import COLUMNS, ID, JOINS, WIDTH
from app.community.queries import LIMIT, PAGE
from app.community.visibility import READER, VIEWER, ViewerStatement, sees
from app.core import db, pages
from app.identity.actors import Actor

#: The columns after those of the post: what it is, which reaction, when, and its place.
KIND, AT, PLACE = WIDTH, WIDTH + 2, WIDTH + 3


class Part(StrEnum):
    """A part of my activity."""

    POSTS = "posts"
    REPLIES = "replies"
    REACTIONS = "reactions"


# One's own posts are shown in whatever state: what was taken back or hidden is said so. As a range
# of pairs, and ordered by both: by id alone PostgreSQL would rather walk down everyone's posts.
def _written(kind: str, condition: str) -> str:
    return f"""SELECT {COLUMNS}, {kind}, NULL, p.created_at AS at, NULL::bigint
      FROM community.posts p {JOINS}
      WHERE (p.author_id, p.id) < ({READER}, %(before_id)s)
        AND (p.author_id, p.id) > ({READER}, '{pages.FIRST_ID}') AND {condition}
      ORDER BY p.author_id DESC, p.id DESC {LIMIT}"""


_REACTED = f"""SELECT {COLUMNS}, 'reaction', g.kind, g.created_at AS at, g.place
  FROM community.reactions g
  JOIN community.posts p ON p.id = g.post_id
  JOIN community.posts r ON r.id = p.thread_id {JOINS}
  WHERE g.member_id = {READER} AND g.place < %(before_place)s
    AND {sees("p", "r")}
  ORDER BY g.place DESC {LIMIT}"""

_KIND = "CASE WHEN p.parent_id IS NULL THEN 'post' ELSE 'reply' END"
_WORDED = {
    Part.POSTS: _written("'post'", "p.parent_id IS NULL"),
    Part.REPLIES: _written("'reply'", "p.parent_id IS NOT NULL"),
    Part.REACTIONS: _REACTED,
    None: f"({_written(_KIND, 'true')}) UNION ALL ({_REACTED})",
}
_STATEMENTS = {part: ViewerStatement(f"WITH {VIEWER} {worded}") for part, worded in _WORDED.items()}


async def list_(
    pool: db.Pool, actor: Actor, *, part: Part | None = None, cursor: str | None = None
) -> bytes:
    """A page of my activity, the newest first.

    What was written and what was reacted to are two lists, each in its own order. They are laid
    together by time, and a page ends at a place in each: no step of a clock loses anything.
    """
    newest = (pages.LAST_ID, pages.LARGEST)
    before_id, before_place = pages.decode(cursor, UUID, pages.number) or newest
    asked = post_view.parameters(actor, before_id=before_id, before_place=before_place)
    rows = await db.fetch_tuples(pool, _STATEMENTS[part].by(actor), asked)
    written = [row for row in rows if row[PLACE] is None]
    reacted = [row for row in rows if row[PLACE] is not None]
    written.sort(key=itemgetter(ID), reverse=True)
    reacted.sort(key=itemgetter(PLACE), reverse=True)
    page = _laid_together(written, reacted)
    for row in page:
        if row[PLACE] is None:
            before_id = row[ID]
        else:
            before_place = row[PLACE]
    next_cursor = pages.encode(before_id, before_place) if len(rows) > len(page) else None
    return post_view.as_bytes({"items": [_shape(row) for row in page], "next_cursor": next_cursor})


def _laid_together(written: list[TupleRow], reacted: list[TupleRow]) -> list[TupleRow]:
    """A page of both: always the later of the two that come next."""
    left = [deque(written), deque(reacted)]
    page: list[TupleRow] = []
    while len(page) < PAGE and any(left):
        page.append(max(filter(None, left), key=lambda one: one[0][AT]).popleft())
    return page


def _shape(row: TupleRow) -> dict[str, Any]:
    kind, reaction, at, _ = row[KIND:]
    return {"kind": kind, "reaction": reaction, "at": at, "post": post_view.fields(row)}
