"""Rendering an edition in a process of its own, so that it can be ended at any moment and its
memory goes with it.

`python -m app.research.documents.rendering FOLDER` reads `material.json` there, writes
`edition.html` and `edition.pdf`, and a line of JSON each time it has come further:
`{"done": 3, "of": 9}`. A file stands under its name only when it is whole.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.research.charts import drawing
from app.research.charts.figure_words import Part
from app.research.charts.flow_steps import FlowStep
from app.research.documents import catalogue, html, material, typst_pdf

#: What is left to do when all pictures are drawn: the page and the PDF.
_FILES: Final = 2


class _Counted:
    """Counts pictures and draws none: how much there is to do is known before it is begun."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, part: Part, *, is_narrow: bool = False) -> None:
        """Would draw one."""
        self.count += 1

    def group(self, parts: Sequence[Part], *, is_narrow: bool = False) -> None:
        """Would draw several together."""
        self.count += 1

    def flow(self, steps: Sequence[FlowStep], *, is_narrow: bool = False) -> None:
        """Would draw the flow of participants."""
        self.count += 1


class _Told:
    """Draws pictures, and tells after each how far it has come."""

    def __init__(self, of: int) -> None:
        self._done = 0
        self._of = of

    def of(self, part: Part, *, is_narrow: bool = False) -> str | None:
        """Draws one."""
        self.step()
        return drawing.of(part, is_narrow=is_narrow)

    def group(self, parts: Sequence[Part], *, is_narrow: bool = False) -> str | None:
        """Draws several together."""
        self.step()
        return drawing.group(parts, is_narrow=is_narrow)

    def flow(self, steps: Sequence[FlowStep], *, is_narrow: bool = False) -> str | None:
        """Draws the flow of participants."""
        self.step()
        return drawing.flow(steps, is_narrow=is_narrow)

    def step(self) -> None:
        """One more is being done."""
        sys.stdout.write(json.dumps({"done": self._done, "of": self._of}) + "\n")
        sys.stdout.flush()
        self._done += 1


def render(folder: Path) -> None:
    """Write the files of an edition."""
    made_from = material.load((folder / "material.json").read_bytes())
    counted = _Counted()
    catalogue.compose(made_from, counted)
    told = _Told(counted.count + _FILES)
    document = catalogue.compose(made_from, told)
    told.step()
    _write(folder / "edition.html", html.html(document).encode())
    told.step()
    _write(folder / "edition.pdf", typst_pdf.pdf(document))
    told.step()


def _write(path: Path, content: bytes) -> None:
    """Under another name first: whoever ends the process leaves no half of a file."""
    unfinished = path.with_suffix(f"{path.suffix}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


if __name__ == "__main__":
    render(Path(sys.argv[1]))
