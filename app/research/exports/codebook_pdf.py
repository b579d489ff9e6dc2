"""The codebook as tagged PDF, set by Typst. Loaded when first asked for: the compiler is memory."""

import json
from pathlib import Path
from typing import Any, Final

import fontpkg_atkinson_hyperlegible as font
import typst

from app.research.exports.codebook_tree import CodebookTree

_TEMPLATE: Final = Path(__file__).with_name("codebook.typ")
#: PDF/UA: a screen reader finds title, language, headings and the heads of tables.
_STANDARD: Final = "ua-1"
#: The same in every file, or two downloads would not be the same bytes: the start of 1980.
_MADE_THEN: Final = 315_532_800


def pdf(tree: CodebookTree) -> bytes:
    """The codebook set. PDF/UA forbids a character that the font doesn't have, such as one of a
    title in Persian: such a codebook is tagged as well and doesn't claim the standard."""
    try:
        return _set(tree, [_STANDARD])
    except typst.TypstError:
        return _set(tree, [])


def _set(tree: CodebookTree, standards: list[Any]) -> bytes:
    return typst.compile(
        str(_TEMPLATE),
        output=None,
        format="pdf",
        font_paths=[str(font.ROOT / "files")],
        ignore_system_fonts=True,
        sys_inputs={"book": json.dumps(tree.plain())},
        pdf_standards=standards,
        timestamp=_MADE_THEN,
    )
