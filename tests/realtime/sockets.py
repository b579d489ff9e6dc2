"""A browser's end of the live socket: it comes back after any break and says where it was."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from app.core.events import Position
from tests.support.waiting import eventually


@asynccontextmanager
async def open_socket(
    address: str, cookie: str | None, *, origin: str | None = None, **options: Any
) -> AsyncIterator[ClientConnection]:
    """A socket with this cookie."""
    headers = {} if cookie is None else {"Cookie": cookie}
    if origin is not None:
        headers["Origin"] = origin
    async with connect(
        address, additional_headers=headers, compression=None, proxy=None, **options
    ) as socket:
        yield socket


async def ask(socket: ClientConnection, **request: Any) -> None:
    await socket.send(orjson.dumps(request).decode())


async def hear(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(15):
        frame: dict[str, Any] = orjson.loads(await socket.recv())
        return frame


async def subscribed(socket: ClientConnection, *topics: str, since: str | None = None) -> str:
    """Ask for topics; returns the position of the answer, passing over what was missed."""
    await ask(socket, do="subscribe", topics=topics, since=since, ref=1)
    while (frame := await hear(socket))["type"] != "subscribed":
        pass
    return str(frame["position"])


class Follower:
    """Keeps one position a topic, as the front end does, and what it was told since."""

    def __init__(self, address: str, cookie: str, *topics: str, since: str | None = None) -> None:
        self.address = address
        self.cookie = cookie
        self.places: dict[str, str | None] = dict.fromkeys(topics, since)
        self.told: dict[str, list[Position]] = {topic: [] for topic in topics}
        self.frames: list[dict[str, Any]] = []
        self.openings = 0
        self.refetches = 0
        self.refused: list[str] = []
        self.close_codes: list[int | None] = []
        self._socket: ClientConnection | None = None
        self._task = asyncio.create_task(self._stay())

    def __repr__(self) -> str:
        return f"<{len(self.frames)} frames, {self.openings} openings, {self.refetches} refetches>"

    @property
    def numbers(self) -> list[int]:
        """The numbers of what was told (`factories.edited`), in order."""
        return [UUID(frame["post_id"]).int for frame in self.frames]

    async def settled(self) -> None:
        """Wait until every topic has its place."""

        async def places() -> list[str | None]:
            return list(self.places.values())

        await eventually(places, until=all)

    async def has(self, enough: Callable[["Follower"], bool]) -> None:
        async def look() -> "Follower":
            return self

        await eventually(look, until=enough, seconds=60)

    def cut(self) -> None:
        """The network is gone, without a goodbye."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _stay(self) -> None:
        while True:
            with suppress(OSError, TimeoutError, InvalidHandshake, WebSocketException):
                async with open_socket(self.address, self.cookie, open_timeout=30) as socket:
                    self._socket = socket
                    await self._listen(socket)
            await asyncio.sleep(0.05)

    async def _listen(self, socket: ClientConnection) -> None:
        self.openings += 1
        for ref, (topic, place) in enumerate(self.places.items()):
            await ask(socket, do="subscribe", topics=[topic], since=place, ref=ref)
        try:
            async for message in socket:
                self._hear(orjson.loads(message))
        finally:
            self.close_codes.append(socket.close_code)

    def _hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "subscribed":
            for topic in frame["topics"]:
                self.places[topic] = self.places[topic] or frame["position"]
        elif frame["type"] == "refetch":
            self.refetches += 1
            self.places.update(dict.fromkeys(frame["topics"], frame["position"]))
        elif frame["type"] == "refused":
            self.refused.append(frame["topic"])
        elif "." in frame["type"]:
            self._show(frame)

    def _show(self, frame: dict[str, Any]) -> None:
        """Shows whatever comes: the tests look whether it came once and in order."""
        self.frames.append(frame)
        position = Position.parse(frame["position"])
        for topic in frame["topics"]:
            self.told[topic].append(position)
            self.places[topic] = frame["position"]

    def is_in_order(self) -> bool:
        """Strictly: nothing twice, nothing early, on any topic."""
        return all(list(told) == sorted(set(told)) for told in self.told.values())
