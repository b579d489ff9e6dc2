"""Unread markers: how far someone has seen the wall and a thread. They only ever move forward.

Both are ids. Posts of the wall, and the replies of a thread, become visible in the order of their
ids (migration `community_0004`), so whoever has seen one has seen all before it.
"""

from uuid import UUID

from app.community import post_view
from app.community.errors import PostNotFoundError
from app.community.spaces import WALL
from app.community.visibility import VIEWER, sees
from app.core import db
from app.core.events import Position
from app.identity.actors import Actor

# The position of a read names the last event it can have seen; the last post published by then is
# up to where the wall was seen. A few are looked at, for one that came out of a transaction with
# other work may stand before its neighbour. Where the wall was quiet for so long that no such event
# is kept, it is the last post before those that were published since. A position from before all
# that is kept says nothing any more, and marks nothing.
_WALL = f"""
    WITH earlier AS (
      SELECT (payload ->> 'post_id')::uuid AS post_id FROM core.events
      WHERE (xid, id) <= (%(xid)s::text::xid8, %(id)s::bigint)
        AND type = 'post.published' AND payload ->> 'parent_id' IS NULL
        AND payload ->> 'space_id' = {WALL}::text
      ORDER BY xid DESC, id DESC LIMIT 3
    ), later AS (
      SELECT (payload ->> 'post_id')::uuid AS post_id FROM core.events
      WHERE (xid, id) > (%(xid)s::text::xid8, %(id)s::bigint)
        AND type = 'post.published' AND payload ->> 'parent_id' IS NULL
        AND payload ->> 'space_id' = {WALL}::text
        AND NOT EXISTS (SELECT FROM earlier)
      ORDER BY xid, id LIMIT 3
    )
    INSERT INTO community.space_seen AS s (member_id, space_id, seen_post_id)
    SELECT %(member_id)s, {WALL}, seen.post_id FROM (
      SELECT post_id FROM earlier
      UNION ALL
      (SELECT p.id FROM community.posts p
      WHERE p.space_id = {WALL} AND p.parent_id IS NULL
        AND NOT EXISTS (SELECT FROM earlier)
        AND NOT EXISTS (SELECT FROM later WHERE post_id <= p.id)
        AND EXISTS (SELECT FROM core.events
          WHERE (xid, id) <= (%(xid)s::text::xid8, %(id)s::bigint))
      ORDER BY p.id DESC LIMIT 1)
    ) seen
    ORDER BY seen.post_id DESC LIMIT 1
    ON CONFLICT (member_id, space_id) DO UPDATE
      SET seen_post_id = greatest(s.seen_post_id, excluded.seen_post_id)
    RETURNING seen_post_id
"""  # noqa: S608 - put together from constants

_THREAD = f"""
    WITH {VIEWER}
    INSERT INTO community.thread_seen AS s (member_id, thread_id, seen_post_id)
    SELECT %(viewer)s, p.id, %(post_id)s FROM community.posts p
    WHERE p.id = %(thread_id)s AND p.parent_id IS NULL AND {sees("p", "p")}
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
        "xid": str(position.xid),
        "id": position.id,
    }
    await db.fetch(pool, _WALL, asked)


async def mark_thread(pool: db.Pool, actor: Actor, *, thread_id: UUID, post_id: UUID) -> None:
    """A thread has been read up to one of its posts; raises PostNotFoundError for any other."""
    asked = post_view.parameters(actor, thread_id=thread_id, post_id=post_id)
    if not await db.fetch(pool, _THREAD, asked):
        raise PostNotFoundError
