"""What the programme does when accounts change: whoever leaves goes to no group, and whoever is a
host no longer runs none."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import Recorded, Subscriber
from app.identity.events import AccountClosed, RoleTakenBack
from app.identity.roles import Role
from app.programme import attendance, hosts


async def handle(session: AsyncSession, recorded: Sequence[Recorded]) -> None:
    """React to a batch, in order. Doing it twice changes nothing."""
    for found in recorded:
        match found.event():
            case AccountClosed(account_id=account_id, member_id=member_id):
                await attendance.forget(session, member_id)
                await hosts.stand_down_everywhere(session, account_id)
            case RoleTakenBack(account_id=account_id, role=Role.HOST):
                await hosts.stand_down_everywhere(session, account_id)
            case _:
                continue


SUBSCRIBER = Subscriber(
    name="programme",
    types=frozenset(kind.event_type for kind in (AccountClosed, RoleTakenBack)),
    handle=handle,
)
