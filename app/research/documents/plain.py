"""A document as plain data, for Typst: its words are never read as markup."""

from dataclasses import asdict
from typing import Any

from app.research.documents.cells import WITHHELD, number_columns
from app.research.documents.document import (
    Block,
    Box,
    Columns,
    Document,
    ReportTable,
)
from app.research.documents.places import Places


def plain(document: Document) -> dict[str, Any]:
    """Everything that is said, and which figures a number can lead to."""
    places = Places(document.blocks)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "layout": document.layout,
        "language": document.language,
        "foot": document.foot,
        "pages": document.pages,
        "withheld": WITHHELD,
        "blocks": [_block(block, places) for block in document.blocks],
        "places": sorted(places.names),
    }


def _block(block: Block, places: Places) -> dict[str, Any]:
    """A block by its kind; those inside others too."""
    if isinstance(block, Box):
        said: dict[str, Any] = {
            "title": block.title,
            "blocks": [_block(inner, places) for inner in block.blocks],
        }
    elif isinstance(block, Columns):
        said = {
            "columns": [[_block(inner, places) for inner in column] for column in block.columns]
        }
    else:
        said = asdict(block) | {"places": places.of(block)}
    said.pop("narrow_svg", None)
    if isinstance(block, ReportTable):
        said["numbers"] = number_columns(block)
    return {"is": type(block).__name__, **said}
