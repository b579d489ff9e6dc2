"""Hosts of groups: who runs which, from when until when."""

from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.identity.roles import Role
from app.programme import groups, policies
from app.programme.errors import GroupClosedError, NotAHostError
from app.programme.models import GroupHost

_IS_HOST = """
    SELECT 1 FROM identity.accounts a JOIN identity.account_roles r ON r.account_id = a.id
    WHERE a.id = %s AND a.closed_at IS NULL AND r.role = %s FOR SHARE OF a
"""
_LIST = """
    SELECT h.group_id, h.account_id, a.member_id, h.since
    FROM programme.group_hosts h JOIN identity.accounts a ON a.id = h.account_id
    WHERE h.group_id = ANY (%(groups)s) AND h.until IS NULL ORDER BY h.since, h.id
"""


async def add(session: AsyncSession, group_id: UUID, *, account_id: UUID) -> None:
    """Let a host run the group from now on; once more changes nothing. Raises GroupNotFoundError,
    GroupClosedError or NotAHostError."""
    group = await groups.find(session, group_id, lock=True)
    policies.can_change(group).enforce(GroupClosedError)
    connection = await db.driver(session)
    cursor = await connection.execute(_IS_HOST, (account_id, Role.HOST))
    if await cursor.fetchone() is None:
        raise NotAHostError
    row = GroupHost(group_id=group_id, account_id=account_id, since=clock.now())
    await connection.execute(
        "INSERT INTO programme.group_hosts (id, group_id, account_id, since)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (row.id, group_id, account_id, row.since),
    )


async def stand_down(session: AsyncSession, group_id: UUID, *, account_id: UUID) -> None:
    """They run the group no longer; that they did is kept. Raises GroupNotFoundError."""
    await groups.find(session, group_id, lock=True)
    connection = await db.driver(session)
    await connection.execute(
        "UPDATE programme.group_hosts SET until = %s"
        " WHERE group_id = %s AND account_id = %s AND until IS NULL",
        (clock.now(), group_id, account_id),
    )


async def stand_down_everywhere(session: AsyncSession, account_id: UUID) -> None:
    """Whoever is a host no longer, or has left, runs no group."""
    connection = await db.driver(session)
    await connection.execute(
        "UPDATE programme.group_hosts SET until = %s WHERE account_id = %s AND until IS NULL",
        (clock.now(), account_id),
    )


async def list_(pool: db.Pool, group_ids: list[UUID]) -> list[DictRow]:
    """Who runs these groups now, in the order in which they began."""
    return await db.fetch(pool, _LIST, {"groups": group_ids})
