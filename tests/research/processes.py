"""Workers of `worker.py` in processes of their own: they can be told to die before they commit."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).parents[2]


class Process:
    """A worker in a process of its own."""

    def __init__(self, url: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.research.worker", url],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},  # for `tools.measured`
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def tell(self, **told: Any) -> None:
        """Send a command, without waiting."""
        assert self._child.stdin is not None
        self._child.stdin.write(orjson.dumps(told) + b"\n")
        self._child.stdin.flush()

    def hear(self) -> Any:
        """What came of it; raises when the process died though it was not told to."""
        assert self._child.stdout is not None
        heard = orjson.loads(self._child.stdout.readline())
        assert "died" not in heard
        return heard["answer"]

    def hear_of_death(self) -> None:
        """The process was told to die, and a new one has taken its place."""
        assert self._child.stdout is not None
        assert orjson.loads(self._child.stdout.readline()) == {"died": True}

    def end(self) -> None:
        """Let it finish."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait(20)
