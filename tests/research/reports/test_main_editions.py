"""Early findings, the summaries and the full report, composed and set."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from app.research.measures.shown_parts import ShownResult
from app.research.reports import catalogue, material, rendering, sections, typst_pdf
from app.research.reports.document import (
    Box,
    Bullets,
    Chart,
    Document,
    Heading,
    Layout,
    Paragraph,
    ReportTable,
    TextSpan,
    walk,
    words,
)
from app.research.reports.figure_words import Part
from app.research.reports.html import html as page
from app.research.reports.kinds import EditionKind
from app.research.reports.material import (
    Advice,
    Departure,
    InstrumentAsked,
    Material,
    PlannedAnalysis,
)
from tests.research.reports import told_material as told
from tests.research.reports.test_figure_words import counts, curve

MAIN = (
    EditionKind.EARLY_FINDINGS,
    EditionKind.TWO_PAGES,
    EditionKind.FOUR_PAGES,
    EditionKind.FULL_REPORT,
)
HOSTILE = "#set page(width: 1pt) <b>$x$</b> ]] *"

PLAN = PlannedAnalysis(
    version=2,
    signed_on=date(2026, 1, 2),
    questions="Who gains?\n\nWhen?",
    primary_measures=["response", "reach"],
    secondary_measures=[],
    population="All",
    missing_answers="None",
    worthwhile_change="1",
)


def whole(kind: EditionKind, text: str = "") -> Material:
    """Of a study that has everything that a study can have."""
    found = [*told.everything(), ShownResult("dose", why="This dataset was frozen without it.")]
    found += told.results(retention=[curve(30), told.share("stayed_84", 200, 400)])
    found += told.results(consent_bias=[counts()], unheard_of=[told.share("a", 20, 40)])
    sections_of = catalogue.find(kind).sections
    return replace(
        told.material(kind, found, contact="the study team", advice=[Advice("Say it simply.", ())]),
        texts={one.name: text for one in sections_of} if text else {},
        plan=PlannedAnalysis(
            2,
            date(2026, 1, 2),
            "Who gains?\n\nWhen?",
            ["response", "reach"],
            [],
            "All",
            "None",
            "1",
        ),
        departures=[Departure("One wave less.", "Too few answered.", date(2026, 2, 3))],
        instruments=[
            InstrumentAsked("ons4", 1, "ONS4", "ONS (2011)", "OGL", ["How satisfied?"]),
            InstrumentAsked("swemwbs", 1, "SWEMWBS", "Stewart-Brown (2009)", "by licence", []),
        ],
    )


def composed(of: Material) -> Document:
    return catalogue.compose(of, told.DrawnCharts())


def said(document: Document) -> str:
    """All its words, as a page of HTML."""
    return page(document)


@pytest.mark.parametrize("kind", MAIN)
def test_each_is_made_without_a_word_of_a_researcher_and_with_nothing_to_tell(
    kind: EditionKind,
) -> None:
    document = composed(told.material(kind))
    assert "No analysis plan was registered" in said(document)
    assert typst_pdf.pdf(document).startswith(b"%PDF")


@pytest.mark.parametrize("kind", MAIN)
def test_each_is_tagged_pdf_with_what_researchers_wrote_as_plain_words(kind: EditionKind) -> None:
    document = composed(whole(kind, f"Our [[reach.agreed]] words. {HOSTILE}"))
    made = typst_pdf.pdf(document)
    assert b"pdfuaid" in made
    assert "#set page(width: 1pt) &lt;b&gt;$x$&lt;/b&gt; ]] *" in said(document)
    assert "departs from its plan in 1 way;" in said(document)


def test_the_summaries_have_their_pages_and_no_more() -> None:
    for kind, pages in ((EditionKind.TWO_PAGES, 2), (EditionKind.FOUR_PAGES, 4)):
        made = typst_pdf.pdf(composed(whole(kind, "A few words.")))
        assert 1 < len(pypdf.PdfReader(BytesIO(made)).pages) <= pages
    much = Document("t", "s", Layout.SUMMARY, "en", "f", [Paragraph(words("word " * 9_000))], 2)
    with pytest.raises(typst_pdf.TooLongError, match="more than 2 pages"):
        typst_pdf.pdf(much)


def test_a_character_that_the_font_lacks_leaves_a_tagged_pdf_without_the_claim() -> None:
    document = Document("早安", "s", Layout.REPORT, "en", "f", [Paragraph(words("早安"))])
    made = typst_pdf.pdf(document)
    assert b"pdfuaid" not in made
    assert b"/StructTreeRoot" in made


def test_the_full_report_has_every_figure_every_definition_and_their_index() -> None:
    of = whole(EditionKind.FULL_REPORT)
    document = composed(of)
    tables = [one for one in walk(document.blocks) if isinstance(one, ReportTable)]
    index = tables[-1]
    names = {f"{one.measure}.{part['name']}" for one in of.results for part in one.parts}
    assert {row[0] for row in index.rows} == names
    stands = {name for one in tables[:-1] for name in (one.figure, *one.row_figures) if name}
    assert stands == names
    heads = {row[0]: row[1] for one in tables for row in one.rows if "measured" in one.caption}
    assert heads["Who is counted"]
    told_words = said(document)
    assert "Version 2, signed by a second person on 2 January 2026" in told_words
    assert "One wave less." in told_words
    assert "How satisfied?" in told_words
    assert "Its words may not be shown here." in told_words
    assert "Not answered yet." in told_words
    assert "This dataset was frozen without it." in told_words


def test_primary_measures_come_first() -> None:
    of = whole(EditionKind.FULL_REPORT)
    headings = [one.text for one in composed(of).blocks if isinstance(one, Heading)]
    titles = [sections.title(one) for one in ("response", "outcome_change")]
    assert headings.index(titles[0]) < headings.index(titles[1])
    assert sections.title("unheard_of") in headings
    without = replace(of, plan=None, departures=(), instruments=())
    assert "This study asked no questionnaires." in said(composed(without))
    assert "Nothing was noted as a departure" in said(composed(without))


class NoCharts(told.DrawnCharts):
    """Of which nothing has a picture."""

    def of(self, part: Part, *, is_narrow: bool = False) -> str | None:
        return None


def test_a_table_without_a_picture_is_told_as_a_table() -> None:
    of = whole(EditionKind.FULL_REPORT)
    tables = {
        one.figure
        for one in walk(catalogue.compose(of, NoCharts()).blocks)
        if isinstance(one, ReportTable)
    }
    assert {"retention.curve", "consent_bias.members", "by_area.came"} <= tables


def test_a_summary_shows_a_figure_that_was_put_in_as_its_picture_alone() -> None:
    of = whole(EditionKind.TWO_PAGES, "[[retention.curve]]")
    charts = [one.figures for one in walk(composed(of).blocks) if isinstance(one, Chart)]
    assert ("retention.curve",) in charts
    tables = [one for one in walk(composed(of).blocks) if isinstance(one, ReportTable)]
    assert tables == []


def test_what_was_done_is_told_also_without_a_plan() -> None:
    without = replace(whole(EditionKind.TWO_PAGES), plan=None)
    assert "People were asked: ONS4, SWEMWBS." in said(composed(without))


def test_what_is_no_block_is_refused() -> None:
    with pytest.raises(TypeError, match="str"):
        page(Document("t", "s", Layout.REPORT, "en", "f", ["words"]))  # type: ignore[list-item]


def test_a_lead_is_a_paragraph() -> None:
    heading = Heading(2, "First")
    assert sections.lead([heading]) == (heading,)
    (lead,) = sections.lead([Paragraph(words("First"))])
    assert isinstance(lead, Paragraph)
    assert lead.is_lead


def test_links_and_marks_of_a_page() -> None:
    spans = (
        TextSpan("a", is_strong=True, link="https://example.org/?a=1&b"),
        TextSpan("c", is_emphasised=True),
    )
    made = page(Document("t", "s", Layout.REPORT, "en", "f", [Bullets((spans,)), Box("", ())]))
    assert '<a href="https://example.org/?a=1&amp;b" rel="noopener"><strong>a</strong></a>' in made
    assert "<em>c</em>" in made
    assert "<script" not in made


def test_a_process_writes_both_files_and_says_how_far_it_is(tmp_path: Path) -> None:
    of = whole(EditionKind.EARLY_FINDINGS, "[[retention.curve]]\n\n[[reach.joined_by_area]]")
    (tmp_path / "material.json").write_bytes(material.dump(of))
    command = [sys.executable, "-m", rendering.__name__, str(tmp_path)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    told_steps = [json.loads(line) for line in lines]
    assert told_steps[0]["done"] == 0
    assert told_steps[-1]["done"] == told_steps[-1]["of"]
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "edition.html",
        "edition.pdf",
        "material.json",
    ]
    assert (tmp_path / "edition.html").read_text().startswith("<!doctype html>")
