"""uvicorn's protocols: ours where they work with the uvicorn that is installed, else its own.

Ours (`api.protocol`, `realtime.protocol`) build on classes that uvicorn may change in any release.
So before a server starts they answer a few requests over a pair of sockets, which takes some ten
milliseconds. Where that fails, one line of the log says so and the site runs on uvicorn's own.
"""

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import uvicorn
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from websockets.frames import Frame, Opcode

from app.core.logs import logger
from app.realtime.frames import encode
from app.realtime.wire import wire_of


class Protocols(NamedTuple):
    """What uvicorn is given: names, which it imports itself."""

    http: str
    ws: str


OURS = Protocols("app.api.protocol:BoundedProtocol", "app.realtime.protocol:LiveProtocol")
PLAIN = Protocols("httptools", "websockets-sansio")

#: A protocol that says nothing for so long does not work.
TRIAL_SECONDS = 3.0

_FRAME = encode({"type": "pong"})
#: What is said on one connection, and what has to come back.
_REQUESTS = [
    (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 200 OK\r\n"),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na", b"HTTP/1.1 200 OK\r\n"),
    (b"no HTTP\r\n\r\n", b"HTTP/1.1 400 "),
]
_LIVE = [
    (
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n",
    ),
    (
        Frame(Opcode.TEXT, b"pi", fin=False).serialize(mask=True)
        + Frame(Opcode.CONT, b"ng").serialize(mask=True),
        _FRAME.wire + b"\x88",
    ),
]


def best() -> Protocols:
    """As many of ours as work here."""
    refused: BaseException | None = None
    for pair in product(*zip(OURS, PLAIN, strict=True)):
        if pair == PLAIN or (error := _refusal(Protocols(*pair))) is None:
            break
        refused = refused or error
    found = Protocols(*pair)
    if refused is not None:
        logger.warning(
            "uvicorn is not as expected: its own protocols serve, which is slower or less strict",
            error=repr(refused),
            **found._asdict(),
        )
    return found


def _refusal(protocols: Protocols) -> BaseException | None:
    """Why they don't work, if so. In a thread, because the caller may be in a running loop."""
    trial = _Trial()
    told = logging.getLogger("uvicorn.error")
    level = told.level
    told.setLevel(logging.CRITICAL)  # nobody has to read of what is only tried out
    try:
        with ThreadPoolExecutor(1) as pool:
            error = pool.submit(asyncio.run, trial.run(protocols)).exception()
    finally:
        told.setLevel(level)
    return error and (trial.errors or [error])[0]


class _Trial:
    """The smallest site, and a browser in front of it."""

    def __init__(self) -> None:
        #: What went wrong in the server, which the browser sees as silence alone.
        self.errors: list[BaseException] = []

    async def run(self, protocols: Protocols) -> None:
        """Raises when an answer is not the expected one."""
        asyncio.get_running_loop().set_exception_handler(self._note)
        config = uvicorn.Config(
            self._site,
            interface="asgi3",
            http=protocols.http,
            ws=protocols.ws,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
        )
        config.load()
        for said_and_expected in (_REQUESTS, _LIVE):
            async with asyncio.timeout(TRIAL_SECONDS):
                await self._talk(config, said_and_expected)

    def _note(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if error := context.get("exception"):
            self.errors.append(error)

    async def _talk(self, config: uvicorn.Config, exchanges: list[tuple[bytes, bytes]]) -> None:
        theirs, ours = socket.socketpair()
        state = uvicorn.Server(config).server_state
        protocol: Any = config.http_protocol_class
        connection = partial(protocol, config=config, server_state=state, app_state={})
        await asyncio.get_running_loop().connect_accepted_socket(connection, theirs)
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            for said, expected in exchanges:
                writer.write(said)
                await reader.readuntil(expected)
        finally:
            writer.transport.abort()

    async def _site(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if scope["type"] == "http":
            await Response()(scope, receive, send)
            return
        try:
            await send({"type": "websocket.accept"})
            wire = wire_of(scope, send)
            wire.settle()
            await receive()
            wire.write(_FRAME)
            await wire.drained()
            await wire.close(1000)
            wire.release()
        except Exception as error:
            self.errors.append(error)
