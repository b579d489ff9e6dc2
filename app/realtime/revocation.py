"""Events that take a right away: the socket is closed, and what comes back is asked anew."""

from collections.abc import Collection

from app.core.events import Recorded
from app.identity.events import (
    AccountClosed,
    RoleGranted,
    RoleTakenBack,
    SessionEnded,
    StandingChanged,
)
from app.realtime.connection import RIGHTS_CHANGED, SIGNED_OUT, Connection
from app.realtime.payloads import uuid_of

_CODES = {
    AccountClosed.event_type: SIGNED_OUT,
    SessionEnded.event_type: SIGNED_OUT,
    RoleGranted.event_type: RIGHTS_CHANGED,
    RoleTakenBack.event_type: RIGHTS_CHANGED,
    StandingChanged.event_type: RIGHTS_CHANGED,
}


def concerns_rights(event: Recorded) -> bool:
    """Whether someone's sockets must close because of it."""
    return event.type in _CODES


def is_personal(event: Recorded) -> bool:
    """Told to the sockets of one sign-in, not to all of the member's: the others go on."""
    return event.type == SessionEnded.event_type


def hit_by(event: Recorded, among: Collection[Connection]) -> list[Connection]:
    """The sockets whose right it was."""
    field = "session_id" if is_personal(event) else "account_id"
    lost = uuid_of(event, field)
    return [one for one in among if getattr(one.actor, field) == lost]


def code_of(event: Recorded) -> int:
    """What the browser is told: sign out, or come again."""
    return _CODES[event.type]
