"""A document as tagged PDF, set by Typst. Loaded when first asked for: the compiler is memory."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import fontpkg_atkinson_hyperlegible as font
import typst

from app.research.documents.document import Document
from app.research.documents.plain import plain

_TEMPLATE: Final = Path(__file__).with_name("report.typ")
#: PDF/UA: a screen reader finds title, language, headings, the heads of tables and what a picture
#: shows.
_STANDARD: Final = "ua-1"
#: The same in every file, or two of one edition would not be the same bytes: the start of 1980.
_MADE_THEN: Final = 315_532_800
#: How large type is, beside its usual size, where an edition has so many pages and no more.
_SIZES: Final = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8)


class TooLongError(Exception):
    """An edition doesn't fit on its pages, however small its type."""


def pdf(document: Document) -> bytes:
    """The document set. PDF/UA forbids a character that the font doesn't have, such as one of a
    title in Persian: such a document is tagged as well and doesn't claim the standard."""
    compiler = typst.Compiler(
        str(_TEMPLATE),
        font_paths=[str(font.ROOT / "files")],
        ignore_system_fonts=True,
    )
    inputs = {"document": json.dumps(plain(document)), "size": "1"}
    if document.pages:
        inputs["size"] = _size_for(compiler, inputs, document.pages)
    try:
        return _set(compiler, inputs, [_STANDARD])
    except typst.TypstError:
        return _set(compiler, inputs, [])


def _set(compiler: typst.Compiler, inputs: dict[str, str], standards: Sequence[Any]) -> bytes:
    made: Any = compiler.compile(
        format="pdf", sys_inputs=inputs, pdf_standards=list(standards), timestamp=_MADE_THEN
    )
    return bytes(made)


def _size_for(compiler: typst.Compiler, inputs: dict[str, str], pages: int) -> str:
    """The largest type in which it fits on its pages."""
    for size in _SIZES:
        compiler.compile(format="svg", sys_inputs={**inputs, "size": str(size)})
        if int(json.loads(compiler.query("<pages>", field="value", one=True))) <= pages:
            return str(size)
    raise TooLongError(
        f"It takes more than {pages} pages, also in small type. Write less in its sections."
    )
