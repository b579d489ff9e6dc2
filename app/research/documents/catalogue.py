"""Every kind of edition, in the order in which they were built. Light: no charts, no compiler."""

from dataclasses import replace
from typing import Final, Protocol

from app.research.documents import heading_levels
from app.research.documents.document import Document, Layout
from app.research.documents.edition_kinds import EditionDefinition, EditionKind
from app.research.documents.editions import (
    area_sheets,
    early_findings,
    four_pages,
    full_report,
    toolkit,
    two_pages,
    what_you_told_us,
)
from app.research.documents.material import Material
from app.research.documents.showing import Charts, Showing


class _Edition(Protocol):
    """A module that declares an edition and composes it."""

    @property
    def DEFINITION(self) -> EditionDefinition: ...  # noqa: N802 - a constant of the module
    @property
    def LAYOUT(self) -> Layout: ...  # noqa: N802 - a constant of the module
    def compose(self, material: Material, showing: Showing) -> Document: ...


_EDITIONS: Final[tuple[_Edition, ...]] = (
    early_findings,
    two_pages,
    four_pages,
    full_report,
    toolkit,
    area_sheets,
    what_you_told_us,
)
ALL: Final = tuple(edition.DEFINITION for edition in _EDITIONS)


def find(kind: EditionKind) -> EditionDefinition:
    """What is declared of a kind."""
    return _edition(kind).DEFINITION


def compose(material: Material, charts: Charts) -> Document:
    """The document of an edition."""
    edition = _edition(material.kind)
    document = edition.compose(material, Showing.of(material, charts, edition.LAYOUT))
    return replace(document, blocks=heading_levels.in_order(document.blocks))


def _edition(kind: EditionKind) -> _Edition:
    return next(one for one in _EDITIONS if one.DEFINITION.kind == kind)
