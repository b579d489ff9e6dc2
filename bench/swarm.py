"""Many sockets that cost little: frames are counted and not looked into."""

import asyncio
import base64
import itertools
import os
import time
from collections.abc import Sequence
from typing import cast

BATCH = 50
TEXT, PING = 0x81, 0x89
PATIENCE_SECONDS = 60.0


def text_frame(text: bytes) -> bytes:
    """A client's masked text frame with a mask of zeros, which leaves the bytes as they are."""
    size = len(text)
    head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + text


class Client(asyncio.Protocol):
    """One socket. Says hello, hears the server out, then counts bytes of frames."""

    def __init__(self, swarm: "Swarm") -> None:
        self._swarm = swarm
        self._heard = b""
        self._is_open = False
        self._is_ready = False
        #: Frames of text, once the server has been heard out.
        self.received = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's are not of that class
        self.transport.write(next(self._swarm.handshakes))

    def data_received(self, data: bytes) -> None:
        self._heard = self._heard + data if self._heard else data
        if not self._is_open:
            if b"\r\n\r\n" not in self._heard:
                return
            self._open()
        self._take_frames()

    def _take_frames(self) -> None:
        """Count texts and answer pings: a server lets go of a client that does not."""
        heard, at = self._heard, 0
        while len(heard) >= at + 4:
            size, head = heard[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(heard[at + 2 : at + 4], "big"), 4
            end = at + head + size
            if len(heard) < end:
                break
            if heard[at] == PING and self.transport is not None:
                self.transport.write(
                    b"\x8a" + bytes([0x80 | size, 0, 0, 0, 0]) + heard[end - size : end]
                )
            elif heard[at] == TEXT:
                self._count(heard[at + head : end])
            at = end
        self._heard = heard[at:]

    def _count(self, text: bytes) -> None:
        if self._is_ready:
            self.received += 1
            self._swarm.note(self)
        elif self._swarm.last_words in text:
            self._be_ready()

    def _be_ready(self) -> None:
        self._is_ready = True
        self._swarm.note_ready()

    def _open(self) -> None:
        head, _, self._heard = self._heard.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise RuntimeError(head.decode("latin-1"))
        self._is_open = True
        if self._swarm.first_words and self.transport is not None:
            self.transport.write(self._swarm.first_words)
        if not self._swarm.last_words:
            self._be_ready()

    def connection_lost(self, exc: Exception | None) -> None:
        self._swarm.note_lost()


class Swarm:
    """Sockets to one server, all waiting for the same bytes."""

    def __init__(
        self,
        port: int,
        path: str,
        cookies: Sequence[str],
        *,
        first_words: bytes = b"",
        last_words: bytes = b"",
    ) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.port = port
        self.first_words = text_frame(first_words) if first_words else b""
        #: What the server says last before it is only to be counted.
        self.last_words = last_words
        #: By turns: one account may have so many sockets and no more.
        self.handshakes = itertools.cycle(
            (
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n\r\n"
            ).encode()
            for cookie in cookies
        )
        self.clients: list[Client] = []
        self.lost = 0
        self._ready_count = 0
        self._to_open = 0
        self._opened = asyncio.Event()
        self._awaited = 0
        self._behind: set[Client] = set()
        self._all = asyncio.Event()
        #: When the last of them had what was awaited.
        self.last_at = 0.0

    async def open(self, count: int) -> None:
        """Open more, a few at a time, until there are so many."""
        loop = asyncio.get_running_loop()
        self._to_open = count
        self._opened.clear()
        while len(self.clients) < count:
            made = await asyncio.gather(
                *(
                    loop.create_connection(lambda: Client(self), "127.0.0.1", self.port)
                    for _ in range(min(BATCH, count - len(self.clients)))
                )
            )
            self.clients += [client for _, client in made]
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._opened.wait()

    def expect(self, received: int) -> None:
        """Wait for this many frames on every socket, counted from the last `reset`."""
        self._awaited = received
        self._behind = {client for client in self.clients if client.received < received}
        self._all.clear()
        if not self._behind:
            self._all.set()

    async def all_have_it(self) -> float:
        """When the last one had it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._all.wait()
        if self.lost:
            raise RuntimeError(f"the server let go of {self.lost} sockets")
        return self.last_at

    def note_ready(self) -> None:
        """One more is open and has been heard out."""
        self._ready_count += 1
        if self._ready_count >= self._to_open:
            self._opened.set()

    def note(self, client: Client) -> None:
        """Something came."""
        if client.received >= self._awaited and client in self._behind:
            self._behind.discard(client)
            if not self._behind:
                self.last_at = time.monotonic()
                self._all.set()

    def note_lost(self) -> None:
        """One is gone: no use in waiting for it."""
        self.lost += 1
        self._all.set()

    def reset(self) -> None:
        """Count from here."""
        for client in self.clients:
            client.received = 0

    def close(self) -> None:
        """Hang up."""
        for client in self.clients:
            if client.transport is not None:
                client.transport.abort()
