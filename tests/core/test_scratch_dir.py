"""Folders for a while are gone in the end, also when the process that made them was killed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.scratch_dir import ScratchDir, sweep

HOLD = """
import sys, pathlib
from app.core.scratch_dir import ScratchDir
made = ScratchDir(pathlib.Path(sys.argv[1]))
(made.path / "rows.csv").write_text("P-7K3QF-2X")
print(made.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process with a folder of its own, and that folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_process_left_goes_with_the_next_one(
    tmp_path: Path, other: tuple[subprocess.Popen[str], Path]
) -> None:
    process, left = other
    sweep(tmp_path)
    assert (left / "rows.csv").exists(), "its process lives"
    process.kill()
    process.wait()
    made = ScratchDir(tmp_path)
    assert list(tmp_path.iterdir()) == [made.path]
    made.close()
    made.close()
    assert list(tmp_path.iterdir()) == []


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    first = ScratchDir(tmp_path)
    second = ScratchDir(tmp_path)
    assert first.path.exists()
    first.close()
    second.close()
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
