"""Blocks and mutes: two members who don't meet, and someone whose posts one does not read.

Neither is told to the other: not by an event, not by a count, not by how a page answers.
"""

from typing import Final, LiteralString
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import visibility
from app.community.errors import MemberNotFoundError, NotYourselfError
from app.community.events import MemberBlocked, MemberMuted, MemberUnblocked, MemberUnmuted
from app.community.visibility import is_apart
from app.core import db, events
from app.identity.actors import Actor


# Whom one can't meet, one can't block: the same answer as for nobody, unless one did so already.
# The member is locked, so that nobody is blocked who leaves in the same moment.
def _add(table: LiteralString, who: LiteralString, whom: LiteralString) -> LiteralString:
    return f"""
    WITH met AS (
      SELECT m.id FROM community.members m
      WHERE m.id = %(other)s AND m.left_at IS NULL
        AND NOT ({is_apart("m.id")})
      FOR KEY SHARE
    ), made AS (
      INSERT INTO community.{table} ({who}, {whom}, created_at)
      SELECT %(member)s, id, %(now)s FROM met
      ON CONFLICT DO NOTHING
      RETURNING {whom} AS id
    )
    SELECT EXISTS (SELECT FROM made) AS is_made, EXISTS (SELECT FROM met) OR EXISTS (
      SELECT FROM community.{table} WHERE {who} = %(member)s AND {whom} = %(other)s) AS is_met
"""  # noqa: S608 - put together from constants


_BLOCK: Final = _add("blocks", "blocker_id", "blocked_id")
_MUTE: Final = _add("mutes", "muter_id", "muted_id")
_UNBLOCK: Final = """
    DELETE FROM community.blocks WHERE blocker_id = %(member)s AND blocked_id = %(other)s
    RETURNING blocked_id
"""
_UNMUTE: Final = """
    DELETE FROM community.mutes WHERE muter_id = %(member)s AND muted_id = %(other)s
    RETURNING muted_id
"""
_LIST: Final = """
    SELECT 'blocked' AS kind, m.id, m.display_name, b.created_at
    FROM community.blocks b JOIN community.members m ON m.id = b.blocked_id
    WHERE b.blocker_id = %(member)s
    UNION ALL
    SELECT 'muted', m.id, m.display_name, b.created_at
    FROM community.mutes b JOIN community.members m ON m.id = b.muted_id
    WHERE b.muter_id = %(member)s
    ORDER BY 4 DESC, 2
"""
_NOT_MEETING: Final = """
    SELECT m.id FROM unnest(%(members)s::uuid[]) AS m (id)
    WHERE EXISTS (SELECT FROM community.unseen_by(m.id, false) u WHERE u.id = ANY (%(authors)s))
"""
_END: Final = (
    "DELETE FROM community.blocks WHERE %(member)s IN (blocker_id, blocked_id)",
    "DELETE FROM community.mutes WHERE %(member)s IN (muter_id, muted_id)",
)


async def block(session: AsyncSession, actor: Actor, other_id: UUID) -> None:
    """From now on the two don't meet. A mute is part of it. Once more changes nothing.

    Raises MemberNotFoundError or NotYourselfError.
    """
    if await _made(session, actor, other_id, _BLOCK):
        connection = await db.driver(session)
        await connection.execute(_UNMUTE, _pair(actor, other_id))
        await events.record(session, MemberBlocked(member_id=actor.member_id, other_id=other_id))


async def mute(session: AsyncSession, actor: Actor, other_id: UUID) -> None:
    """Read nothing of theirs from now on. Once more changes nothing.

    Raises MemberNotFoundError or NotYourselfError.
    """
    if await _made(session, actor, other_id, _MUTE):
        await events.record(session, MemberMuted(member_id=actor.member_id, other_id=other_id))


async def unblock(session: AsyncSession, actor: Actor, other_id: UUID) -> None:
    """Take one's own block back; without one this changes nothing, and tells nothing."""
    connection = await db.driver(session)
    cursor = await connection.execute(_UNBLOCK, _pair(actor, other_id))
    if await cursor.fetchone() is not None:
        await events.record(session, MemberUnblocked(member_id=actor.member_id, other_id=other_id))


async def unmute(session: AsyncSession, actor: Actor, other_id: UUID) -> None:
    """Take a mute back; without one this changes nothing."""
    connection = await db.driver(session)
    cursor = await connection.execute(_UNMUTE, _pair(actor, other_id))
    if await cursor.fetchone() is not None:
        await events.record(session, MemberUnmuted(member_id=actor.member_id, other_id=other_id))


async def list_own(pool: db.Pool, actor: Actor) -> list[DictRow]:
    """Whom one has blocked or muted, the latest first; never by whom one is."""
    return await db.fetch(pool, _LIST, {"member": actor.member_id})


async def not_meeting(
    session: AsyncSession, members: set[UUID], authors: set[UUID | None]
) -> set[UUID]:
    """Those of these members who don't see posts of one of the authors: they get no news of it."""
    connection = await db.driver(session)
    asked = {"members": list(members), "authors": [one for one in authors if one is not None]}
    cursor = await connection.execute(_NOT_MEETING, asked)
    return {member_id for (member_id,) in await cursor.fetchall()}


async def end_all(session: AsyncSession, member_id: UUID) -> None:
    """Whoever closes their account is apart from nobody any more."""
    connection = await db.driver(session)
    for statement in _END:
        await connection.execute(statement, {"member": member_id})


async def _made(
    session: AsyncSession, actor: Actor, other_id: UUID, statement: LiteralString
) -> bool:
    if other_id == actor.member_id:
        raise NotYourselfError
    asked = {**visibility.parameters(actor), **_pair(actor, other_id)}
    connection = await db.driver(session)
    cursor = await connection.execute(statement, asked)
    row = await cursor.fetchone()
    if row is None or not row[1]:
        raise MemberNotFoundError
    return bool(row[0])


def _pair(actor: Actor, other_id: UUID) -> dict[str, UUID]:
    return {"member": actor.member_id, "other": other_id}
