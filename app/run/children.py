"""The processes that a supervisor keeps alive: started again when they end, gone with it."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from signal import SIGKILL, SIGTERM

from app.postgres.cluster import tied_to_us

LONGEST_PAUSE_SECONDS = 10.0
HEALTHY_SECONDS = 30.0
PATIENCE_SECONDS = 12.0
TICK_SECONDS = 0.1


@dataclass
class Child:
    """One `alongside ...` process."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    inherited: Sequence[int] = ()
    failures: int = 0
    process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _not_before: float = field(default=0.0, repr=False)

    @property
    def pid(self) -> int | None:
        """The number of its process while there is one."""
        return self.process.pid if self.process else None

    def start(self) -> subprocess.Popen[bytes]:
        """Start it now. It is killed when we die, however we die."""
        command = [sys.executable, "-P", "-m", "app.cli", *self.arguments]
        self.process = subprocess.Popen(
            tied_to_us(SIGKILL, command),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            pass_fds=self.inherited,
            # Ctrl-C reaches the whole terminal group; only the supervisor decides what it means.
            start_new_session=True,
        )
        self._started_at = time.monotonic()
        return self.process

    def tend(self) -> str | None:
        """Start it again if it ended, each time a little later; returns what there is to tell."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._not_before:
                self.start()
            return None
        if self.process.poll() is None:
            if now - self._started_at > HEALTHY_SECONDS:
                self.failures = 0
            return None
        code = self.process.returncode
        self.process = None
        self.failures += 1
        pause = min(LONGEST_PAUSE_SECONDS, 0.25 * 2 ** (self.failures - 1))
        self._not_before = now + pause
        return f"The {self.name} ended ({_reason(code)}) and starts again in {pause:g} s."


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def stop_all(children: Sequence[Child]) -> None:
    """Ask all at once, wait, then insist."""
    alive = [child.process for child in children if child.process]
    for process in alive:
        if process.poll() is None:
            process.send_signal(SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for process in alive:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run_once(
    name: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    until: Callable[[], bool],
) -> int:
    """Run one `alongside ...` to its end or until told to stop; returns its exit code."""
    child = Child(name, arguments, environment)
    process = child.start()
    try:
        while process.poll() is None and not until():
            time.sleep(TICK_SECONDS)
    finally:
        stop_all([child])
    return process.wait()
