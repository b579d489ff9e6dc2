"""`make test`: every stage a change must pass, by name, all of them told at the end.

What needs no test runs beside the tests of research data. The other tests come last, so that their
closing line is the last of any runner's. `python -m tools.check NAME...` runs the stages named, one
after another.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from tools import chromium, client, statistics_programs
from tools.frontend import FRONTEND, npm
from tools.steps import ROOT, VENV, SetUpError, tool_environment

BIN = VENV / "bin"
#: The tests that walk app/research; run by themselves, for only they are measured.
RESEARCH = "tests/research"
#: One process more than the two cores, for each often waits for what it started: a fifth of the
#: time of two. A file at a time in the order of `tests.support.spread`. xdist's own order, by how
#: many tests a file holds, begins the longest at the end: they hold few.
SPREAD = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=10")


@dataclass(frozen=True)
class Stage:
    """One named check."""

    name: str
    passes: Callable[[], bool]


#: One after another beside the stages before the last, which often wait for each other: a database
#: for a test, a test for its database.
BESIDE = (
    "programs",
    "format",
    "lint",
    "types",
    "imports",
    "client",
    "frontend-format",
    "frontend-types",
    "frontend-tests",
)
#: Its closing line is the last of any runner's.
LAST = "tests"


def _program(
    command: Sequence[str | Path], *, cwd: Path = ROOT, **variables: str
) -> Callable[[], bool]:
    """A stage that is a program; what it says is shown as it says it."""

    def passes() -> bool:
        environment = {**tool_environment(), **variables}
        return (
            subprocess.run([str(part) for part in command], cwd=cwd, env=environment).returncode
            == 0
        )

    return passes


def _client() -> bool:
    client.check()
    return True


def _programs() -> bool:
    """Downloaded beside the tests of research data, and needed after them."""
    statistics_programs.ensure()
    return True


def _tests() -> bool:
    statistics_programs.ensure()
    os.environ[chromium.SETTING] = chromium.ensure()
    return _program([BIN / "pytest", "-q", *SPREAD, f"--ignore={RESEARCH}"])()


def _research() -> bool:
    """Research data is where a mistake cannot be taken back: every branch is walked by a test."""
    command: list[str | Path] = [BIN / "coverage", "run", "-m", "pytest", "-q", *SPREAD, RESEARCH]
    # Each process begins with `tools.measured`, before it knows where we stand.
    measured = _program(command, PYTHONPATH=str(ROOT))
    return (
        _program([BIN / "coverage", "erase"])()
        and measured()
        and _program([BIN / "coverage", "combine", "-q"])()
        and _program([BIN / "coverage", "report", "--skip-covered"])()
    )


STAGES = (
    Stage("programs", _programs),
    Stage("format", _program([BIN / "ruff", "format", "--check", "."])),
    Stage("lint", _program([BIN / "ruff", "check", "."])),
    Stage("types", _program([BIN / "mypy"])),
    Stage("imports", _program([BIN / "lint-imports", "--no-logo"])),
    Stage("client", _client),
    Stage("frontend-format", _program(npm("run", "--silent", "format:check"), cwd=FRONTEND)),
    Stage("frontend-types", _program(npm("run", "--silent", "check"), cwd=FRONTEND)),
    Stage("frontend-tests", _program(npm("run", "--silent", "test"), cwd=FRONTEND)),
    Stage("research", _research),
    Stage("tests", _tests),
)


def main() -> int:
    """Run the stages; 1 when any failed."""
    wanted = sys.argv[1:] or [stage.name for stage in STAGES]
    unknown = set(wanted) - {stage.name for stage in STAGES}
    if unknown:
        known = ", ".join(stage.name for stage in STAGES)
        print(f"There is no stage {unknown.pop()}: there are {known}.", file=sys.stderr)
        return 2
    beside = [] if sys.argv[1:] else [name for name in BESIDE if name in wanted]
    failed: list[str] = []
    with _running_beside(beside, failed):
        failed += _failed_of(wanted, without=(*beside, LAST))
    failed += _failed_of(wanted, without=[name for name in wanted if name != LAST])
    if failed:
        print(f"\nmake test: FAILED in {', '.join(failed)}", flush=True)
        return 1
    print(f"\nmake test: all {len(wanted)} stages passed", flush=True)
    return 0


def _failed_of(wanted: Sequence[str], *, without: Sequence[str]) -> list[str]:
    return [
        stage.name
        for stage in STAGES
        if stage.name in wanted and stage.name not in without and not _passes(stage)
    ]


@contextmanager
def _running_beside(names: Sequence[str], failed: list[str]) -> Iterator[None]:
    """These stages in a process of their own while the block runs; what they said is shown after
    it, and those that failed are added."""
    if not names:
        yield
        return
    with TemporaryFile("w+") as said:
        command = [sys.executable, "-m", "tools.check", *names]
        running = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        try:
            yield
            has_failed = running.wait() != 0
        finally:
            running.terminate()
            running.wait()
        said.seek(0)
        words = said.read()
    print(words, end="", flush=True)
    told = [name for name in names if f"== {name}: FAILED" in words]
    failed += told or ([f"one of {', '.join(names)}"] if has_failed else [])


def _passes(stage: Stage) -> bool:
    print(f"\n== {stage.name}", flush=True)
    started = time.monotonic()
    try:
        passed = stage.passes()
    except SetUpError as problem:
        print(problem, flush=True)
        passed = False
    state = "passed" if passed else "FAILED"
    print(f"== {stage.name}: {state} in {time.monotonic() - started:.0f} s", flush=True)
    return passed


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("make test was interrupted.")
