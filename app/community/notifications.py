"""Notifications: what a member should hear of. `news` has how they are read."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community.choices import NotificationKind, ReactionKind
from app.community.events import NotificationMade, NotificationUnmade
from app.core import clock, db, events
from app.core.ids import new_id
from app.identity.actors import Actor

# News of a member is told in the order of its ids: whoever tells holds the member until it is
# committed, so that what is marked as seen never covers what comes later. In one order, and all at
# once, so that nobody waits in a ring.
_LOCK = """
    SELECT FROM community.members WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE
"""

# Two replies or two equal reactions tell once: the unique indexes make this repeatable.
_MAKE = """
    INSERT INTO community.notifications (id, member_id, kind, post_id, actor_id, reaction, text,
      reason, created_at)
    SELECT found.id, m.id, %(kind)s, %(post_id)s, %(actor_id)s, %(reaction)s, %(text)s,
      %(reason)s, %(now)s
    FROM unnest(%(ids)s::uuid[], %(member_ids)s::uuid[]) AS found (id, member_id)
    JOIN community.members m ON m.id = found.member_id AND m.left_at IS NULL
    ON CONFLICT DO NOTHING
    RETURNING member_id
"""

_SEEN = """
    UPDATE community.members SET notifications_seen_id = greatest(notifications_seen_id, %(until)s)
    WHERE id = %(member_id)s
      AND EXISTS (SELECT 1 FROM community.notifications n
        WHERE n.id = %(until)s AND n.member_id = %(member_id)s)
    RETURNING id
"""


async def lock(session: AsyncSession, member_ids: Iterable[UUID]) -> None:
    """Keep these members' news in order until the commit: for who tells several, before the first.

    A second call for others in the same unit of work could wait for one who waits for this one.
    """
    connection = await db.driver(session)
    await connection.execute(_LOCK, (list(member_ids),))


async def make(
    session: AsyncSession,
    *,
    member_ids: Collection[UUID],
    kind: NotificationKind,
    post_id: UUID | None = None,
    actor_id: UUID | None = None,
    reaction: ReactionKind | None = None,
    text: str | None = None,
    reason: str | None = None,
    at: datetime | None = None,
    silent_for: Collection[UUID] = (),
    is_locked: bool = False,
) -> None:
    """Tell members something, each once; whoever may not see it now finds it when it is open again
    and hears nothing of it (`silent_for`). `text` for decisions and answers, with the `reason` of
    a decision beside it; the rest names who.

    Who tells more than once in a unit of work calls `lock` for all of them first, and can say so
    (`is_locked`).

    `at` is when it happened, if that was before now. The order stays that of telling: what
    arrives late must not slip in among what has been seen.
    """
    if not member_ids:
        return
    if not is_locked:
        await lock(session, member_ids)
    connection = await db.driver(session)
    cursor = await connection.execute(
        _MAKE,
        {
            "ids": [new_id() for _ in member_ids],
            "member_ids": list(member_ids),
            "kind": kind.value,
            "post_id": post_id,
            "actor_id": actor_id,
            "reaction": reaction,
            "text": text,
            "reason": reason,
            "now": at or clock.now(),
        },
    )
    told = [told for (told,) in await cursor.fetchall() if told not in silent_for]
    made = [NotificationMade(member_id=member_id, kind=kind) for member_id in told]
    await events.record_all(session, [(event, event.topics) for event in made])


async def unmake_reaction(
    session: AsyncSession, *, post_id: UUID, actor_id: UUID, reaction: ReactionKind
) -> None:
    """Tell no more of a reaction that was taken back."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "DELETE FROM community.notifications WHERE kind = 'reaction' AND post_id = %s"
        " AND actor_id = %s AND reaction = %s RETURNING member_id",
        (post_id, actor_id, reaction.value),
    )
    await _tell_unmade(session, await cursor.fetchall())


# By the unique index of each kind; a hidden root hides all that was told of its replies.
_TOLD_OF = """
    SELECT DISTINCT n.member_id
    FROM community.posts p
    JOIN community.notifications n ON n.post_id = p.id AND n.kind = 'reply'
    JOIN community.members m ON m.id = n.member_id
    WHERE (p.id = %(post_id)s OR p.thread_id = %(post_id)s)
      AND n.id > coalesce(m.notifications_seen_id, %(none)s)
    UNION
    SELECT n.member_id
    FROM community.notifications n JOIN community.members m ON m.id = n.member_id
    WHERE n.post_id = %(post_id)s AND n.kind = 'reaction'
      AND n.id > coalesce(m.notifications_seen_id, %(none)s)
"""


async def unmake(session: AsyncSession, *, post_id: UUID) -> None:
    """Tell those who have news of a post, not yet seen, that it was taken back, hidden or restored:
    what is not there must not go on being announced."""
    connection = await db.driver(session)
    asked = {"post_id": post_id, "none": UUID(int=0)}
    cursor = await connection.execute(_TOLD_OF, asked)
    await _tell_unmade(session, await cursor.fetchall())


async def _tell_unmade(session: AsyncSession, told: Sequence[tuple[UUID]]) -> None:
    made = [NotificationUnmade(member_id=member_id) for (member_id,) in told]
    await events.record_all(session, [(event, event.topics) for event in made])


async def mark_read(pool: db.Pool, actor: Actor, *, until: UUID) -> None:
    """All of one's own up to this one have been seen; another's id changes nothing."""
    await db.fetch(pool, _SEEN, {"member_id": actor.member_id, "until": until})
