"""Who goes to which group: a member says so, so that the hosts find them on the list."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.identity.actors import Actor
from app.programme import groups, policies
from app.programme.errors import GroupClosedError


async def join(session: AsyncSession, actor: Actor, group_id: UUID) -> None:
    """Say that one goes to a group; once more changes nothing. Raises GroupNotFoundError or
    GroupClosedError."""
    group = await groups.find(session, group_id, lock=True)
    policies.can_change(group).enforce(GroupClosedError)
    connection = await db.driver(session)
    await connection.execute(
        "INSERT INTO programme.group_members (group_id, member_id, joined_at)"
        " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (group_id, actor.member_id, clock.now()),
    )


async def leave(session: AsyncSession, actor: Actor, group_id: UUID) -> None:
    """Go there no longer. What was recorded of meetings stays; once more changes nothing."""
    connection = await db.driver(session)
    await connection.execute(
        "DELETE FROM programme.group_members WHERE group_id = %s AND member_id = %s",
        (group_id, actor.member_id),
    )
