"""Topics: what a browser calls them, how events are addressed, and who may listen."""

from uuid import UUID

from app.core.events import Recorded
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
#: One answer for a thread that is hidden or gone, and for one that never was.
NO_THREAD = "That thread can't be found."


class ClosedTopicError(Exception):
    """The topic is not open to this person; the message says why."""


class TopicNames:
    """What browsers call the addresses of events. The wall is a space like others, under a name of
    its own; which one, its row says, and the reader of events reads it when it begins."""

    def __init__(self) -> None:
        self._wall_key = SPACE

    def begin(self, wall_id: UUID) -> None:
        """Know which space is the wall."""
        self._wall_key = f"{SPACE}{wall_id}"

    def is_elsewhere(self, event: Recorded) -> bool:
        """Whether it happened in another space than the wall, which nobody belongs to so far
        (`community.spaces_of`) and is told of. Older events name none."""
        space_id = event.payload.get("space_id")
        return space_id is not None and f"{SPACE}{space_id}" != self._wall_key

    def key_of(self, topic: str, actor: Actor) -> str:
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
            return self._wall_key
        if topic == ME:
            return f"{OWN}{actor.member_id}"
        if topic.startswith(THREAD):
            return _thread(topic)
        raise ClosedTopicError("There is nothing to listen to by that name.")

    def name_of(self, key: str) -> str:
        """What a browser calls the address of an event: one's own is simply `me`."""
        if key == self._wall_key:
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
