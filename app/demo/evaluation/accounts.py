"""The accounts of the participants: made as those of the demo community are, so that nobody can
sign in with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import members
from app.core import clock, ids
from app.demo.evaluation.peers import Peer
from app.demo.evaluation.planted import Planted
from app.demo.sign_ins import DOMAIN
from app.demo.stage import NO_PASSWORD
from app.identity import accounts, addresses
from app.identity.accounts import Applicant
from app.identity.letters import Letterbox


@dataclass(frozen=True, slots=True)
class Joined:
    """When somebody joined the study, as which member, and when that one had come here."""

    account_id: UUID
    member_id: UUID
    at: datetime
    member_since: datetime


async def open_all(
    session: AsyncSession,
    letterbox: Letterbox,
    planted: Planted,
    peers: Sequence[Peer],
    *,
    first_moment: datetime,
) -> list[Joined]:
    """One for everyone; `first_moment` is when people can join on the first day."""
    made = []
    random = planted.chance("accounts")
    for peer in peers:
        at = first_moment + timedelta(days=peer.enrolled_day)
        since = at - timedelta(days=peer.tenure_days, minutes=30)
        with clock.at(since), ids.drawn_from(random):
            address = addresses.parse(f"evaluation-{peer.index}@{DOMAIN}")
            account = await accounts.create(
                session, letterbox, Applicant(address, NO_PASSWORD), is_verified=True, is_demo=True
            )
            name = f"Synthetic peer {peer.index + 1}"
            await members.enrol(session, account.member_id, display_name=name)
        made.append(Joined(account.id, account.member_id, at, since))
    return made
