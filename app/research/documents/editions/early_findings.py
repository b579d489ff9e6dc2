"""Early findings: a short report, soon after the first freeze."""

from typing import Final

from app.research.documents import shared_sections
from app.research.documents.document import Block, Document, Heading, Layout, Paragraph, words
from app.research.documents.edition_kinds import EditionDefinition, EditionKind, Section
from app.research.documents.material import Material
from app.research.documents.measure_summary import picture
from app.research.documents.showing import Showing

LAYOUT: Final = Layout.REPORT
_MOST: Final = 6

DEFINITION: Final = EditionDefinition(
    EditionKind.EARLY_FINDINGS,
    "Early findings",
    "Everyone who wants to know what can be said so far, members first",
    (
        Section(
            "in_short",
            "In short",
            "Three or four sentences: what was done, what stands out, what can't be said yet.",
        ),
        Section(
            "findings",
            "What we see so far",
            "What the first figures say and what they don't. The plan's primary measures follow "
            "by themselves.",
        ),
        Section(
            "limits",
            "What this can't tell",
            "Who is missing, what is uncertain. What is held back is said by itself.",
        ),
        Section("next", "What happens next", "When more is told, and how people can have a say."),
    ),
)


def compose(material: Material, showing: Showing) -> Document:
    """The document."""
    blocks: tuple[Block, ...] = (
        *_in_short(material, showing),
        Heading(1, "Who took part"),
        *shared_sections.who_took_part(showing),
        *((chart,) if (chart := picture(showing, "reach")) else ()),
        Heading(1, "Who is still answering"),
        *shared_sections.still_answering(showing),
        Heading(1, "What we see so far"),
        *shared_sections.written(material, showing, "findings", 2),
        *(
            block
            for measure in shared_sections.told_first(material)[:_MOST]
            for block in shared_sections.findings(showing, measure, 2)
        ),
        Heading(1, "What this can't tell"),
        *shared_sections.written(material, showing, "limits", 2),
        *shared_sections.limits(material, showing),
        *_next(material, showing),
        Heading(1, "About this edition"),
        *shared_sections.about(material, showing),
    )
    return Document(
        material.study_title,
        shared_sections.subtitle(material, DEFINITION),
        LAYOUT,
        "en",
        shared_sections.foot(material, showing),
        (*blocks, Heading(2, "Where each number comes from"), showing.sources(blocks)),
    )


def _in_short(material: Material, showing: Showing) -> tuple[Block, ...]:
    told = shared_sections.written(material, showing, "in_short", 2) or (
        Paragraph(words("These are the first figures of this study, and they will change.")),
    )
    return (
        Heading(1, "In short"),
        *shared_sections.lead(told),
        *shared_sections.number_row(showing, shared_sections.first_numbers(showing)),
    )


def _next(material: Material, showing: Showing) -> tuple[Block, ...]:
    told = shared_sections.written(material, showing, "next", 2)
    return (Heading(1, "What happens next"), *told) if told else ()
