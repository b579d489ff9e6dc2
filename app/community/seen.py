"""Unread markers: how far someone has seen the wall and a thread. They only ever move forward."""

from uuid import UUID

from app.community import shown
from app.community.errors import PostNotFoundError
from app.community.shown import MAY_SEE
from app.community.words import WALL_ID
from app.core import db
from app.core.events import Position
from app.identity.actors import Actor

# The position of a read names the last event it can have seen; when that happened is until when
# the wall was seen.
_WALL = """
    INSERT INTO community.space_seen AS s (member_id, space_id, seen_until)
    SELECT %(member_id)s, %(space_id)s, e.occurred_at FROM (
      SELECT occurred_at FROM core.events
      WHERE (xid, id) <= (%(xid)s::text::xid8, %(id)s::bigint)
      ORDER BY xid DESC, id DESC LIMIT 1) e
    ON CONFLICT (member_id, space_id) DO UPDATE
      SET seen_until = greatest(s.seen_until, excluded.seen_until)
    RETURNING seen_until
"""

_THREAD = f"""
    INSERT INTO community.thread_seen AS s (member_id, thread_id, seen_post_id)
    SELECT %(viewer)s, p.id, %(post_id)s FROM community.posts p
    WHERE p.id = %(thread_id)s AND p.parent_id IS NULL AND {MAY_SEE}
      AND EXISTS (SELECT 1 FROM community.posts c
        WHERE c.thread_id = p.id AND c.id = %(post_id)s)
    ON CONFLICT (member_id, thread_id) DO UPDATE
      SET seen_post_id = greatest(s.seen_post_id, excluded.seen_post_id)
    RETURNING thread_id
"""  # noqa: S608 - put together from constants


async def mark_wall(pool: db.Pool, actor: Actor, position: Position) -> None:
    """Everything on the wall up to this position has been on screen."""
    asked = {
        "member_id": actor.member_id,
        "space_id": WALL_ID,
        "xid": str(position.xid),
        "id": position.id,
    }
    await db.fetch(pool, _WALL, asked)


async def mark_thread(pool: db.Pool, actor: Actor, *, thread_id: UUID, post_id: UUID) -> None:
    """A thread has been read up to one of its posts; raises PostNotFoundError for any other."""
    asked = shown.parameters(actor, thread_id=thread_id, post_id=post_id)
    if not await db.fetch(pool, _THREAD, asked):
        raise PostNotFoundError
