"""Commands of ours as processes of their own, forked from one that has imported what they need.

A Python that imports the application anew costs more than most tests; a fork costs nothing.
"""

import multiprocessing
import os
import resource
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from app import cli

ROOT = Path(__file__).resolve().parents[2]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([__name__, "app.cli.serving", "app.cli.working"])


@dataclass(frozen=True)
class _Handed:
    """A descriptor that goes along: what the process says goes where the test's own words go."""

    fd: int

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (DupFd(self.fd),)


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
    made = _forks.Process(
        target=_run,
        args=(name, {**os.environ, **environment}, [_Handed(1), _Handed(2)], listener, open_files),
    )
    made.start()
    return made


def _run(
    name: str,
    environment: Mapping[str, str],
    output: Sequence[_Handed],
    listener: socket.socket | None,
    open_files: tuple[int, int] | None,
) -> None:
    for fd, ours in enumerate(output, start=1):
        os.dup2(ours.fd, fd)
        os.close(ours.fd)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    if open_files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, open_files)
    sys.argv = ["alongside", name]
    if listener:
        sys.argv += ["--fd", str(listener.detach())]
    cli.main()
