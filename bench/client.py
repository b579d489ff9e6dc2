"""A client that costs little: one keep-alive connection, ready-made bytes, no parsing of bodies."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.machines import cpu_seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, and the body as it came."""

    status: int
    body: bytes


class Connection:
    """HTTP/1.1 to this machine, one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> Answer:
        """Send ready bytes and read one answer; opens the connection when needed."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        body = await self._reader.readexactly(length) if length else b""
        return Answer(status, body)

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()


def request(
    method: str,
    path: str,
    port: int,
    *,
    cookie: str | None = None,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    """A request as bytes, as a browser on our own page would send it."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines.append(f"Origin: http://127.0.0.1:{port}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds a request, of the server and of the database, and the wait in ms."""

    server_ms: float
    database_ms: float
    median_ms: float
    p99_ms: float

    @property
    def total_ms(self) -> float:
        """What the machine paid in all."""
        return self.server_ms + self.database_ms


async def cost(
    port: int,
    requests: Sequence[bytes],
    *,
    server: int,
    database: int | None,
    is_right: Callable[[Answer], bool] = lambda answer: answer.status < 300,
    warm_up: int = 60,
) -> Cost:
    """Send every request once, in turn, and share the CPU time among them."""
    connection = Connection(port)
    for ready in requests[:warm_up]:
        _check(await connection.send(ready), is_right)
    counted = requests[warm_up:]
    before = cpu_seconds(server), cpu_seconds(database) if database else 0.0
    waits = []
    for ready in counted:
        started = time.perf_counter()
        answer = await connection.send(ready)
        waits.append(time.perf_counter() - started)
        _check(answer, is_right)
    after = cpu_seconds(server), cpu_seconds(database) if database else 0.0
    await connection.close()
    share = 1000 / len(counted)
    return Cost(
        (after[0] - before[0]) * share,
        (after[1] - before[1]) * share,
        statistics.median(waits) * 1000,
        sorted(waits)[int(len(waits) * 0.99)] * 1000,
    )


def _check(answer: Answer, is_right: Callable[[Answer], bool]) -> None:
    if not is_right(answer):
        raise RuntimeError(f"a benchmark got {answer.status}: {answer.body[:300]!r}")
