"""Stand-ins for the parts of a socket that a test of the hub does not need."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from app.core.events import Position, Recorded
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.identity.roles import Role
from app.realtime.frames import Encoded
from app.realtime.hub import RECENT, Hub
from tests.wall import WALL_ID, WALL_KEY

THREADS = [f"thread:{UUID(int=number)}" for number in (2, 4)]
POST = {"post_id": str(UUID(int=1)), "thread_id": str(UUID(int=2))}


class RememberedWire:
    """Keeps what it is given; `is_stuck` makes it a client that does not read."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.is_stuck = False
        self.closed_with: int | None = None
        self.is_aborted = False

    def write(self, frame: Encoded) -> bool:
        if self.is_stuck or self.is_aborted:
            return False
        self.frames.append(orjson.loads(frame.json))
        return True

    async def drained(self) -> None:
        """At once."""

    async def close(self, code: int) -> None:
        self.closed_with = code

    def abort(self) -> None:
        self.is_aborted = True

    def settle(self) -> None:
        """Nothing to forget."""

    def release(self) -> None:
        """Nothing runs."""

    def told(self) -> list[str]:
        """Positions of the events told, in order."""
        return [
            frame["position"]
            for frame in self.frames
            if "." in frame["type"] and frame["type"] != "session.ended"
        ]

    def kinds(self) -> list[str]:
        return [frame["type"] for frame in self.frames]


def a_hub(*, recent: int = RECENT) -> Hub:
    """A hub that knows the wall, without a reader."""
    hub = Hub(recent=recent)
    hub.names.begin(WALL_ID)
    return hub


def an_actor(number: int = 1, *, session: int = 1, **other: Any) -> Actor:
    """A member; `permissions`, `is_verified` and `is_suspended` may be said."""
    return Actor(
        account_id=UUID(int=number),
        member_id=UUID(int=100 + number),
        session_id=other.get("session_id", UUID(int=1000 + session)),
        roles=frozenset({Role.MEMBER}),
        permissions=other.get("permissions", frozenset()),
        is_second_factor_passed=False,
        is_verified=other.get("is_verified", True),
        is_suspended=other.get("is_suspended", False),
    )


def a_moderator(number: int = 9) -> Actor:
    return an_actor(number, permissions=frozenset({Permission.MODERATION_CASES_READ}))


def happened(
    number: int,
    *topics: str,
    type_: str = "post.edited",
    xid: int | None = None,
    payload: dict[str, Any] | None = None,
) -> Recorded:
    """An event as the reader hands it over."""
    return Recorded(
        position=Position(number if xid is None else xid, number),
        type=type_,
        occurred_at=datetime.now(UTC),
        topics=tuple(WALL_KEY if topic == "wall" else topic for topic in topics),
        payload={**POST, "author_id": str(UUID(int=3)), "length": 3, **(payload or {})},
    )


async def all_open(_actor: Actor, thread_ids: Collection[UUID]) -> set[UUID]:
    """Every thread is open to everyone."""
    return set(thread_ids)


def positions(numbers: Iterable[int]) -> list[str]:
    return [f"{number}-{number}" for number in numbers]
