"""The wire of a socket: straight to the transport where our server offers it, by ASGI elsewhere."""

import asyncio
from contextlib import suppress
from typing import Final, Protocol

from starlette.types import Scope, Send

from app.realtime.frames import Encoded

#: The name of our server's extension in the ASGI scope (`protocol.LiveProtocol`).
EXTENSION = "alongside.wire"

#: A client whose unsent bytes pass this is let go; it comes back and resumes.
MOST_BUFFERED_BYTES = 256 * 1024


#: What is said with a close code to whoever reads it.
GOODBYES: Final = {
    4430: "This account is open in very many windows. Close some, then load this page again."
}


class Wire(Protocol):
    """Takes frames without waiting, in order."""

    def write(self, frame: Encoded) -> bool:
        """Hand over one frame; False when the client is gone or too slow."""

    async def drained(self) -> None:
        """Wait until the client has taken most of what it was sent."""

    async def close(self, code: int) -> None:
        """Say goodbye, after all that was written."""

    def abort(self) -> None:
        """Let go at once."""

    def settle(self) -> None:
        """The socket is open: forget the handshake."""

    def release(self) -> None:
        """The conversation is over: keep nothing running."""


class QueuedWire:
    """A bounded queue and a task that empties it, for servers without the extension."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue: asyncio.Queue[Encoded] = asyncio.Queue()
        self._waiting_bytes = 0
        self._is_over = False
        self._task = asyncio.get_running_loop().create_task(self._pump())

    def write(self, frame: Encoded) -> bool:
        """Queue one frame, unless the client is too far behind."""
        if self._is_over or self._task.done() or self._waiting_bytes > MOST_BUFFERED_BYTES:
            return False
        self._waiting_bytes += len(frame.json)
        self._queue.put_nowait(frame)
        return True

    async def drained(self) -> None:
        """Wait for the queue to empty, or the client to go."""
        joined = asyncio.ensure_future(self._queue.join())
        await asyncio.wait({joined, self._task}, return_when=asyncio.FIRST_COMPLETED)
        joined.cancel()

    async def close(self, code: int) -> None:
        """After all that was queued."""
        await self.drained()
        self.abort()
        await self._send({"type": "websocket.close", "code": code, "reason": GOODBYES.get(code)})

    def abort(self) -> None:
        """Send nothing more."""
        self._is_over = True
        self._task.cancel()

    def settle(self) -> None:
        """The server may need it."""

    def release(self) -> None:
        """End the task."""
        self.abort()

    async def _pump(self) -> None:
        with suppress(OSError, RuntimeError):  # what servers raise when the client has gone
            while True:
                frame = await self._queue.get()
                await self._send({"type": "websocket.send", "text": frame.json.decode()})
                self._waiting_bytes -= len(frame.json)
                self._queue.task_done()


def wire_of(scope: Scope, send: Send) -> Wire:
    """The best wire this server has."""
    direct: Wire | None = scope.get("extensions", {}).get(EXTENSION)
    return direct or QueuedWire(send)
