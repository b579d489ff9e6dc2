"""The full report: every table, how each is measured, what was planned and what came otherwise."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from app.research.charts import figure_words
from app.research.documents import (
    definition_tables,
    measure_summary,
    methods,
    participant_flow,
    shared_sections,
)
from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Contents,
    Document,
    Heading,
    Layout,
    Paragraph,
    ReportTable,
    TextSpan,
    words,
)
from app.research.documents.edition_kinds import EditionDefinition, EditionKind, Section
from app.research.documents.figures import ReportFigure
from app.research.documents.material import Material
from app.research.documents.showing import Showing
from app.research.measures import catalogue
from app.research.measures.shown_parts import ShownResult

LAYOUT: Final = Layout.REPORT
_NUMBERS: Final = ("estimate", "share")

DEFINITION: Final = EditionDefinition(
    EditionKind.FULL_REPORT,
    "Full report",
    "People who want to check: researchers, reviewers, the curious",
    (
        Section("summary", "Summary", "What was asked, done and found, on one page."),
        Section("background", "Background", "Why this was asked, and what was known before."),
        Section(
            "methods",
            "Methods in words",
            "Recruitment, setting, analysis. Plan, instruments and rules follow by themselves.",
        ),
        Section("findings", "Findings in words", "What the figures say; every table follows."),
        Section("discussion", "Discussion", "What it means beside what others found."),
        Section("limits", "Limitations", "Who is missing, what is uncertain, what may be wrong."),
        Section("thanks", "Thanks", "Who helped, with their consent to be named."),
    ),
)


def compose(material: Material, showing: Showing) -> Document:
    """The document."""
    blocks = tuple(_blocks(material, showing))
    return Document(
        material.study_title,
        shared_sections.subtitle(material, DEFINITION),
        LAYOUT,
        "en",
        shared_sections.foot(material, showing),
        (
            Contents(2),
            *blocks,
            *_index(showing),
        ),
    )


def _blocks(material: Material, showing: Showing) -> Iterator[Block]:
    primary, others = shared_sections.planned(material)
    yield from _chapter(material, showing, "summary", shared_sections.first_numbers(showing))
    yield from _chapter(material, showing, "background")
    yield Heading(1, "Methods", starts_page=any(material.texts.values()))
    yield from shared_sections.written(material, showing, "methods", 2)
    yield from methods.blocks(material)
    yield Heading(1, "Who took part, and who stayed", starts_page=True)
    yield from participant_flow.blocks(showing)
    yield from shared_sections.who_took_part(showing)
    yield from shared_sections.still_answering(showing)
    results = {one.measure: one for one in material.results}
    apart = [name for name in ("follow_up", "reach") if name in results]
    for first in apart:
        is_follow_up = first == "follow_up"
        yield from _measure(
            showing, results[first], starts_page=not is_follow_up, has_picture=not is_follow_up
        )
    yield Heading(1, "Findings", starts_page=True)
    yield from shared_sections.written(material, showing, "findings", 2)
    if primary:
        yield Paragraph(words("The primary measures of the analysis plan come first."))
    yield from shared_sections.without_results(material)
    told = [name for name in (*primary, *others) if name not in apart]
    for place, name in enumerate(told):
        yield from _measure(showing, results[name], starts_page=place > 0)
    yield from _chapter(material, showing, "discussion")
    yield Heading(1, "Limitations", starts_page=True)
    yield from shared_sections.written(material, showing, "limits", 2)
    yield from shared_sections.limits(material, showing)
    yield from _advice(material)
    yield from _chapter(material, showing, "thanks")
    yield Heading(1, "About this edition", starts_page=not material.texts.get("thanks"))
    yield from shared_sections.about(material, showing)


def _chapter(
    material: Material, showing: Showing, name: str, numbers: list[ReportFigure] | None = None
) -> Iterator[Block]:
    """A chapter that researchers write; none where there is nothing in it."""
    told = shared_sections.written(material, showing, name, 2)
    if told or numbers:
        title = next(one.title for one in DEFINITION.sections if one.name == name)
        yield Heading(1, title, starts_page=True)
        yield from told
        yield from shared_sections.number_row(showing, numbers or [])


def _measure(
    showing: Showing, result: ShownResult, *, starts_page: bool = True, has_picture: bool = True
) -> Iterator[Block]:
    """All of one measure: question, definition, picture, and every figure in a table."""
    figures = showing.of_measure(result.measure)
    yield Heading(2, shared_sections.title(result.measure), starts_page)
    yield Paragraph(shared_sections.question(result.measure))
    if declared := catalogue.find(result.measure):
        yield definition_tables.table(declared)
    if result.why:
        yield Paragraph(words(f"Not computed: {figure_words.full_sentence(result.why)}"))
    picture = measure_summary.picture(showing, result.measure) if has_picture else None
    if picture and len(picture.figures) > 1:
        yield picture
    yield from _figures(showing, figures)


def _figures(showing: Showing, figures: list[ReportFigure]) -> Iterator[Block]:
    """Numbers that stand alone first, then all others in their order, then what is held back."""
    told = [one for one in figures if not figure_words.is_held_back(one.part)]
    single = _single(told)
    if single:
        yield showing.rows(single[0].title, single)
    others = [one for one in told if one not in single]
    for is_number, group in groupby(others, key=lambda one: one.kind in _NUMBERS):
        yield from (_numbers if is_number else _tables)(showing, list(group))
    held = [one for one in figures if figure_words.is_held_back(one.part)]
    if held:
        yield _held_back(held)


def _single(figures: list[ReportFigure]) -> list[ReportFigure]:
    """Numbers whose labels share neither their beginning nor their wave with others."""
    numbers = [one for one in figures if one.kind in _NUMBERS]
    groups = Counter(map(_shared, numbers))
    return [one for one in numbers if not _shared(one) or groups[_shared(one)] == 1]


def _shared(figure: ReportFigure) -> str:
    """What its label shares with others."""
    return figure_words.apart(figure.label)[0]


def _numbers(showing: Showing, figures: list[ReportFigure]) -> Iterator[Block]:
    """Numbers whose labels share their beginning, or their wave, in one table."""
    groups: dict[str, list[tuple[ReportFigure, str]]] = {}
    for figure in figures:
        together, own = figure_words.apart(figure.label)
        groups.setdefault(together, []).append((figure, own))
    for together, group in groups.items():
        found, labels = zip(*group, strict=True)
        yield showing.rows(f"{found[0].title}: {_ended(together)}", found, labels)


def _ended(caption: str) -> str:
    """`Points for each doubling of …`: its rows go on where it stops."""
    return f"{caption} …" if caption.endswith(" of") else caption


def _held_back(figures: list[ReportFigure]) -> ReportTable:
    """Tables and curves of which nothing is told, each in a line."""
    return ReportTable(
        f"{figures[0].title}: held back altogether",
        ("What", "Why"),
        tuple((one.label, one.why or "Every cell is held back.") for one in figures),
        " ".join(dict.fromkeys(str(one.part["rule"]) for one in figures)),
        row_figures=tuple(one.name for one in figures),
    )


def _tables(showing: Showing, figures: list[ReportFigure]) -> Iterator[Block]:
    for figure in figures:
        if chart := showing.chart(figure):
            yield chart
        yield showing.table(figure)


def _advice(material: Material) -> Iterator[Block]:
    """What advisers said and what was done."""
    if not material.advice:
        return
    yield Heading(1, "What advisers said, and what we did", starts_page=True)
    yield Paragraph(
        words(
            "People with lived experience read what this study asks before anybody is asked, and "
            "its reports before they stand here."
        )
    )
    for one in material.advice:
        yield Box("You said", (Paragraph(words(one.words)),))
        if one.answers:
            did = TextSpan("We did: ", is_strong=True)
            yield Bullets(tuple((did, TextSpan(said)) for said in one.answers))
        else:
            yield Paragraph(words(shared_sections.NOT_ANSWERED))


def _index(showing: Showing) -> tuple[Block, ...]:
    """Every figure by its name: where it stands, of which measure, dataset and version."""
    if not showing.figures:
        return ()
    origin = showing.origin
    return (
        Heading(1, "Index of all figures", starts_page=True),
        ReportTable(
            f"Every figure comes from {origin.line}",
            ("Name", "What it is", "Measure"),
            tuple(
                (one.name, figure_words.sentence_case(one.label), one.title)
                for one in showing.figures.values()
            ),
            leads_to=tuple(showing.figures),
        ),
    )
