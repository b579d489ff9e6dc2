"""Topics: what a browser calls them, how events are addressed, and who may listen."""

from uuid import UUID

from app.community.choices import WALL_ID
from app.identity.actors import Actor
from app.identity.errors import AccountSuspendedError, ResearchStandsApartError
from app.identity.permissions import Permission
from app.identity.roles import stands_apart

WALL = "wall"
ME = "me"
CASES = "cases"
THREAD = "thread:"
OWN = "me:"
SPACE = "space:"
#: The wall is a space like others, under a name of its own.
WALL_KEY = f"{SPACE}{WALL_ID}"
#: One answer for a thread that is hidden or gone, and for one that never was.
NO_THREAD = "That thread can't be found."


class ClosedTopicError(Exception):
    """The topic is not open to this person; the message says why."""


def key_of(topic: str, actor: Actor) -> str:
    """The address events carry for what this person calls `topic`; raises ClosedTopicError.

    Whoever may not know whether something exists gets the answer for what does not exist.
    """
    if not actor.is_verified:
        raise ClosedTopicError("Please confirm your e-mail address first.")
    if actor.is_suspended and topic != ME:
        raise ClosedTopicError(AccountSuspendedError.default_detail)
    if topic == CASES:
        return _cases(actor)
    if stands_apart(actor.roles):
        raise ClosedTopicError(ResearchStandsApartError.default_detail)
    if topic == WALL:
        return WALL_KEY
    if topic == ME:
        return f"{OWN}{actor.member_id}"
    if topic.startswith(THREAD):
        return _thread(topic)
    raise ClosedTopicError("There is nothing to listen to by that name.")


def name_of(key: str) -> str:
    """What a browser calls the address of an event: one's own is simply `me`."""
    if key == WALL_KEY:
        return WALL
    return ME if key.startswith(OWN) else key


def _cases(actor: Actor) -> str:
    if not actor.may(Permission.MODERATION_CASES_READ):
        raise ClosedTopicError(
            "The queue is open to moderators who have signed in with their second factor."
        )
    return CASES


def thread_of(key: str) -> UUID | None:
    """The thread that an address is about; whether it is open is asked of the database."""
    return UUID(key.removeprefix(THREAD)) if key.startswith(THREAD) else None


def _thread(topic: str) -> str:
    """A thread by its id, whether or not there is one."""
    try:
        thread_id = UUID(topic.removeprefix(THREAD))
    except ValueError as error:
        raise ClosedTopicError(NO_THREAD) from error
    return f"{THREAD}{thread_id}"
