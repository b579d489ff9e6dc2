"""One open socket: who is on it, what it listens to, and the wire it hangs on."""

import asyncio
import time
from uuid import UUID

from app.core.logs import logger
from app.identity.actors import Actor
from app.realtime.wire import Wire

#: Close codes of ours (RFC 6455 leaves 4000 to 4999 to applications).
MALFORMED = 4400
SIGNED_OUT = 4401
RIGHTS_CHANGED = 4403
TOO_MANY = 4429
CROWDED = 4430
#: Registered ones.
TRY_AGAIN_LATER = 1013

END_SECONDS = 5.0

MOST_REQUESTS = 240
PER_SECONDS = 60.0


class Connection:
    """A socket in the hub. It holds no database connection."""

    __slots__ = ("_asked", "_since", "actor", "topics", "wire", "write")

    def __init__(self, actor: Actor, wire: Wire) -> None:
        self.actor = actor
        self.wire = wire
        #: Bound once: this is called for every frame of every socket.
        self.write = wire.write
        #: Addresses of events (`TopicNames.key_of`), not the browser's names.
        self.topics: set[str] = set()
        self._asked = 0
        self._since = time.monotonic()

    @property
    def session_id(self) -> UUID:
        """The sign-in it stands on."""
        return self.actor.session_id

    def may_ask(self) -> bool:
        """Whether the client keeps to a decent pace."""
        now = time.monotonic()
        if now - self._since > PER_SECONDS:
            self._asked, self._since = 0, now
        self._asked += 1
        return self._asked <= MOST_REQUESTS

    async def end(self, code: int) -> None:
        """Close with this code; a client that does not take it in time is let go."""
        try:
            async with asyncio.timeout(END_SECONDS):
                await self.wire.close(code)
        except (TimeoutError, OSError, RuntimeError) as error:
            logger.info("socket let go", error=type(error).__name__)
            self.wire.abort()
