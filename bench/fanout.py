"""One event to every open socket, against `websockets.broadcast` in a bare server.

Runs as a process of its own, on uvloop, so that the clients cost as little as can be. The wait is
counted from before the INSERT is sent until the last client has the frame.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
import uvloop

from app.community.spaces import WALL
from app.core import migrations
from app.core.db import Database
from app.postgres import running
from app.realtime.hub import MOST_SOCKETS
from bench import machines
from bench.swarm import Swarm
from tests.people import signed_in
from tests.support.settings import environment_for, settings_for

FRAME_BYTES = 500
FIRST = 100
SUBSCRIBE = b'{"do":"subscribe","topics":["wall"],"since":null,"ref":1}'
Tell = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Frames a CPU second of the server, waits in ms, memory a socket in kB (10^3 bytes)."""

    frames_per_cpu_second: float
    p50_ms: float
    p99_ms: float
    kb_a_socket: float


async def run(is_quick: bool) -> dict[str, dict[str, Any]]:
    """Measure in another process; rows by name."""
    arguments = ["-m", "bench.fanout", *(["quick"] if is_quick else [])]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=subprocess.PIPE, cwd=machines.ROOT
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the fan-out could not be measured: see above and var/bench.log")
    rows: dict[str, dict[str, Any]] = json.loads(out)
    return rows


async def measure(swarm: Swarm, pid: int, count: int, tell: Tell, rounds: int) -> Seen:
    """Open the sockets, then tell them again and again, each time when all have the last."""
    await swarm.open(FIRST)  # what a process holds once, it holds from the first sockets on
    before = machines.memory_mb(pid)
    await swarm.open(count)
    memory = (machines.memory_mb(pid) - before) * 1000 / (count - FIRST)
    swarm.reset()
    waits: list[float] = []
    cpu = 0.0
    for number in range(rounds + 5):
        if number == 5:  # what comes first warms up
            cpu, waits = machines.cpu_seconds(pid), []
        swarm.expect(number + 1)
        started = time.monotonic()
        await tell()
        waits.append((await swarm.all_have_it() - started) * 1000)
    cpu = machines.cpu_seconds(pid) - cpu
    waits.sort()
    at = int(len(waits) * 0.99)
    return Seen(rounds * count / cpu, waits[len(waits) // 2], waits[at], memory)


async def bare(count: int, rounds: int) -> Seen:
    """The baseline."""
    port, control = machines.free_port(), machines.free_port()
    with machines.process(["-m", "bench.bare_broadcast", str(port), str(control)], port) as pid:
        _, writer = await asyncio.open_connection("127.0.0.1", control)

        async def tell() -> None:
            writer.write(f"{FRAME_BYTES}\n".encode())

        swarm = Swarm(port, "/", ["none"])
        seen = await measure(swarm, pid, count, tell, rounds)
        swarm.close()
        writer.close()
        return seen


async def ours(url: str, count: int, rounds: int) -> Seen:
    """The product: an event committed by another process."""
    port = machines.free_port()
    database = Database(settings_for(url).database)
    await database.open()
    members = [await signed_in(database) for _ in range(-(-count // MOST_SOCKETS))]
    await database.close()
    environment = environment_for(url, port, DEMO="0")
    with machines.process(["-m", "app.cli", "serve"], port, environment) as pid:
        connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
        async with connection:
            swarm = Swarm(
                port,
                "/api/v1/live",
                [member.cookie for member in members],
                first_words=SUBSCRIBE,
                last_words=b'"subscribed"',
            )

            async def tell() -> None:
                await _record(connection)

            seen = await measure(swarm, pid, count, tell, rounds)
            swarm.close()
            return seen


async def _record(connection: psycopg.AsyncConnection[Any]) -> None:
    """An event whose frame has exactly FRAME_BYTES."""
    facts = {
        "post_id": str(UUID(int=1)),
        "thread_id": str(UUID(int=2)),
        "parent_id": None,
        "author_id": str(UUID(int=3)),
    }
    cursor = await connection.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        f" SELECT 'post.published', now(), ARRAY['space:' || {WALL}],"
        " %(facts)s::jsonb || jsonb_build_object("
        "'intent', repeat('x', %(size)s - length(pg_current_xact_id() || '-' || next)))"
        " FROM (SELECT coalesce(max(id), 0) + 1 AS next FROM core.events) AS numbered",
        {"facts": json.dumps(facts), "size": FRAME_BYTES - _overhead(facts)},
        prepare=True,
    )
    assert cursor.rowcount == 1


def _overhead(facts: dict[str, Any]) -> int:
    """Bytes of the frame without its position and its intent."""
    frame = {"type": "post.published", "position": "", "topics": ["wall"], **facts, "intent": ""}
    return len(orjson.dumps(frame))


@contextmanager
def fresh_database() -> Iterator[str]:
    """A durable server with the migrations, for this measurement alone."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
        Path(folder).chmod(0o711)
        with running(Path(folder) / "data") as url:
            migrations.upgrade(url)
            yield url


def _row(seen: Seen, base: Seen) -> dict[str, Any]:
    return {
        "value": seen.frames_per_cpu_second,
        "unit": "frames a CPU second",
        "baseline": base.frames_per_cpu_second,
        "note": f"commit to last client p50 {seen.p50_ms:.0f}, p99 {seen.p99_ms:.0f} ms"
        f" (bare server {base.p50_ms:.0f}, {base.p99_ms:.0f})",
    }


async def main(*, is_quick: bool) -> dict[str, dict[str, Any]]:
    """The rows."""
    rounds = {1_000: 60, 5_000: 12} if is_quick else {1_000: 300, 5_000: 60}
    rows: dict[str, dict[str, Any]] = {}
    with fresh_database() as url:
        for count, times in rounds.items():
            base = await bare(count, times)
            seen = await ours(url, count, times)
            rows[f"fanout_{count}"] = _row(seen, base)
            if count == 1_000:
                rows["fanout_p99_ms"] = {"value": seen.p99_ms, "unit": "ms at 1,000"}
            rows["socket_kb"] = {
                "value": seen.kb_a_socket,
                "unit": "kB a socket",
                "baseline": base.kb_a_socket,
                "note": f"at {count:,} sockets",
            }
    return rows


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, set(range(os.cpu_count() or 1)) - {machines.SERVER_CORE})
    json.dump(uvloop.run(main(is_quick="quick" in sys.argv)), sys.stdout)
