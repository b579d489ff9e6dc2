"""The codebook in every form that a package holds, and the set-up scripts beside CSV."""

import csv
from collections.abc import Sequence
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from app.research import codebook
from app.research.bands import Options
from app.research.exports import (
    codebook_html,
    codebook_tree,
    manifest,
    setup_r,
    setup_spss,
    setup_stata,
)
from app.research.exports.writers import Format


def write(
    folder: Path, files: Sequence[str], options: Options, *, title: str, lines: list[str]
) -> None:
    """For programs as a plain table and as JSON, for people as a page and as PDF."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(codebook.HEADER)
    writer.writerows(codebook.as_rows(files, options))
    tree = codebook_tree.of(title, lines, files, options)
    pages: Any = import_module("app.research.exports.codebook_pdf")
    _put(folder / "codebook.csv", table.getvalue())
    _put(folder / "codebook.json", manifest.dump(codebook.as_tree(files, options)))
    _put(folder / "codebook.html", codebook_html.html(tree))
    (folder / "codebook.pdf").write_bytes(pages.pdf(tree))


def write_scripts(folder: Path, files: Sequence[str], options: Options, format_: Format) -> None:
    """What tells R, Stata and SPSS what the codes of the CSV files mean; the other formats say it
    themselves, or are not for these programs."""
    if format_ is not Format.CSV:
        return
    described = {file: codebook.columns(file, options) for file in files}
    _put(folder / "setup.R", setup_r.script(described))
    _put(folder / "setup.do", setup_stata.script(described))
    _put(folder / "setup.sps", setup_spss.script(described))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
