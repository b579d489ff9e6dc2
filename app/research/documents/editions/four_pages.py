"""Four pages: what was found, for whoever decides something by it."""

from collections.abc import Sequence
from typing import Final

from app.research.documents import measure_summary, shared_sections
from app.research.documents.document import (
    Block,
    Box,
    Columns,
    Document,
    Heading,
    Layout,
    Paragraph,
    words,
)
from app.research.documents.edition_kinds import EditionDefinition, EditionKind, Section
from app.research.documents.material import Material
from app.research.documents.showing import Showing

LAYOUT: Final = Layout.SUMMARY
_PAGES: Final = 4
_MEASURES: Final = 6

DEFINITION: Final = EditionDefinition(
    EditionKind.FOUR_PAGES,
    "Summary in four pages",
    "People who decide something by it: organisers, commissioners, advisers",
    (
        Section("in_short", "In short", "What was done and what was found. At most 90 words.", 90),
        Section(
            "background", "Why and how", "What was asked, of whom, and how. At most 150 words.", 150
        ),
        Section(
            "findings",
            "What we found",
            "What the figures say beside each other. At most 160 words.",
            160,
        ),
        Section(
            "meaning",
            "What it means",
            "For members, organisers and commissioners. At most 140 words.",
            140,
        ),
        Section("limits", "What this can't tell", "Who is missing. At most 90 words.", 90),
    ),
)


def compose(material: Material, showing: Showing) -> Document:
    """The document."""
    measures = shared_sections.told_first(material)
    measures = measures[: min(_MEASURES, len(measures) // 2 * 2)]
    blocks = (
        *_why_and_how(material, showing),
        *_who(showing),
        *_found(material, showing, measures),
        *_meaning(material, showing),
    )
    return Document(
        material.study_title,
        shared_sections.subtitle(material, DEFINITION),
        LAYOUT,
        "en",
        shared_sections.foot(material, showing),
        (*blocks, Heading(2, "Where each number comes from"), showing.sources(blocks)),
        pages=_PAGES,
    )


def _why_and_how(material: Material, showing: Showing) -> tuple[Block, ...]:
    short = shared_sections.written(material, showing, "in_short", 2) or (
        Paragraph(words("What this study found, in figures that protect who took part.")),
    )
    background = shared_sections.written(material, showing, "background", 2)
    return (
        *shared_sections.lead(short),
        *shared_sections.number_row(showing, shared_sections.first_numbers(showing)),
        Heading(1, "Why and how"),
        *(background or shared_sections.done(material)),
    )


def _who(showing: Showing) -> tuple[Block, ...]:
    reach = measure_summary.picture(showing, "reach", is_narrow=True)
    return (
        Columns(
            (
                (
                    Heading(1, "Who took part"),
                    *shared_sections.who_took_part(showing),
                    *((reach,) if reach else ()),
                ),
                (
                    Heading(1, "Who is still answering"),
                    *shared_sections.still_answering(showing, is_narrow=True),
                ),
            )
        ),
    )


def _found(material: Material, showing: Showing, measures: Sequence[str]) -> tuple[Block, ...]:
    """The text, and a measure beside another."""
    told = [shared_sections.findings(showing, measure, 2, is_narrow=True) for measure in measures]
    return (
        Heading(1, "What we found"),
        *shared_sections.written(material, showing, "findings", 2),
        *shared_sections.side_by_side(told),
    )


def _meaning(material: Material, showing: Showing) -> tuple[Block, ...]:
    meaning = shared_sections.written(material, showing, "meaning", 2)
    written = shared_sections.written(material, showing, "limits", 2)
    opening = "What it means" if meaning else "What this can't tell"
    return (
        Heading(1, opening, starts_page=True),
        *meaning,
        Box(
            "What this can't tell" if meaning else "",
            (*written, *shared_sections.limits(material, showing)),
        ),
        Heading(1, "About these figures"),
        *shared_sections.about(material, showing),
    )
