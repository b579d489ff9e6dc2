"""How an account stands: whether the community is shut to it, and until when."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db, events
from app.identity.events import StandingChanged

_SUSPEND: Final = """
    UPDATE identity.accounts SET suspended_until = %s WHERE member_id = %s RETURNING id
"""


async def suspend(session: AsyncSession, member_id: UUID, *, until: datetime | None) -> None:
    """Shut the community to the member until then, or open it again. By time alone: nothing has to
    run when it is over."""
    connection = await db.driver(session)
    await connection.execute(_SUSPEND, (until, member_id))


_ACCOUNT: Final = "SELECT id FROM identity.accounts WHERE member_id = %s AND closed_at IS NULL"


async def tell(session: AsyncSession, member_id: UUID) -> None:
    """The member's windows come again, and find what is open to them now."""
    connection = await db.driver(session)
    found = await (await connection.execute(_ACCOUNT, (member_id,))).fetchone()
    if found is not None:
        event = StandingChanged(account_id=found[0], member_id=member_id)
        await events.record(session, event, topics=[f"me:{member_id}"])
