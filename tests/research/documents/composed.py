"""Editions as documents, drawn by charts that need no time, and what a test looks for in them."""

from collections.abc import Iterable, Mapping

from app.research.documents import catalogue
from app.research.documents.document import Block, Document, Heading, places_of, walk
from app.research.documents.edition_kinds import EditionKind
from app.research.measures.shown_parts import ShownResult
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told

DRAWN = told.DrawnCharts()


def of(
    kind: EditionKind,
    found: list[ShownResult] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Document:
    """An edition of these results, or of the small study."""
    return catalogue.compose(made.material(kind, found, texts=texts), DRAWN)


def headings(document: Document) -> list[str]:
    """Its headings, in their order."""
    return [block.text for block in walk(document.blocks) if isinstance(block, Heading)]


def places(blocks: Iterable[Block]) -> list[str]:
    """The figures that are shown whole in these blocks."""
    return [name for block in walk(blocks) for name in places_of(block)]
