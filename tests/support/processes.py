"""Commands of ours as processes of their own, forked from one that has imported what they need.

A Python that imports the application anew costs more than most tests; a fork costs nothing.
"""

import multiprocessing
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from app import cli

ROOT = Path(__file__).resolve().parents[2]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    [
        __name__,
        *(f"app.cli.{name}" for name in ("serving", "working")),
        *(f"app.cli.{name}" for name in ("accounts", "database", "doctor", "events", "keys")),
        "app.cli.datasets",
        "tests.support.warm",
    ]
)


@dataclass(frozen=True)
class _Handed:
    """A descriptor that goes along: what the process says goes where the test's own words go."""

    fd: int

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (DupFd(self.fd),)


def run(
    *arguments: str,
    environment: Mapping[str, str],
    typed: str = "",
    timeout_seconds: float = 120.0,
) -> subprocess.CompletedProcess[str]:
    """`alongside ARGUMENTS` to its end, under this environment and nothing of the caller's."""
    with ExitStack() as stack:
        given, said, complained = (stack.enter_context(TemporaryFile("w+")) for _ in range(3))
        given.write(typed)
        given.seek(0)
        handed = [_Handed(file.fileno()) for file in (given, said, complained)]
        made = _forks.Process(target=_run, args=(arguments, dict(environment), handed, None, None))
        made.start()
        made.join(timeout_seconds)
        if made.exitcode is None:
            made.kill()
            made.join()
            raise subprocess.TimeoutExpired(["alongside", *arguments], timeout_seconds)
        for file in (said, complained):
            file.seek(0)
        return subprocess.CompletedProcess(
            ["alongside", *arguments], made.exitcode, said.read(), complained.read()
        )


def _received(handed: Any) -> _Handed:
    return _Handed(handed.detach())


def command(
    name: str,
    *,
    environment: Mapping[str, str],
    listener: socket.socket | None = None,
    open_files: tuple[int, int] | None = None,
) -> BaseProcess:
    """`alongside NAME`, under the caller's environment and this one; `open_files` are the soft and
    the hard limit it is born with."""
    output = [None, _Handed(1), _Handed(2)]
    made = _forks.Process(
        target=_run,
        args=((name,), {**os.environ, **environment}, output, listener, open_files),
    )
    made.start()
    return made


def _run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    streams: Sequence[_Handed | None],
    listener: socket.socket | None,
    open_files: tuple[int, int] | None,
) -> None:
    for fd, ours in enumerate(streams):
        if ours is not None:
            os.dup2(ours.fd, fd)
            os.close(ours.fd)
    if streams[0] is not None:
        sys.stdin = os.fdopen(0, closefd=False)  # multiprocessing gave it away
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    if open_files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, open_files)
    sys.argv = ["alongside", *arguments]
    if listener:
        sys.argv += ["--fd", str(listener.detach())]
    cli.main()
