"""Notifications: what a member should hear of, in words made when they are read."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import keys, shown
from app.community.events import NotificationMade, NotificationUnmade
from app.community.queries import LIMIT, PAGE
from app.community.shown import MAY_SEE, MAY_SEE_ROOT, READER
from app.community.words import NotificationKind, ReactionKind
from app.core import clock, db, events, pages
from app.core.ids import new_id
from app.identity.actors import Actor

# News of a member is told in the order of its ids: whoever tells holds the member until it is
# committed, so that what is marked as seen never covers what comes later. In one order, and all at
# once, so that nobody waits in a ring.
_HOLD = """
    SELECT FROM community.members WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE
"""

# Two replies or two equal reactions tell once: the unique indexes make this repeatable.
_MAKE = """
    INSERT INTO community.notifications (id, member_id, kind, post_id, actor_id, reaction, text,
      created_at)
    SELECT found.id, m.id, %(kind)s, %(post_id)s, %(actor_id)s, %(reaction)s, %(text)s, %(now)s
    FROM unnest(%(ids)s::uuid[], %(member_ids)s::uuid[]) AS found (id, member_id)
    JOIN community.members m ON m.id = found.member_id AND m.left_at IS NULL
    ON CONFLICT DO NOTHING
    RETURNING member_id
"""

# What was taken back or hidden since is not told of any more. A decision always is, but leads
# to its post only whoever may see it.
_LIST = f"""
    SELECT n.id::text AS id, n.kind, n.text, n.reaction, n.created_at,
      a.display_name AS actor_name, q.author_id = %(viewer)s AS is_answer_to_me,
      CASE WHEN {MAY_SEE} AND {MAY_SEE_ROOT} THEN p.id::text END AS post_id,
      CASE WHEN {MAY_SEE} AND {MAY_SEE_ROOT} THEN p.thread_id::text END AS thread_id,
      coalesce(n.id <= me.notifications_seen_id, false) AS is_read
    FROM community.notifications n
    JOIN community.members me ON me.id = n.member_id
    LEFT JOIN community.members a ON a.id = n.actor_id
    LEFT JOIN community.posts p ON p.id = n.post_id
    LEFT JOIN community.posts q ON q.id = p.parent_id
    LEFT JOIN community.posts r ON r.id = p.thread_id
    WHERE n.member_id = {READER} AND n.id < %(before)s
      AND (n.actor_id IS NULL OR (p.withdrawn_at IS NULL AND {MAY_SEE} AND {MAY_SEE_ROOT}))
    ORDER BY n.id DESC {LIMIT}
"""

_SEEN = """
    UPDATE community.members SET notifications_seen_id = greatest(notifications_seen_id, %(until)s)
    WHERE id = %(member_id)s
      AND EXISTS (SELECT 1 FROM community.notifications n
        WHERE n.id = %(until)s AND n.member_id = %(member_id)s)
    RETURNING id
"""

_REACTED = {
    ReactionKind.THINKING_OF_YOU: "{name} is thinking of you.",
    ReactionKind.I_HEAR_YOU: "{name} hears you.",
    ReactionKind.I_LIKE_THIS: "{name} likes what you wrote.",
    ReactionKind.THIS_HELPED_ME: "What you wrote helped {name}.",
}


async def hold(session: AsyncSession, member_ids: Iterable[UUID]) -> None:
    """Keep these members' news in order until the commit: for who tells several, before the first.

    A second call for others in the same unit of work could wait for one who waits for this one.
    """
    connection = await db.driver(session)
    await connection.execute(_HOLD, (list(member_ids),))


async def make(
    session: AsyncSession,
    *,
    member_ids: Collection[UUID],
    kind: NotificationKind,
    post_id: UUID | None = None,
    actor_id: UUID | None = None,
    reaction: ReactionKind | None = None,
    text: str | None = None,
    at: datetime | None = None,
) -> None:
    """Tell members something, each once. `text` for decisions and answers; the rest names who.

    Who tells more than once in a unit of work calls `hold` for all of them first.

    `at` is when it happened, if that was before now. The order stays that of telling: what
    arrives late must not slip in among what has been seen.
    """
    if not member_ids:
        return
    await hold(session, member_ids)
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
            "now": at or clock.now(),
        },
    )
    made = [NotificationMade(member_id=told, kind=kind) for (told,) in await cursor.fetchall()]
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


async def list_(pool: db.Pool, actor: Actor, *, cursor: str | None = None) -> bytes:
    """A page of one's own notifications, the newest first."""
    before = keys.only_id(cursor) or keys.LAST
    rows = await db.fetch(pool, _LIST, shown.parameters(actor, before=before))
    page = rows[:PAGE]
    next_cursor = pages.encode(page[-1]["id"]) if len(rows) > PAGE else None
    return shown.as_bytes({"items": [_shape(row) for row in page], "next_cursor": next_cursor})


async def mark_seen(pool: db.Pool, actor: Actor, *, until: UUID) -> None:
    """All of one's own up to this one have been seen; another's id changes nothing."""
    await db.fetch(pool, _SEEN, {"member_id": actor.member_id, "until": until})


def _shape(row: DictRow) -> dict[str, object]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "post_id": row["post_id"],
        "thread_id": row["thread_id"],
        "text": row["text"] or _say(row),
        "created_at": row["created_at"],
        "is_read": row["is_read"],
    }


def _say(row: DictRow) -> str:
    name = row["actor_name"]
    if row["kind"] == NotificationKind.REACTION:
        return _REACTED[ReactionKind(row["reaction"])].format(name=name)
    if row["is_answer_to_me"]:
        return f"{name} answered you."
    return f"{name} wrote something under your post."
