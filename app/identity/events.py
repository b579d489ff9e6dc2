"""What happened to accounts. Ids only: never an address, a password or a device."""

from typing import Literal
from uuid import UUID

from app.core.events import Event
from app.identity.roles import STAFF, Role


class AccountClosed(Event):
    """An account was closed by its owner, or never verified; address and credentials are gone."""

    type: Literal["account.closed"] = "account.closed"
    account_id: UUID
    member_id: UUID
    #: Whether the member also asked every study to erase what it holds about them.
    erase_study_data: bool


class RoleGranted(Event):
    """An account plays a new part; the ledger says who gave it and why."""

    type: Literal["role.granted"] = "role.granted"
    account_id: UUID
    member_id: UUID
    role: str

    @property
    def makes_staff(self) -> bool:
        """Whether the part is one of those that never take part in a study."""
        return Role(self.role) in STAFF


class RoleTakenBack(Event):
    """An account no longer plays a part: sockets let go of what only that part may hear."""

    type: Literal["role.taken_back"] = "role.taken_back"
    account_id: UUID
    member_id: UUID
    role: str


class AccountSuspended(Event):
    """The community was closed to a member, for a time or for good: not why, nor until when."""

    type: Literal["account.suspended"] = "account.suspended"
    account_id: UUID
    member_id: UUID


class StandingChanged(Event):
    """What moderators decided about a member came into force, or ended early: their windows
    read anew what is open to them. Where the time runs out nothing happens, and nothing is told."""

    type: Literal["standing.changed"] = "standing.changed"
    account_id: UUID
    member_id: UUID


class SessionEnded(Event):
    """A sign-in ended: its browser signs out and its sockets are closed."""

    type: Literal["session.ended"] = "session.ended"
    session_id: UUID
    member_id: UUID
