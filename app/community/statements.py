"""Statements that write posts, worded by hand: publishing is one of them, its event included."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from collections.abc import Collection
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community.post_view import AUTHOR, WRITTEN_COLUMNS, PostRow, new_since
from app.community.search_words import CONFIGURATION
from app.community.spaces import WALL
from app.community.visibility import VIEWER, parameters_of, sees, sees_as, spaces_of
from app.core import db
from app.core.events import RECORD_SQL

_WORDS = f"""
      INSERT INTO community.post_words
      SELECT id, to_tsvector('{CONFIGURATION}', %(words)s) FROM made
"""
# The database may raise the id above those before it (migration `community_0004`), so what is told
# and answered is the id that stands.
_INSERT_ROOT = f"""
    WITH made AS (
      INSERT INTO community.posts (id, space_id, thread_id, author_id, intent, note_about,
        note_by, body_source, body_html, revision, created_at, visibility, client_key)
      VALUES (%(id)s, {WALL}, %(id)s, %(author_id)s, %(intent)s, %(note_about)s,
        %(note_by)s, %(body_source)s, %(body_html)s, 1, %(created_at)s, 'visible',
        %(client_key)s)
      ON CONFLICT (author_id, client_key) WHERE client_key IS NOT NULL DO NOTHING
      RETURNING *
    ), words AS ({_WORDS}), event AS (
      {RECORD_SQL}
      SELECT %(event_type)s, %(created_at)s,
        ARRAY['space:' || made.space_id, 'thread:' || made.id],
        %(event)s::jsonb || jsonb_build_object('post_id', made.id, 'thread_id', made.id,
          'space_id', made.space_id)
      FROM made
    )
    SELECT {WRITTEN_COLUMNS} FROM made p {AUTHOR}
"""

# Locks come in statements of their own, before the one that writes (`locked`): the root first, then
# the post. A statement that locks a row and then changes it comes back to the version that its
# snapshot shows. Had it waited, that is an old one, and while a foreign key's lock is on it (of a
# flag, a reaction) it would queue there again, behind someone who waits for it: a ring.
_LOCK_ROOT = """
    SELECT FROM community.posts
    WHERE id = (SELECT thread_id FROM community.posts WHERE id = %s) FOR NO KEY UPDATE
"""
# Reactions do not wait for each other at the root. The root itself is locked once, for whoever
# shares a lock can't rise above it in peace.
_SHARE_ROOT = """
    SELECT FROM community.posts
    WHERE id = (SELECT thread_id FROM community.posts WHERE id = %s) AND id <> %s FOR SHARE
"""
_LOCK_POST = "SELECT FROM community.posts WHERE id = %s FOR NO KEY UPDATE"

# Root and parent are locked and read as they are then: what was taken back or hidden while this
# waited is not answered.
# `made` is empty when the parent can't be answered, or the key has been used. The event comes as
# its class writes it, but for what only the root knows. An answer that was taken back or hidden
# was the first all the same.
# The rule is asked whole, whatever the sign-in said: a block that came since is seen.
_INSERT_REPLY = f"""
    WITH {VIEWER}, parent AS (
      SELECT p.id, p.author_id AS parent_author_id, r.id AS thread_id, r.space_id,
        r.author_id AS thread_author_id,
        CASE WHEN r.is_answered OR r.author_id = %(author_id)s THEN false ELSE NOT EXISTS (
          SELECT FROM community.posts c WHERE c.thread_id = r.id AND c.author_id <> r.author_id
        ) END AS is_first_answer,
        greatest(0, floor(extract(epoch FROM %(created_at)s - r.created_at)))::integer
          AS root_age_seconds,
        {sees("p", "r")} AS is_seen,
        p.withdrawn_at IS NOT NULL AS is_withdrawn,
        'hidden' IN (r.visibility, p.visibility) AS is_hidden
      FROM community.posts p JOIN community.posts r ON r.id = p.thread_id
      WHERE p.id = %(parent_id)s
    ), made AS (
      INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, note_about,
        note_by, body_source, body_html, revision, created_at, visibility, client_key)
      SELECT %(id)s, space_id, thread_id, id, %(author_id)s, %(note_about)s, %(note_by)s,
        %(body_source)s, %(body_html)s, 1, %(created_at)s, 'visible', %(client_key)s
      FROM parent WHERE is_seen AND NOT is_withdrawn AND NOT is_hidden
      ON CONFLICT (author_id, client_key) WHERE client_key IS NOT NULL DO NOTHING
      RETURNING *
    ), words AS ({_WORDS}), counted AS (
      UPDATE community.posts t SET
        reply_count = t.reply_count + 1,
        is_answered = t.is_answered OR (t.parent_id IS NULL AND t.author_id <> made.author_id),
        last_reply_id = CASE WHEN t.parent_id IS NULL THEN made.id END,
        last_reply_author_id = CASE WHEN t.parent_id IS NULL THEN made.author_id END
      FROM made WHERE t.id IN (made.thread_id, made.parent_id)
    ), event AS (
      {RECORD_SQL}
      SELECT %(event_type)s, %(created_at)s,
        ARRAY['space:' || made.space_id, 'thread:' || made.thread_id],
        %(event)s::jsonb || jsonb_build_object('post_id', made.id, 'thread_id', made.thread_id,
          'space_id', made.space_id,
          'parent_author_id', parent_author_id, 'thread_author_id', thread_author_id,
          'is_first_answer', is_first_answer, 'root_age_seconds', root_age_seconds)
      FROM made, parent
    )
    SELECT {WRITTEN_COLUMNS}, parent.is_seen, parent.is_withdrawn
    FROM parent LEFT JOIN (made p {AUTHOR}) ON true
"""

_MAY_SEE = f"""
    WITH {VIEWER}
    SELECT true FROM community.posts p JOIN community.posts r ON r.id = p.thread_id
    WHERE p.id = %(post_id)s AND {sees("p", "r")}
"""

_AS_MEMBERS = sees_as(
    "p", "r", reader="m.id", spaces="theirs.spaces", unseen="theirs.unseen", sees_hidden="false"
)
# Asked after every reply. OFFSET 0: what each member sees and doesn't is looked up once.
_AUDIENCE = f"""
    SELECT m.id, coalesce(a.staff_family IS DISTINCT FROM 'research' AND {_AS_MEMBERS}, false)
    FROM unnest(%(members)s::uuid[]) AS m (id)
    JOIN identity.accounts a ON a.member_id = m.id
    CROSS JOIN LATERAL (
      SELECT {spaces_of("m.id")} AS spaces,
        ARRAY(SELECT u.id FROM community.unseen_by(m.id, false) u) AS unseen OFFSET 0
    ) theirs
    JOIN community.posts p ON p.id = %(post_id)s AND p.withdrawn_at IS NULL
    JOIN community.posts r ON r.id = p.thread_id
    WHERE NOT theirs.unseen && %(authors)s::uuid[]
"""

# Of a root all replies that can be read, of a reply the direct ones.
_RECOUNT = """
    UPDATE community.posts t SET
      reply_count = found.replies,
      is_answered = t.parent_id IS NULL AND found.is_answered,
      last_reply_id = CASE WHEN t.parent_id IS NULL THEN found.last_id END,
      last_reply_author_id = CASE WHEN t.parent_id IS NULL THEN found.last_author_id END
    FROM community.posts o CROSS JOIN LATERAL (
      SELECT count(*) AS replies, coalesce(bool_or(c.author_id <> o.author_id), false)
          AS is_answered,
        (array_agg(c.id ORDER BY c.id DESC))[1] AS last_id,
        (array_agg(c.author_id ORDER BY c.id DESC))[1] AS last_author_id
      FROM community.posts c
      WHERE c.thread_id = o.thread_id AND c.id <> c.thread_id
        AND (o.parent_id IS NULL OR c.parent_id = o.id)
        AND c.withdrawn_at IS NULL AND c.visibility = 'visible'
    ) found
    WHERE o.id = t.id AND t.id IN (%(thread_id)s, %(parent_id)s)
"""

_STANDS = """
    SELECT id FROM community.posts WHERE id = %(post_id)s AND withdrawn_at IS NULL
"""
_INDEX_WORDS = f"""
    UPDATE community.post_words SET words = to_tsvector('{CONFIGURATION}', %s) WHERE post_id = %s
"""


async def insert_root(session: AsyncSession, columns: dict[str, Any]) -> PostRow | None:
    """The post as its author reads it, or None when its key has been used."""
    row = await _one(session, _INSERT_ROOT, _by_author(columns))
    return None if row is None else PostRow(**row)


class Parent(NamedTuple):
    """What a reply answers, as it was then."""

    is_seen: bool
    is_withdrawn: bool


async def insert_reply(
    session: AsyncSession, columns: dict[str, Any]
) -> tuple[PostRow | None, Parent | None]:
    """The reply as its author reads it, if it was made, and its parent, if there is one."""
    row = await locked(session, columns["parent_id"], _INSERT_REPLY, _by_author(columns))
    if row is None:
        return None, None
    parent = Parent(*map(row.pop, Parent._fields))
    return None if row["id"] is None else PostRow(**row), parent


def _by_author(columns: dict[str, Any]) -> dict[str, Any]:
    return {**parameters_of(columns["author_id"]), **columns, "new_since": new_since()}


async def may_see(session: AsyncSession, post_id: UUID, viewer: UUID, *, sees_hidden: bool) -> bool:
    """The rule of the database, asked for one post."""
    asked = {"post_id": post_id, **parameters_of(viewer, sees_hidden=sees_hidden)}
    return await _one(session, _MAY_SEE, asked) is not None


async def stands(session: AsyncSession, post_id: UUID) -> bool:
    """Whether it is there and its author has not taken it back; for those who hear of it late."""
    return await _one(session, _STANDS, {"post_id": post_id}) is not None


async def audience(
    session: AsyncSession, post_id: UUID, members: Collection[UUID], *, authors: Collection[UUID]
) -> dict[UUID, bool]:
    """Those of these members who see posts of all the authors, and whether they see this one as
    members do. Nobody, once it was taken back."""
    connection = await db.driver(session)
    asked = {"post_id": post_id, "members": list(members), "authors": list(authors)}
    cursor = await connection.execute(_AUDIENCE, asked)
    return dict(await cursor.fetchall())


async def recount(session: AsyncSession, *, thread_id: UUID, parent_id: UUID) -> None:
    """Count what can be read below a root and below the parent of what changed."""
    connection = await db.driver(session)
    await connection.execute(_RECOUNT, {"thread_id": thread_id, "parent_id": parent_id})


async def index_words(session: AsyncSession, post_id: UUID, words: str) -> None:
    """Let search find the new words, as `search_words.words` gives them."""
    connection = await db.driver(session)
    await connection.execute(_INDEX_WORDS, (words, post_id))


async def drop_words(session: AsyncSession, post_id: UUID) -> None:
    """Let search find it no more."""
    connection = await db.driver(session)
    await connection.execute("DELETE FROM community.post_words WHERE post_id = %s", (post_id,))


async def locked(
    session: AsyncSession,
    post_id: UUID,
    query: LiteralString,
    parameters: Any,
    *,
    shares_root: bool = False,
) -> DictRow | None:
    """Lock the root of a post, then the post, and write: three statements, sent in one go."""
    root = (_SHARE_ROOT, (post_id, post_id)) if shares_root else (_LOCK_ROOT, (post_id,))
    connection = await db.driver(session)
    async with connection.pipeline():
        await connection.execute(*root)
        await connection.execute(_LOCK_POST, (post_id,))
        writing = await db.execute(connection, query, parameters, dict_row)
    return await writing.fetchone()


async def _one(session: AsyncSession, query: LiteralString, parameters: Any) -> DictRow | None:
    cursor = await db.execute(await db.driver(session), query, parameters, dict_row)
    return await cursor.fetchone()
