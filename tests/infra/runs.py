"""A whole Alongside in a folder of its own, started as a person would and watched from outside."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp, mkstemp

import httpx2
import psutil

from app.core import migrations
from app.postgres import running
from tests.infra.support import PATIENCE_SECONDS, ROOT, is_alive, postmaster_of, wait_until
from tests.support import processes

COMMAND = [sys.executable, "-P", "-m", "app.cli"]


def environment_for(data: Path, **settings: str) -> dict[str, str]:
    """Nothing of the caller's settings, a free port, an empty community."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ALONGSIDE_") and name not in {"DATABASE_URL", "DEMO", "WORKERS"}
    }
    return {**kept, "PORT": "0", "DEMO": "0", "ALONGSIDE_DATA_DIR": str(data), **settings}


def alongside(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    return processes.run(*arguments, environment=environment_for(data, **settings))


def create_admin(data: Path, *, email: str, password: str) -> subprocess.CompletedProcess[str]:
    """The first administrator, with the password on standard input."""
    return processes.run(
        *("create-admin", "--email", email, "--name", "Morgan", "--password-stdin"),
        environment=environment_for(data),
        typed=f"{password}\n",
    )


def migrate(data: Path) -> None:
    """A migrated embedded database in this folder: a copy of one that is made once a test run."""
    data.mkdir(mode=0o711, exist_ok=True)
    # With its owner, which is the server's user.
    subprocess.run(["/bin/cp", "-Rp", str(_migrated()), str(data / "postgres")], check=True)


@cache
def _migrated() -> Path:
    """A database that was migrated and stopped, removed when this process ends."""
    folder = Path(mkdtemp(prefix="alongside-test-"))
    atexit.register(shutil.rmtree, folder)
    folder.chmod(0o711)
    with running(folder / "postgres") as dsn:
        migrations.upgrade(dsn)
    return folder / "postgres"


@dataclass
class Run:
    """`alongside run`, and everything it started."""

    data: Path
    process: subprocess.Popen[str]
    output: Path
    _seen: set[int] = field(default_factory=set)

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"http://\S+", self.said)
        assert found, self.said
        return found.group()

    def wait_until_up(self) -> None:
        """Until it has told its address; fails at once when it ended instead."""

        def is_up() -> bool:
            assert self.process.poll() is None, self.said
            return "Ctrl-C stops it" in self.said

        wait_until(is_up, within_seconds=2 * PATIENCE_SECONDS)

    def answers(self) -> bool:
        """Whether server and database do their work."""
        try:
            return httpx2.get(f"{self.address}/health/ready", timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    def child(self, word: str) -> int:
        """The process that runs `alongside WORD`."""
        return self.children(word)[0]

    def children(self, word: str) -> list[int]:
        found = [
            process.pid
            for process in psutil.Process(self.process.pid).children(recursive=True)
            if word in _words_of(process)
        ]
        self._seen.update(found)
        return found

    def everyone(self) -> set[int]:
        """Every process of this run, also those seen earlier."""
        tree = psutil.Process(self.process.pid).children(recursive=True)
        self._seen.add(self.process.pid)
        if (self.data / "postgres").exists():
            self._seen.add(postmaster_of(self.data / "postgres"))
        self._seen.update(process.pid for process in tree)
        return self._seen

    def end(self, how: signal.Signals) -> int:
        """Send a signal and wait until nobody of this run is alive."""
        everyone = self.everyone()
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE_SECONDS)
        wait_until(lambda: not any(is_alive(pid) for pid in everyone))
        return code


def _words_of(process: psutil.Process) -> list[str]:
    """Its command line; a process that ended meanwhile has none."""
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:
        return []


@contextmanager
def running_alongside(
    data: Path, *options: str, below: tuple[str, ...] = (), **settings: str
) -> Iterator[Run]:
    """A run that is up (as a child of the command `below`), ended whatever happens between."""
    handle, output = mkstemp(prefix="alongside-output-")
    with os.fdopen(handle, "w") as log:
        process = subprocess.Popen(
            [*below, *COMMAND, "run", *options],
            cwd=ROOT,
            env=environment_for(data, **settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    run = Run(data, process, Path(output))
    try:
        run.wait_until_up()
        yield run
    finally:
        if process.poll() is None:
            run.end(signal.SIGTERM)
        Path(output).unlink()
