"""A document as HTML and as tagged PDF: what is said in one is said in the other."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from app.api import edition_responses
from app.research.charts import drawing
from app.research.documents import html, plain, typst_pdf
from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Columns,
    Contents,
    Document,
    FigureSource,
    FigureSources,
    Heading,
    KeyFigure,
    KeyFigures,
    Layout,
    Lines,
    Paragraph,
    ReportTable,
    TextSpan,
    words,
)
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.showing import Showing
from app.research.documents.typst_pdf import TooLongError
from tests.research.documents import report_material as made

NAME = "reach.joined_by_age_band"


def _document(*blocks: Block, layout: Layout = Layout.REPORT, pages: int = 0) -> Document:
    return Document("A study", "Early findings", layout, "en", "The foot", blocks, pages)


def _read(pdf: bytes) -> list[str]:
    """The text of each page, on one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def _everything() -> Document:
    showing = Showing.of(made.material(EditionKind.EARLY_FINDINGS), drawing)
    figures = showing.figures
    chart = showing.chart(figures[NAME])
    assert chart is not None
    group = showing.group("Waves", showing.of_measure("follow_up"))
    assert group is not None
    number = TextSpan("43%", figure="retention.stayed_84")
    nowhere = TextSpan("9%", figure="reach.nowhere")
    return _document(
        Contents(),
        Heading(1, "First"),
        Paragraph(words("The lead"), is_lead=True),
        Paragraph((number, TextSpan(" strong", is_strong=True), nowhere)),
        Paragraph((TextSpan("soft", is_emphasised=True), TextSpan("x", link="https://e.example"))),
        Heading(2, "Second", starts_page=True),
        chart,
        showing.table(figures[NAME]),
        showing.rows("Rows", showing.of_measure("retention", "estimate")),
        group,
        *showing.large([figures["reach.received"], figures["reach.came"]]),
        Columns(((Paragraph(words("left")),), (Bullets((words("right"),), is_numbered=True),))),
        Box("A box", (Paragraph(words("inside")),)),
        Box("", (Paragraph(words("no title")),)),
        ReportTable("Words", ("Part", "Definition"), (("a", "b c"),)),
        ReportTable("Index", ("Name", "What", "Measure"), ((NAME, "x", "y"),), leads_to=(NAME,)),
        Lines(2, "Write here"),
        Lines(1),
        FigureSources((FigureSource("retention.median_days", "Median"),), "Dataset 3."),
    )


@pytest.fixture(scope="module")
def document() -> Document:
    return _everything()


@pytest.fixture(scope="module")
def page(document: Document) -> str:
    return html.html(document)


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return typst_pdf.pdf(document)


def test_the_page_needs_nothing_else_and_runs_nothing(page: str) -> None:
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#|https://e\.example)[^"]*"', page)
    assert "default-src 'none'" in page
    assert '<html lang="en">' in page


def test_a_reader_by_ear_finds_the_way(page: str) -> None:
    assert '<a class="skip" href="#main">' in page
    assert all(f"<{mark}" in page for mark in ("header", "main", "footer", "nav", "h1"))
    assert re.search(r'<h2 id="heading-1">First</h2>', page)
    assert '<h3 id="heading-2" class="page">Second</h3>' in page
    assert '<a href="#heading-1">First</a>' in page
    named = re.findall(
        r'<div class="region" role="region" tabindex="0" aria-labelledby="(\S+)"', page
    )
    assert len(named) == 4
    assert all(f'<caption id="{one}">' in page for one in named)
    assert page.count('<th scope="col"') == 4 + 4 + 2 + 3
    assert page.count('role="img" aria-label="') == 4, "two charts, each once more for a phone"


def test_a_telephone_gets_a_chart_that_it_can_show_whole(page: str) -> None:
    """A wide chart would be cut at the edge, its numbers with it, and bars would look full."""
    assert page.count('<div class="narrow"><svg') == page.count('<div class="region wide"') == 2
    widths = re.findall(r'narrow"><svg[^>]* width="(\d+)', page)
    assert all(int(width) < 400 for width in widths)
    assert "@media screen and (max-width: 40rem) { .wide { display: none; }" in page


def test_on_a_telephone_cells_wrap_and_a_caption_stays_in_sight(page: str) -> None:
    """Else the last column of most tables, and the end of their captions, are out of sight."""
    assert ".region { overflow-x: auto; container-type: inline-size; }" in page
    assert "caption { position: sticky; inset-inline-start: 0; max-width: 100cqi; }" in page
    assert "@media screen and (max-width: 40rem) { .n { white-space: normal; }" in page


def test_a_long_number_is_set_smaller() -> None:
    keys = KeyFigures((KeyFigure("360 minutes", "a", "a.b"), KeyFigure("63%", "c", "c.d")), "x")
    page = html.html(_document(keys))
    assert '<dd class="long">360 minutes</dd>' in page
    assert "<dd>63%</dd>" in page


def test_the_server_allows_what_the_page_allows_itself_and_no_more(page: str) -> None:
    (own,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    served = set(edition_responses.POLICY.split("; "))
    assert set(own.replace("&#x27;", "'").split("; ")) == {
        one for one in served if not one.startswith(("frame-ancestors", "sandbox"))
    }
    assert "@font-face" in page
    assert "src: url(data:font/ttf;base64," in page


def test_a_number_leads_to_where_it_stands_and_nowhere_else(page: str) -> None:
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert '<a class="number" href="#figure-retention.stayed_84">43%</a>' in page
    assert "<strong> strong</strong>9%" in page
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(ids)
    assert f'<a class="number" href="#figure-{NAME}">{NAME}</a>' in page


def test_what_is_held_back_looks_so_in_every_table(page: str) -> None:
    assert '<td class="n"><span class="held">held back</span></td>' in page
    assert "Held back: Came to a meeting." in page


def test_the_pdf_says_the_same_and_is_the_same_bytes(document: Document, pdf: bytes) -> None:
    said = " ".join(_read(pdf))
    for words_of in ("The lead", "Row 0 30 held back", "Write here", "The foot", "reach.joined"):
        assert words_of in said
    assert typst_pdf.pdf(document) == pdf


HOSTILE = '#set text(red) $x$ *a* <b>b</b> & "c" \\d #sys.inputs'


def test_what_is_typed_is_never_markup() -> None:
    typed = _document(
        Heading(1, HOSTILE),
        Paragraph(words(HOSTILE)),
        ReportTable(HOSTILE, (HOSTILE, "n"), ((HOSTILE, "1"),), HOSTILE, HOSTILE),
        Box(HOSTILE, (Bullets((words(HOSTILE),)),)),
        KeyFigures((KeyFigure(HOSTILE, HOSTILE, "a.b"),), HOSTILE),
    )
    page = html.html(replace(typed, title=HOSTILE, foot=HOSTILE))
    assert "<b>b" not in page
    assert "&lt;b&gt;b&lt;/b&gt; &amp; &quot;c&quot;" in page
    pdf = typst_pdf.pdf(replace(typed, title=HOSTILE, foot=HOSTILE))
    assert b"pdfuaid" in pdf
    said = "".join("".join(_read(pdf)).split())
    assert said.count("#sys.inputs") >= 9


def test_a_character_without_a_glyph_is_set_all_the_same() -> None:
    typed = _document(Heading(1, "x" * 300), Paragraph(words("سلام 🙂 שלום")))
    assert "سلام 🙂 שלום" in html.html(typed)
    pdf = typst_pdf.pdf(typed)
    assert b"pdfuaid" not in pdf
    assert "xxx" in "".join(_read(pdf))


def test_type_is_set_smaller_until_it_fits_and_then_refused() -> None:
    paragraph = Paragraph(words("Some words that fill a line of this page. " * 12))

    def set_(count: int) -> int:
        made_of = _document(*[paragraph] * count, layout=Layout.SUMMARY, pages=1)
        return len(_read(typst_pdf.pdf(made_of)))

    assert set_(2) == 1
    assert set_(13) == 1
    with pytest.raises(TooLongError, match="more than 1 pages"):
        set_(25)


def test_an_unknown_block_is_refused() -> None:
    unknown: Any = object()
    with pytest.raises(TypeError):
        html.html(_document(unknown))
    (lines,) = plain.plain(_document(Lines(1)))["blocks"]
    assert lines == {"is": "Lines", "count": 1, "label": "", "places": []}


def test_a_number_leads_to_the_table_that_shows_it_and_else_to_the_number_in_large_type() -> None:
    both = KeyFigure("9%", "In a table too", "it.tabled"), KeyFigure("4%", "Alone", "it.alone")
    document = _document(
        KeyFigures(both, "Measure"),
        ReportTable("T", ("What", "Figure"), (("A", "9%"),), row_figures=("it.tabled",)),
        FigureSources((FigureSource("it.alone", "Alone"), FigureSource("it.tabled", "T")), ""),
        Paragraph((TextSpan("9%", figure="it.tabled"), TextSpan("4%", figure="it.alone"))),
    )
    page = html.html(document)
    assert page.count('id="figure-it.tabled"') == page.count('id="figure-it.alone"') == 1
    assert '<tr id="figure-it.tabled">' in page
    assert '<div id="figure-it.alone"><dt>Alone' in page
    placed = [block["places"] for block in plain.plain(document)["blocks"]]
    assert placed == [["it.alone"], ["it.tabled"], [], []]
    typst_pdf.pdf(document)
