"""How an account stands: whether the community is closed to it, and until when."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events
from app.identity.events import AccountSuspended, StandingChanged

_SUSPEND: Final = """
    WITH former AS (
      SELECT id, suspended_until FROM identity.accounts WHERE member_id = %(member_id)s FOR UPDATE
    )
    UPDATE identity.accounts SET suspended_until = %(until)s FROM former
    WHERE accounts.id = former.id
    RETURNING accounts.id, coalesce(former.suspended_until > %(now)s, false)
"""


async def suspend(session: AsyncSession, member_id: UUID, *, until: datetime | None) -> None:
    """Close the community to the member until then, or open it again. By time alone: nothing has
    to run when it is over. That it was closed is told once, also when the time changes later."""
    now = clock.now()
    values = {"until": until, "member_id": member_id, "now": now}
    connection = await db.driver(session)
    found = await (await connection.execute(_SUSPEND, values)).fetchone()
    if found is None or until is None or until <= now:
        return
    account_id, was_suspended = found
    if not was_suspended:
        await events.record(session, AccountSuspended(account_id=account_id, member_id=member_id))


_ACCOUNT: Final = "SELECT id FROM identity.accounts WHERE member_id = %s AND closed_at IS NULL"


async def tell(session: AsyncSession, member_id: UUID) -> None:
    """The member's windows come again, and find what is open to them now."""
    connection = await db.driver(session)
    found = await (await connection.execute(_ACCOUNT, (member_id,))).fetchone()
    if found is not None:
        event = StandingChanged(account_id=found[0], member_id=member_id)
        await events.record(session, event, topics=[f"me:{member_id}"])
