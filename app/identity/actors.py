"""Who is asking: an account on one of its sign-ins, as every access and policy receives it."""

from dataclasses import dataclass
from uuid import UUID

from app.identity.permissions import Permission
from app.identity.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request. `permissions` holds only what may be used now: it stays empty
    until the second factor was passed on this very sign-in."""

    account_id: UUID
    member_id: UUID
    session_id: UUID
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    is_second_factor_passed: bool
    is_verified: bool
    #: Whether there is anyone whose posts they don't see; asked with the sign-in, so that reads by
    #: all others are as simple as they can be. True where it was not asked.
    has_unseen: bool = True
    #: The community is shut to them now; help, their data, an appeal and leaving are not.
    is_suspended: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the permission may be used now."""
        return permission in self.permissions
