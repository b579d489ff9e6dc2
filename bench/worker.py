"""What the worker costs: CPU and flushes to disk of one reply, and flushes while nothing happens.

A reply here is one alone, as most are: all that follows from it is done before the next is sent.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from bench.client import Connection
from bench.machines import ROOT, cpu_seconds
from bench.requests import Bench
from bench.results import Results
from tests.support.settings import environment_for

#: Since PostgreSQL 18 flushes of the log are counted by who made them: what the community was
#: filled with is cleaned up after beside this, and is not the worker's.
_FLUSHES = {
    False: "SELECT wal_sync FROM pg_stat_wal",
    True: "SELECT coalesce(sum(fsyncs), 0)::bigint FROM pg_stat_io WHERE object = 'wal'"
    " AND backend_type IN ('client backend', 'walwriter')",
}
#: Statistics of other processes are a second old at most, when they are busy.
SETTLE_SECONDS = 2.5


@contextmanager
def _working(bench: Bench) -> Iterator[int]:
    with open(ROOT / "var" / "bench.log", "ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-P", "-m", "app.cli", "worker"],
            cwd=ROOT,
            env=environment_for(bench.url, bench.port, DEMO="0"),
            stdout=log,
            stderr=log,
        )
        try:
            yield started.pid
        finally:
            started.terminate()
            with suppress(subprocess.TimeoutExpired):
                started.wait(20)
            started.kill()
            started.wait()


def _flushes(connection: psycopg.Connection) -> int:
    query = _FLUSHES[connection.info.server_version >= 180_000]
    row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _is_done(connection: psycopg.Connection) -> bool:
    """Whether every subscriber has taken the last reply."""
    row = connection.execute(
        "SELECT count(*) >= 3 FROM core.cursors c WHERE (c.xid, c.id) >= ("
        " SELECT e.xid, e.id FROM core.events e WHERE e.type = 'post.published'"
        " ORDER BY e.xid DESC, e.id DESC LIMIT 1)"
    ).fetchone()
    return bool(row and row[0])


async def _reply(bench: Bench, connection: psycopg.Connection, ready: bytes) -> None:
    browser = Connection(bench.port)
    answer = await browser.send(ready)
    if answer.status != 201:
        raise RuntimeError(f"a reply was not taken: {answer.body[:200]!r}")
    while not _is_done(connection):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.005)
    # What its notification wakes is part of it.
    await asyncio.sleep(0.1)
    await browser.close()


def _clean(connection: psycopg.Connection) -> None:
    """Clean up after what was written: done later, its flushes would be counted as the worker's."""
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


async def measure(bench: Bench, results: Results, *, replies: int, idle_seconds: float) -> None:
    """The figures of one worker beside one server."""
    with _working(bench) as pid, psycopg.connect(bench.url, autocommit=True) as connection:
        # The first act of a sign-in also notes that it was used.
        writers = bench.writers[: len(bench.people)]
        first = len(writers)
        ready = bench.replies(replies + first, by=writers)
        for one in ready[:first]:
            await _reply(bench, connection, one)
        _clean(connection)
        await asyncio.sleep(SETTLE_SECONDS)
        before, spent = _flushes(connection), cpu_seconds(pid)
        started = time.monotonic()
        for one in ready[first:]:
            await _reply(bench, connection, one)
        busy = time.monotonic() - started
        cpu = cpu_seconds(pid) - spent
        await asyncio.sleep(SETTLE_SECONDS)
        after = _flushes(connection)
        _clean(connection)
        await asyncio.sleep(SETTLE_SECONDS)
        middle, rest = _flushes(connection), cpu_seconds(pid)
        await asyncio.sleep(idle_seconds)
        idle = (_flushes(connection) - middle) / idle_seconds
        idle_cpu = (cpu_seconds(pid) - rest) / idle_seconds
        results.plain(
            "worker_reply_ms",
            (cpu - idle_cpu * busy) / replies * 1000,
            "ms CPU a reply",
            note=f"beside {idle_cpu * 1000:.1f} ms a second while nothing happens",
        )
        flushes = (after - before) / replies - idle * (busy + SETTLE_SECONDS) / replies
        results.plain("fsync_reply", flushes, "flushes a reply")
        results.plain("fsync_idle", idle, "flushes a second")
