"""Two pages to look at: a few large numbers and pictures, for whoever has two minutes."""

from typing import Final

from app.research.documents import measure_summary, shared_sections
from app.research.documents.document import (
    Block,
    Box,
    Chart,
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
_PAGES: Final = 2
#: Two and two: what hurt has its place beside what was better.
_PICTURES: Final = 4

DEFINITION: Final = EditionDefinition(
    EditionKind.TWO_PAGES,
    "Summary in two pages",
    "People who have two minutes: funders, managers, the press, members",
    (
        Section("headline", "In one breath", "The one thing to remember. At most 50 words.", 50),
        Section("what_was_done", "What we did", "Who asked whom, and when. At most 80 words.", 80),
        Section(
            "what_was_found",
            "What we found",
            "What the pictures below say, in plain words. At most 100 words.",
            100,
        ),
        Section(
            "what_it_means",
            "What it means",
            "What should happen now, and what can't be said. At most 80 words.",
            80,
        ),
    ),
)


def compose(material: Material, showing: Showing) -> Document:
    """The document."""
    blocks = (*_first(material, showing), *_second(material, showing))
    return Document(
        material.study_title,
        shared_sections.subtitle(material, DEFINITION),
        LAYOUT,
        "en",
        shared_sections.foot(material, showing),
        (*blocks, showing.sources(blocks)),
        pages=_PAGES,
    )


def _first(material: Material, showing: Showing) -> tuple[Block, ...]:
    headline = shared_sections.written(material, showing, "headline", 2) or (
        Paragraph(words("What this study found, in figures that protect who took part.")),
    )
    done = shared_sections.written(material, showing, "what_was_done", 2)
    chart = measure_summary.picture(showing, "reach")
    return (
        *shared_sections.lead(headline),
        *shared_sections.number_row(showing, shared_sections.first_numbers(showing)),
        Columns(
            (
                (Heading(1, "What we did"), *(done or shared_sections.done(material))),
                (Heading(1, "Who took part"), *shared_sections.who_took_part(showing)),
            )
        ),
        Heading(1, "Who is still answering"),
        *shared_sections.still_answering(showing),
        *((chart,) if chart else ()),
    )


def _second(material: Material, showing: Showing) -> tuple[Block, ...]:
    found = shared_sections.written(material, showing, "what_was_found", 2)
    means = shared_sections.written(material, showing, "what_it_means", 2)
    pictures = _pictures(material, showing)
    return (
        Heading(1, "What we found", starts_page=True),
        *(found or (() if pictures else shared_sections.nothing_found(material))),
        *shared_sections.side_by_side([(chart,) for chart in pictures]),
        Columns(
            (
                (
                    *((Heading(1, "What it means"), *means) if means else ()),
                    Heading(1, "About these figures"),
                    *shared_sections.about(material, showing),
                ),
                (Box("What this can't tell", shared_sections.limits(material, showing)),),
            )
        ),
    )


def _pictures(material: Material, showing: Showing) -> list[Chart]:
    """Of the plan's primary measures first; as many as there is room for."""
    found = (
        measure_summary.picture(showing, measure, is_narrow=True)
        for measure in shared_sections.told_first(material)
    )
    return [chart for chart in found if chart][:_PICTURES]
