"""The welcome: what a newcomer's wall begins with, until they close it or have said something."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db

#: One host for one newcomer, the same on every visit; many hosts share the newcomers evenly.
_HOST: Final = """
    SELECT m.id, m.display_name
    FROM identity.account_roles r
    JOIN identity.accounts a ON a.id = r.account_id
    JOIN community.members m ON m.id = a.member_id
    WHERE r.role = 'host' AND m.left_at IS NULL AND m.id <> %(member_id)s
      AND a.verified_at IS NOT NULL AND a.staff_family IS DISTINCT FROM 'research'
      AND m.id NOT IN (SELECT u.id FROM community.unseen_by(%(member_id)s, false) u)
      AND NOT EXISTS (SELECT FROM community.breaks b
        WHERE b.member_id = m.id AND b.ended_at IS NULL AND b.ends_at > %(now)s)
    ORDER BY md5(m.id::text || %(member_id)s::text) LIMIT 1
"""
_CLOSE: Final = """
    UPDATE community.members SET welcomed_at = %(now)s
    WHERE id = %(member_id)s AND welcomed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class WelcomingHost:
    """Who welcomes: a member who hosts here."""

    id: UUID
    display_name: str


async def find_host(pool: db.Pool, member_id: UUID) -> WelcomingHost | None:
    """A host to welcome this member; none when nobody hosts, or all of them are on a break."""
    rows = await db.fetch(pool, _HOST, {"member_id": member_id, "now": clock.now()})
    return WelcomingHost(**rows[0]) if rows else None


async def close(session: AsyncSession, member_id: UUID) -> None:
    """Close the welcome for good, on every device. Once more changes nothing."""
    connection = await db.driver(session)
    await connection.execute(_CLOSE, {"member_id": member_id, "now": clock.now()})
