"""A server near its limit of open files: it says so, and answers what can be answered."""

import asyncio
import json
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from app.core.db import Database
from tests.people import signed_in
from tests.realtime.sockets import ask, hear, open_socket
from tests.support.servers import ServerProcess, serving
from tests.support.waiting import eventually

LIMIT = 80
#: Fewer than one account may have.
SOCKETS_EACH = 20


class Log:
    """What the server has said so far, by its first words."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd
        self._lines: list[dict[str, Any]] = []

    async def lines(self, event: str) -> list[dict[str, Any]]:
        written = self._capfd.readouterr().err.splitlines()
        self._lines += [json.loads(line) for line in written if line.startswith("{")]
        return [line for line in self._lines if line["event"].startswith(event)]

    async def says(self, event: str) -> dict[str, Any]:
        """The first line that begins so, once it is there."""
        return (await eventually(lambda: self.lines(event)))[0]


async def read(server: ServerProcess, path: str = "/health/ready") -> httpx2.Response:
    """By a connection of its own."""
    async with httpx2.AsyncClient(base_url=server.origin, verify=False) as visitor:
        return await visitor.get(path)


async def figures_of(server: ServerProcess) -> dict[str, float]:
    lines = (await read(server, "/metrics")).text.splitlines()
    ours = [line.split() for line in lines if line.startswith("alongside_") and "{" not in line]
    return {name: float(value) for name, value in ours}


async def fill(
    server: ServerProcess, outside: Database, until_gone: AsyncExitStack
) -> tuple[ClientConnection, InvalidStatus]:
    """Open sockets until the next is refused and a plain answer ends its connection; returns the
    first of them and the refusal."""
    first = refusal = None
    for number in count():
        if number % SOCKETS_EACH == 0:
            member = await signed_in(outside)
        try:
            opened = await until_gone.enter_async_context(open_socket(server.live, member.cookie))
            first = first or opened
        except InvalidStatus as refused:
            refusal = refused
            answer = await read(server)
            assert answer.status_code == 200
            if answer.headers.get("connection") == "close":
                break
    assert first is not None
    assert refusal is not None
    return first, refusal


async def test_near_the_limit_sockets_are_put_off_and_pages_answered_until_it_is_over(
    database_url: str, outside: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    log = Log(capfd)
    with serving(database_url, open_files=(48, LIMIT)) as server:
        assert (await log.says("open files"))["limit"] == LIMIT
        assert "connection" not in (await read(server)).headers
        async with AsyncExitStack() as until_gone:
            first, refusal = await fill(server, outside, until_gone)
            assert refusal.response.status_code == 503
            assert b'"type":"no-room"' in (refusal.response.body or b"")
            warning = await log.says("open files run out")
            assert warning["open"] >= 0.8 * LIMIT
            assert warning["level"] == "warning"
            figures = await figures_of(server)
            assert figures["alongside_open_files"] >= 0.8 * LIMIT
            assert figures["alongside_open_files_limit"] == LIMIT
            assert figures["alongside_live_put_off_total"] >= 1
            await hear(first)
            await ask(first, do="ping")
            assert (await hear(first))["type"] == "pong"
        await log.says("open files are enough again")
        assert len(await log.lines("open files run out")) == 1
        member = await signed_in(outside)
        async with open_socket(server.live, member.cookie) as socket:
            assert (await hear(socket))["type"] == "welcome"


async def test_with_no_file_left_the_log_says_so_and_who_is_there_stays(
    database_url: str, outside: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    log = Log(capfd)
    with serving(database_url, open_files=(48, LIMIT)) as server:
        member = await signed_in(outside)
        async with open_socket(server.live, member.cookie) as socket:
            assert (await hear(socket))["type"] == "welcome"
            visitors = [
                await asyncio.open_connection("127.0.0.1", server.port) for _ in range(LIMIT)
            ]
            line = await log.says("all files are open")
            assert line["level"] == "error"
            assert "LimitNOFILE" in line["todo"]
            await ask(socket, do="ping")
            assert (await hear(socket))["type"] == "pong"
            for _, writer in visitors:
                writer.transport.abort()
            await log.says("open files are enough again")
            assert (await read(server)).status_code == 200
            async with open_socket(server.live, member.cookie) as another:
                assert (await hear(another))["type"] == "welcome"
        assert len(await log.lines("all files are open")) == 1
