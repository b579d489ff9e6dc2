"""The fast reads: the wall, a thread, one post, search. One statement each, by key, to bytes."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from psycopg.rows import TupleRow, tuple_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import keys, shown
from app.community.errors import PostNotFoundError
from app.community.finding import CONFIGURATION, asked, post_at
from app.community.publishing import Published
from app.community.shown import (
    AUTHOR,
    COLUMNS,
    ID,
    IS_ANSWERED,
    JOINS,
    MAY_SEE,
    MAY_SEE_ROOT,
    PARENT_ID,
    READER,
    WIDTH,
    columns,
)
from app.community.words import Intent
from app.core import db, pages, text
from app.core.events import POSITION_SQL
from app.identity.actors import Actor

PAGE: Final = 20
QUERY_LIMIT: Final = 200
#: An address is pasted whole, however long it is.
ADDRESS_LIMIT: Final = 1000
SEARCH_WALK: Final = 800
SEARCH_DEPTH: Final = 500
#: One row more than a page tells whether another follows. Written into the statements: a limit
#: that comes as a parameter makes PostgreSQL plan each call anew, at three times its cost.
LIMIT: Final = f"LIMIT {PAGE + 1}"

_SEEN_UNTIL = """(SELECT s.seen_post_id FROM community.space_seen s
    WHERE s.member_id = %(viewer)s AND s.space_id = %(space_id)s)"""


# ── The wall ─────────────────────────────────────────────────────────────────────────────────


def _newest(condition: str, *, before: str = "before") -> str:
    return f"""SELECT {COLUMNS} FROM community.posts p {JOINS}
      WHERE p.space_id = %(space_id)s AND p.parent_id IS NULL AND {MAY_SEE} {condition}
        AND p.id < %({before})s
      ORDER BY p.id DESC {LIMIT}"""


def _wall(intent: str) -> str:
    return _paged(_newest(intent))


def _unanswered_first(intent: str) -> str:
    # Two walks down one index, the second begun only when the first did not fill the page.
    waiting = _newest(f"AND NOT p.is_answered {intent}", before="waiting_before")
    answered = _newest(f"AND p.is_answered {intent}")
    return _paged(f"({waiting}) UNION ALL ({answered}) {LIMIT}")


def _paged(page: str) -> str:
    # Always a row, so that an empty page too says where the live stream goes on.
    return f"""SELECT page.*, h.*
      FROM (SELECT {POSITION_SQL} AS position, {_SEEN_UNTIL}::text AS seen_until) h
      LEFT JOIN LATERAL ({page}) page ON true"""


_INTENT = "AND p.intent = %(intent)s"
_WALL = {
    (False, False): _wall(""),
    (False, True): _wall(_INTENT),
    (True, False): _unanswered_first(""),
    (True, True): _unanswered_first(_INTENT),
}


async def wall(
    pool: db.Pool,
    actor: Actor,
    *,
    cursor: str | None = None,
    intent: Intent | None = None,
    unanswered: bool = False,
) -> bytes:
    """A page of the wall, the newest first or what nobody has answered first."""
    order, before = keys.wall(cursor, unanswered=unanswered)
    is_waiting = order == "waiting"
    waiting_before = before if is_waiting else keys.FIRST
    before = keys.LAST if is_waiting else before
    rows = await db.fetch_tuples(
        pool,
        _WALL[unanswered, intent is not None],
        shown.parameters(actor, intent=intent, before=before, waiting_before=waiting_before),
    )
    position, seen_until = rows[0][WIDTH:]
    posts = [row for row in rows if row[ID] is not None]
    posts.sort(key=itemgetter(ID), reverse=True)
    if unanswered:
        posts.sort(key=itemgetter(IS_ANSWERED))
    items, last = _cut(posts)
    return shown.as_bytes(
        {
            "items": items,
            "next_cursor": last and keys.wall_cursor(last, unanswered=unanswered),
            "position": position,
            "seen_until": seen_until,
        }
    )


# ── A thread, a post ─────────────────────────────────────────────────────────────────────────

# How far it was seen is the same for all of its rows, so it is looked up once.
_SEEN = """(SELECT t.seen_post_id FROM community.thread_seen t
    WHERE t.member_id = %(viewer)s AND t.thread_id = %(thread_id)s)"""
_THREAD = f"""
  (SELECT {columns(_SEEN)}, {POSITION_SQL}, {_SEEN}::text FROM community.posts p {AUTHOR}
    WHERE p.id = %(thread_id)s AND p.parent_id IS NULL AND {MAY_SEE})
  UNION ALL
  (SELECT {columns(_SEEN)}, NULL, NULL FROM community.posts p {AUTHOR}
    WHERE p.thread_id = %(thread_id)s AND p.parent_id IS NOT NULL AND p.id > %(after)s
      AND {MAY_SEE}
    ORDER BY p.id {LIMIT})
"""
# What one wrote oneself stays readable when the post that it answers is hidden or gone; of that
# post its place is shown, and nothing it said.
_OWN_IN_THREAD = f"""
  (SELECT {columns(_SEEN)}, {POSITION_SQL}, {_SEEN}::text FROM community.posts p {AUTHOR}
    WHERE p.id = %(thread_id)s AND p.parent_id IS NULL AND EXISTS (
      SELECT FROM community.posts o WHERE o.thread_id = %(thread_id)s AND o.parent_id IS NOT NULL
        AND o.author_id = {READER} AND o.withdrawn_at IS NULL))
  UNION ALL
  (SELECT {columns(_SEEN)}, NULL, NULL FROM community.posts p {AUTHOR}
    WHERE p.thread_id = %(thread_id)s AND p.parent_id IS NOT NULL AND p.id > %(after)s
      AND p.author_id = {READER} AND p.withdrawn_at IS NULL
    ORDER BY p.id {LIMIT})
"""
_POST = f"""
  SELECT {COLUMNS} FROM community.posts p {JOINS}
  JOIN community.posts r ON r.id = p.thread_id
  WHERE p.id = %(post_id)s AND {MAY_SEE} AND ({MAY_SEE_ROOT} OR p.author_id = %(viewer)s)
"""


async def thread(
    pool: db.Pool, actor: Actor, thread_id: UUID, *, cursor: str | None = None
) -> bytes:
    """A post and a page of its replies, the oldest first; raises PostNotFoundError. Whoever
    answered what is hidden by now still finds their own replies."""
    after = keys.only_id(cursor) or keys.FIRST
    asked = shown.parameters(actor, thread_id=thread_id, after=after)
    rows = await db.fetch_tuples(pool, _THREAD, asked)
    root = next((row for row in rows if row[PARENT_ID] is None), None)
    is_gone = root is None
    if is_gone:
        rows = await db.fetch_tuples(pool, _OWN_IN_THREAD, asked)
        root = next((row for row in rows if row[PARENT_ID] is None), None)
    if root is None:
        raise PostNotFoundError
    replies = sorted((row for row in rows if row is not root), key=itemgetter(ID))
    position, seen_until = root[WIDTH:]
    items, last = _cut(replies)
    return shown.as_bytes(
        {
            "post": shown.place(root) if is_gone else shown.fields(root),
            "replies": {"items": items, "next_cursor": last and pages.encode(last[ID])},
            "position": position,
            "seen_until": seen_until,
        }
    )


async def post(pool: db.Pool, actor: Actor, post_id: UUID) -> bytes:
    """One post or reply; raises PostNotFoundError."""
    rows = await db.fetch_tuples(pool, _POST, shown.parameters(actor, post_id=post_id))
    if not rows:
        raise PostNotFoundError
    return shown.as_bytes(shown.fields(rows[0]))


async def written(session: AsyncSession, actor: Actor, post_id: UUID) -> bytes:
    """The same inside the unit of work that wrote it."""
    connection = await db.driver(session)
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_POST, shown.parameters(actor, post_id=post_id))
        row = await cursor.fetchone()
    if row is None:
        raise PostNotFoundError
    return shown.as_bytes(shown.fields(row))


async def published(session: AsyncSession, actor: Actor, post: Published) -> bytes:
    """What was just published, without reading it back; a repeat is read as it stands now."""
    if post.row is None:
        return await written(session, actor, post.id)
    return shown.as_bytes(shown.fields(post.row))


# ── Search ───────────────────────────────────────────────────────────────────────────────────

# A common word is found at once by walking the newest posts, a rare one by the index of words,
# and neither by the other's road. A page is looked for in the newest SEARCH_WALK first. The words
# are parsed once (not once a row), and IS TRUE keeps the plan from walking all ids for the bound.
_SEARCH = f"""
  WITH asked AS MATERIALIZED (
    SELECT websearch_to_tsquery('{CONFIGURATION}', %(words)s) AS words
  ), recent AS MATERIALIZED (
    SELECT f.post_id FROM (
      SELECT w.post_id, w.words FROM community.post_words w WHERE w.post_id < %(before)s
      ORDER BY w.post_id DESC LIMIT {SEARCH_WALK}) f
    JOIN community.posts p ON p.id = f.post_id
    JOIN community.posts r ON r.id = p.thread_id
    WHERE f.words @@ (SELECT words FROM asked) AND {MAY_SEE} AND {MAY_SEE_ROOT}
    ORDER BY f.post_id DESC {LIMIT}
  ), deep AS MATERIALIZED (
    SELECT w.post_id FROM community.post_words w
    WHERE (SELECT count(*) FROM recent) <= {PAGE} AND (w.post_id < %(before)s) IS TRUE
      AND w.words @@ (SELECT words FROM asked)
  ), found AS (
    SELECT post_id FROM recent WHERE (SELECT count(*) FROM recent) > {PAGE}
    UNION ALL
    (SELECT post_id FROM deep ORDER BY post_id DESC LIMIT {SEARCH_DEPTH})
  )
  SELECT {COLUMNS} FROM found f
  JOIN community.posts p ON p.id = f.post_id
  JOIN community.posts r ON r.id = p.thread_id {JOINS}
  WHERE {MAY_SEE} AND {MAY_SEE_ROOT}
  ORDER BY f.post_id DESC {LIMIT}
"""


async def search(pool: db.Pool, actor: Actor, words: str, *, cursor: str | None = None) -> bytes:
    """Posts and replies with these words, the newest first. Quotes and a minus work as usual.

    For an address of ours, the post it leads to comes before those that speak of it.
    """
    limit = ADDRESS_LIMIT if "://" in words else QUERY_LIMIT
    query = text.clean_line(words, limit=limit, pointer="/q")
    before = keys.only_id(cursor)
    rows = await db.fetch_tuples(
        pool,
        _SEARCH,
        shown.parameters(actor, words=asked(query), before=before or keys.LAST),
    )
    items, last = _cut(rows)
    post_id = post_at(query)
    if post_id is not None and before is None:
        there = await db.fetch_tuples(pool, _POST, shown.parameters(actor, post_id=post_id))
        others = [item for item in items if item["id"] != str(post_id)]
        items = [*map(shown.fields, there), *others]
    return shown.as_bytes({"items": items, "next_cursor": last and pages.encode(last[ID])})


def _cut(rows: list[TupleRow]) -> tuple[list[dict[str, Any]], TupleRow | None]:
    """The page, and its last row when another page follows (one row more was asked for)."""
    page = rows[:PAGE]
    return [shown.fields(row) for row in page], page[-1] if len(rows) > PAGE else None
