"""uvicorn's WebSocket protocol, with a way by which ready frames go to the transport.

Passed to uvicorn as `ws=`. The hub encodes a frame once; here the same bytes are written to each
socket, in one order with what ASGI sends: uvicorn hands its own frames to the transport at once
and keeps none back. No task, no queue and no second encoding a socket.

It also keeps less: most sockets sit and wait, so what they hold while waiting is the memory of
the server. asyncio's Queue and Event cost 4.5 kB a socket for their empty deques, the headers of a
browser's handshake, kept in three shapes, some 10 kB.

Measured with 1,000 sockets against uvicorn's own and the queue of `wire`: 103,000 to 114,000 frames
a CPU second, not 47,000 to 50,000; 17 to 18 kB a socket, not 36. It builds on a class that uvicorn
may change: `protocol_trial` tries it out before a server starts, and takes uvicorn's own instead.
"""

import asyncio
from typing import Any, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

from app.realtime.frames import Encoded
from app.realtime.wire import EXTENSION, GOODBYES, MOST_BUFFERED_BYTES

#: No browser cuts what it asks us into pieces at all.
MOST_PIECES = 64


class Inbox:
    """As much of asyncio.Queue as uvicorn uses: one reader, few messages."""

    __slots__ = ("_messages", "_reader")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, message: Any) -> None:
        """Add one, and wake the reader."""
        self._messages.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        """The next one."""
        while not self._messages:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._messages.pop(0)

    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._messages


class WriteGate:
    """As much of asyncio.Event as uvicorn uses: waiting until a full transport takes more."""

    __slots__ = ("_closed",)

    def __init__(self) -> None:
        self._closed: asyncio.Event | None = None

    def clear(self) -> None:
        """Close it."""
        if self._closed is None:
            self._closed = asyncio.Event()

    def set(self) -> None:
        """Open it; those who wait go on."""
        if self._closed is not None:
            self._closed.set()
            self._closed = None

    async def wait(self) -> None:
        """Until it is open."""
        while self._closed is not None:
            await self._closed.wait()


class LiveProtocol(WebSocketsSansIOProtocol):
    """Offers itself to the application as the `alongside.wire` extension: a `wire.Wire`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = cast(asyncio.Queue[Any], Inbox())
        self.writable = cast(asyncio.Event, WriteGate())

    def handle_connect(self, event: Request) -> None:
        """The application's task starts in a later turn of the loop and finds the extension."""
        super().handle_connect(event)
        if not self.handshake_complete:
            cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = self

    async def send(self, message: ASGISendEvent) -> None:
        """A handshake that was refused with a response is complete: uvicorn would log an error."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True

    def handle_cont(self, event: Frame) -> None:
        """The size of a message is bounded elsewhere, the number of its empty pieces here."""
        if len(self.frames) >= MOST_PIECES:
            self.abort()
            return
        super().handle_cont(event)

    def write(self, frame: Encoded) -> bool:
        """Hand the frame to the transport; False when the client is gone or does not read."""
        transport = self.transport
        if not self.handshake_complete or self.close_sent or transport.is_closing():
            return False
        if transport.get_write_buffer_size() > MOST_BUFFERED_BYTES:
            return False
        transport.write(frame.wire)
        return True

    async def drained(self) -> None:
        """Wait until the client has taken most of what it was sent, or has gone."""
        await self.writable.wait()

    async def close(self, code: int) -> None:
        """By ASGI's own way, so that the server's state follows; nothing when it has closed."""
        if not self.close_sent:
            await self.send({"type": "websocket.close", "code": code, "reason": GOODBYES.get(code)})

    def abort(self) -> None:
        """Let go at once; what was not sent is not sent."""
        self.transport.abort()

    def settle(self) -> None:
        """The handshake is over and answered: forget what was asked in it."""
        cast(list[Any], self.scope["headers"]).clear()
        self.request.headers.clear()
        self.response.headers.clear()

    def release(self) -> None:
        """Nothing of ours runs for a socket."""
