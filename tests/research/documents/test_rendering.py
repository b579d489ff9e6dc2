"""Rendering in a process of its own: it tells how far it has come, and leaves files whole."""

import fcntl
import json
import mmap
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from app.research.documents import catalogue, material, rendering, typst_pdf
from app.research.documents.edition_kinds import EditionKind
from tests.research.documents import report_material as made
from tests.support.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parents[3]
FILES = ("edition.html", "edition.pdf")


def _folder(folder: Path, kind: EditionKind = EditionKind.EARLY_FINDINGS) -> Path:
    folder.mkdir()
    (folder / "material.json").write_bytes(material.dump(made.material(kind)))
    return folder


def _process(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "app.research.documents.rendering", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_process_writes_both_files_and_tells_how_far_it_is(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "one")
    with _process(folder) as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]
    assert process.returncode == 0
    of = lines[0]["of"]
    assert of > 2
    assert lines == [{"done": done, "of": of} for done in range(of + 1)]
    assert sorted(path.name for path in folder.iterdir()) == [*FILES, "material.json"]


def test_the_same_material_makes_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [_folder(tmp_path / name) for name in ("one", "two")]
    for folder in folders:
        rendering.render(folder)
    assert capsys.readouterr().out
    for name in FILES:
        first, second = ((folder / name).read_bytes() for folder in folders)
        assert first == second


def test_a_process_that_is_killed_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    """It is in the middle of a file: what it writes goes into a pipe that is full."""
    folder = _folder(tmp_path / "one", EditionKind.FULL_REPORT)
    unfinished = folder / "edition.html.part"
    os.mkfifo(unfinished)
    pipe = os.open(unfinished, os.O_RDWR)
    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, mmap.PAGESIZE)
    with _process(folder) as process:
        begun, *_ = select.select([pipe], [], [], PATIENCE_SECONDS)
        process.kill()
    os.close(pipe)
    assert begun
    assert not any((folder / name).exists() for name in FILES)


def test_power_lost_while_a_file_is_written_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path / "one")
    written = Path.write_bytes

    def lost(path: Path, content: bytes) -> int:
        written(path, content[:10])
        raise OSError("power lost")

    monkeypatch.setattr(Path, "write_bytes", lost)
    with pytest.raises(OSError, match="power lost"):
        rendering.render(folder)
    assert not any((folder / name).exists() for name in FILES)


def test_a_page_is_there_when_the_pdf_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path / "one", EditionKind.TWO_PAGES)
    monkeypatch.setattr(typst_pdf, "_SIZES", ())
    with pytest.raises(typst_pdf.TooLongError):
        rendering.render(folder)
    assert (folder / "edition.html").exists()
    assert not (folder / "edition.pdf").exists()


def test_material_is_read_as_it_was_written() -> None:
    whole = made.material(EditionKind.TWO_PAGES, texts={"headline": "All of [[reach.came]]."})
    read = material.load(material.dump(whole))
    assert material.dump(read) == material.dump(whole)
    assert read.kind == EditionKind.TWO_PAGES
    assert read.plan == made.PLAN


def test_listing_editions_loads_neither_charts_nor_the_compiler() -> None:
    says = (
        "import sys; from app.research.documents import catalogue, figures, text;"
        " print([name for name in ('altair', 'vl_convert', 'typst', 'polars')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", says], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "[]\n", done.stderr
    assert [one.kind for one in catalogue.ALL] == list(EditionKind)
