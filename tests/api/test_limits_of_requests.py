"""What never ends is not kept: heads, bodies and answers have a size and a time of their own."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn

from app import serve
from app.api import protocol
from app.core.settings import Settings
from app.run.listener import open_listener
from tests.support.waiting import eventually

GET = b"GET /health/live HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


class Browser:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def say(self, *pieces: bytes) -> None:
        """Send, and stop without a word when the other side has had enough."""
        with suppress(ConnectionError):
            for piece in pieces:
                self.writer.write(piece)
                await self.writer.drain()

    async def hear(self) -> bytes:
        """Everything until the server ends."""
        async with asyncio.timeout(30):
            with suppress(ConnectionError):
                return await self.reader.read()
            return b""

    async def status(self) -> int:
        """The next answer's status; what follows is left."""
        async with asyncio.timeout(30):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            await self.reader.readexactly(length)
        return int(head.split()[1])


class Server:
    """The server as it is configured, in this process, so that its limits can be shortened."""

    def __init__(self, settings: Settings) -> None:
        self.listener = open_listener("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.uvicorn = uvicorn.Server(serve.configuration(settings))

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Browser]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Browser(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def open_connections(self) -> int:
        return len(self.uvicorn.server_state.connections)


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Server]:
    made = Server(settings)
    task = asyncio.create_task(made.uvicorn.serve(sockets=[made.listener]))

    async def is_up() -> bool:
        return made.uvicorn.started

    await eventually(is_up)
    yield made
    made.uvicorn.should_exit = True
    await task


@pytest.mark.parametrize(
    "endless",
    [
        b"X-Long: " + b"a" * 70_000,
        b"X-Long: " + b"a" * 300_000 + b"\r\n\r\n",
        b"".join(b"X-%d: a\r\n" % n for n in range(10_000)),
        b"Cookie: " + b"a=b; " * 20_000,
    ],
    ids=["one that goes on", "one that is whole", "many", "cookies"],
)
async def test_a_head_over_64_kb_is_refused_in_words(server: Server, endless: bytes) -> None:
    async with server.connected() as browser:
        await browser.say(GET, endless)
        answer = await browser.hear()
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"application/problem+json" in answer
    assert b'"type":"head-too-large"' in answer
    async with server.connected() as next_one:
        await next_one.say(GET, b"\r\n")
        assert await next_one.status() == 200


async def test_a_request_line_that_goes_on_is_refused(server: Server) -> None:
    async with server.connected() as browser:
        await browser.say(b"GET /", b"a" * 70_000)
        assert (await browser.hear()).startswith(b"HTTP/1.1 431 ")


async def test_a_head_just_below_is_taken_also_byte_by_byte_and_also_the_second(
    server: Server,
) -> None:
    head = GET + b"X-Long: " + b"a" * 60_000 + b"\r\n\r\n"
    async with server.connected() as browser:
        await browser.say(head)
        assert await browser.status() == 200
        await browser.say(*(head[n : n + 1000] for n in range(0, len(head), 1000)))
        assert await browser.status() == 200
        await browser.say(head + head)
        assert [await browser.status(), await browser.status()] == [200, 200]
        await browser.say(GET, b"X-Long: " + b"a" * 70_000)
        assert (await browser.hear()).startswith(b"HTTP/1.1 431 ")


async def test_a_header_that_never_ends_costs_nothing_and_keeps_nobody_waiting(
    server: Server,
) -> None:
    """96 MB took 15 s of processor time, and others waited for 23 s."""
    async with server.connected() as browser:
        began = time.process_time()
        await browser.say(GET + b"X-Long: ", *([b"a" * 65_536] * 1500))
        assert (await browser.hear()).startswith(b"HTTP/1.1 431 ")
        assert time.process_time() - began < 3


@pytest.mark.parametrize("what", ["trailer", "extension"])
async def test_neither_trailers_nor_chunks_are_a_way_around(server: Server, what: str) -> None:
    begun = b"2;a=" if what == "extension" else b"2\r\n{}\r\n0\r\nX-Long: "
    async with server.connected() as browser:
        await browser.say(POST, b"Transfer-Encoding: chunked\r\n\r\n", begun)
        await browser.say(*([b"a" * 10_000] * 30))
        answer = await browser.hear()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")

    assert await eventually(server.open_connections, until=lambda number: number == 0) == 0


async def test_what_is_no_http_is_refused_in_our_own_shape(server: Server) -> None:
    async with server.connected() as browser:
        await browser.say(b"\x16\x03\x01 hello\r\n\r\n")
        answer = await browser.hear()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"type":"malformed"' in answer


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (b"", b""),
        (b"\r\n", b""),
        (b"GET / HTT", b"HTTP/1.1 408 "),
        (GET + b"X-Slow: a", b"HTTP/1.1 408 "),
        (POST + b"Content-Length: 100\r\n\r\n{", b"HTTP/1.1 408 "),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"HTTP/1.1 408 "),
        (
            b"GET /api/v1/live HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
            b"HTTP/1.1 408 ",
        ),
    ],
    ids=["nothing", "an empty line", "a line", "a header", "a body", "chunks", "a handshake"],
)
async def test_whoever_begins_and_does_not_go_on_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch, begun: bytes, status: bytes
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.3)
    async with server.connected() as browser:
        await browser.say(begun)
        assert (await browser.hear()).startswith(status)
    assert await eventually(server.open_connections, until=lambda number: number == 0) == 0


async def test_a_drop_at_a_time_does_not_move_the_deadline(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)
    async with server.connected() as browser:
        await browser.say(GET)

        async def drip() -> None:
            while True:
                await browser.say(b"X-A: b\r\n")
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert (await browser.hear()).startswith(b"HTTP/1.1 408 ")
        dripping.cancel()


async def test_hundreds_of_half_open_connections_are_all_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 1.0)
    kept = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(300)]
    for number, (_, writer) in enumerate(kept):
        writer.write(GET[: number % len(GET)])

    assert await eventually(server.open_connections, until=lambda number: number == 0) == 0
    for _, writer in kept:
        writer.close()
    gc.collect()


async def test_who_takes_nothing_of_an_answer_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "ANSWER_SECONDS", 0.3)
    async with server.connected() as browser:
        # More than the kernel keeps for both sides.
        await browser.say(*([b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"] * 100))

        assert await eventually(server.open_connections, until=lambda number: number == 0) == 0


async def test_a_socket_asked_for_with_a_long_header_is_answered_and_not_kept(
    server: Server,
) -> None:
    async with server.connected() as browser:
        await browser.say(
            b"GET /api/v1/live HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n"
        )
        assert (await browser.hear()).startswith(b"HTTP/1.1 431 ")
