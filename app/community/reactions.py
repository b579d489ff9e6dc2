"""Reactions: given once a kind, taken back at will. The post keeps the counts."""

from typing import Any
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import statements, visibility
from app.community.choices import ReactionKind
from app.community.errors import (
    OwnPostError,
    PostHiddenError,
    PostNotFoundError,
    PostWithdrawnError,
)
from app.community.events import ReactionGiven, ReactionTakenBack
from app.community.visibility import VIEWER, sees
from app.core import db, events
from app.identity.actors import Actor

# Root and post are locked (`statements.locked`) and read as they are then: what was taken back or
# hidden while this waited gets none.
_GIVE = f"""
    WITH {VIEWER}, post AS (
      SELECT p.id, p.thread_id, p.space_id, p.author_id, r.author_id AS thread_author_id,
        p.withdrawn_at IS NOT NULL AS is_withdrawn,
        'hidden' IN (r.visibility, p.visibility) AS is_hidden, {sees("p", "r")} AS is_seen
      FROM community.posts p JOIN community.posts r ON r.id = p.thread_id
      WHERE p.id = %(post_id)s
    ), made AS (
      INSERT INTO community.reactions (post_id, member_id, kind, created_at)
      SELECT id, %(actor)s, %(kind)s, %(now)s FROM post
      WHERE is_seen AND NOT is_withdrawn AND NOT is_hidden AND author_id <> %(actor)s
      ON CONFLICT DO NOTHING
      RETURNING post_id
    ), counted AS (
      UPDATE community.posts t SET
        thinking_of_you_count = t.thinking_of_you_count + (%(kind)s = 'thinking_of_you')::int,
        i_hear_you_count = t.i_hear_you_count + (%(kind)s = 'i_hear_you')::int,
        i_like_this_count = t.i_like_this_count + (%(kind)s = 'i_like_this')::int,
        this_helped_me_count = t.this_helped_me_count + (%(kind)s = 'this_helped_me')::int
      FROM made WHERE t.id = made.post_id
    )
    SELECT post.*, made.post_id IS NOT NULL AS is_made FROM post LEFT JOIN made ON true
"""  # noqa: S608 - put together from constants

# The same locks: given on one device and taken back on another, they wait in one order.
_TAKE_BACK = """
    WITH gone AS (
      DELETE FROM community.reactions r
      WHERE r.post_id = %(post_id)s AND r.member_id = %(actor)s AND r.kind = %(kind)s
      RETURNING r.post_id
    )
    UPDATE community.posts t SET
      thinking_of_you_count = t.thinking_of_you_count - (%(kind)s = 'thinking_of_you')::int,
      i_hear_you_count = t.i_hear_you_count - (%(kind)s = 'i_hear_you')::int,
      i_like_this_count = t.i_like_this_count - (%(kind)s = 'i_like_this')::int,
      this_helped_me_count = t.this_helped_me_count - (%(kind)s = 'this_helped_me')::int
    FROM gone WHERE t.id = gone.post_id
    RETURNING t.id, t.thread_id, t.space_id, t.author_id,
      (SELECT r.author_id FROM community.posts r WHERE r.id = t.thread_id) AS thread_author_id,
      t.withdrawn_at IS NOT NULL AND t.reply_count = 0 AS is_gone
"""


# Locked, so that taking it back waits, and its own event finds what this one led to.
_STANDS = """
    SELECT true AS stands FROM community.reactions
    WHERE post_id = %(post_id)s AND member_id = %(member_id)s AND kind = %(kind)s
    FOR KEY SHARE
"""


async def stands(
    session: AsyncSession, *, post_id: UUID, member_id: UUID, kind: ReactionKind
) -> bool:
    """Whether the reaction is there now; for those who hear of it late."""
    asked = {"post_id": post_id, "member_id": member_id, "kind": kind.value}
    return await _one(session, _STANDS, asked) is not None


async def give(session: AsyncSession, actor: Actor, *, post_id: UUID, kind: ReactionKind) -> None:
    """Give a reaction; a second time changes nothing.

    Raises PostNotFoundError, OwnPostError, PostWithdrawnError or PostHiddenError.
    """
    asked = {
        "post_id": post_id,
        "actor": actor.member_id,
        "kind": kind.value,
        **visibility.parameters(actor),
    }
    post = await statements.locked(session, post_id, _GIVE, asked, shares_root=True)
    if post is None or not post["is_seen"]:
        raise PostNotFoundError
    if post["author_id"] == actor.member_id:
        raise OwnPostError
    if post["is_withdrawn"]:
        raise PostWithdrawnError
    if post["is_hidden"]:
        raise PostHiddenError
    if post["is_made"]:
        await _record(session, ReactionGiven, post, actor, kind)


async def take_back(
    session: AsyncSession, actor: Actor, *, post_id: UUID, kind: ReactionKind
) -> None:
    """Take a reaction back; one that was never given changes nothing."""
    asked = {"post_id": post_id, "actor": actor.member_id, "kind": kind.value}
    post = await statements.locked(session, post_id, _TAKE_BACK, asked, shares_root=True)
    if post is not None:
        await _record(session, ReactionTakenBack, post, actor, kind, is_gone=post["is_gone"])


async def _record(
    session: AsyncSession,
    event: type[ReactionGiven] | type[ReactionTakenBack],
    post: DictRow,
    actor: Actor,
    kind: ReactionKind,
    *,
    is_gone: bool = False,
) -> None:
    """Of a post that nobody sees any more no page is told."""
    made = event(
        post_id=post["id"],
        thread_id=post["thread_id"],
        author_id=post["author_id"],
        space_id=post["space_id"],
        thread_author_id=post["thread_author_id"],
        actor_id=actor.member_id,
        kind=kind,
    )
    await events.record(session, made, topics=() if is_gone else made.topics)


async def _one(session: AsyncSession, query: str, parameters: dict[str, Any]) -> DictRow | None:
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchone()
