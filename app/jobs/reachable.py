"""Whom a study may write to now, and where: research itself knows neither addresses nor breaks."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import breaks
from app.core.encryption import Encryption
from app.identity import accounts


async def reach(
    session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
) -> dict[UUID, str]:
    """The addresses of these members, without those who are on a break, suspended or gone."""
    found = await accounts.reachable(session, encryption, member_ids)
    for resting in await breaks.resting(session, member_ids):
        found.pop(resting, None)
    return found
