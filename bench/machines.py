"""The processes under measure: started, pinned to one core, their CPU time and memory read."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from app.postgres import Server

ROOT = Path(__file__).resolve().parents[1]
SERVER_CORE = 0
START_SECONDS = 60


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, of its living children and of those it has reaped."""
    root = psutil.Process(pid)
    own = root.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in root.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return float(total)


def memory_mb(pid: int) -> float:
    """Resident memory of one process in MB (10^6 bytes)."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6


@contextmanager
def process(
    arguments: list[str], port: int, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """A server on one core; gives its pid once it answers, ends it afterwards."""
    log = open(ROOT / "var" / "bench.log", "ab")  # noqa: SIM115 - lives as long as the process
    started = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=log,
        stderr=log,
    )
    try:
        if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(started.pid, {SERVER_CORE})
        _wait(started, port)
        yield started.pid
    finally:
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        log.close()


def _wait(started: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if started.poll() is not None:
            raise RuntimeError("the server under measure ended at its start: see var/bench.log")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server under measure did not answer in time")


def postmaster(server: Server) -> int:
    """The process that all of a database's processes descend from."""
    if server.process is None:
        raise RuntimeError("the benchmark needs a database of its own")
    return server.process.pid
