"""Researchers' Markdown as blocks: figures by their names, everything else as plain words."""

import pytest

from app.research.reports import text
from app.research.reports.document import Block, Box, Bullets, Heading, Paragraph, TextSpan, words
from app.research.reports.kinds import EditionKind
from app.research.reports.showing import Showing
from tests.research.reports import told_material as told


@pytest.fixture
def showing() -> Showing:
    parts = [told.share("agreed", 500, 520), told.share("few", None, None)]
    found = told.results(reach=[*parts, told.table("by_age", ["young"], [[20, 30]], "By age")])
    return told.showing(told.material(EditionKind.FULL_REPORT, found))


def test_a_figure_in_a_line_is_its_number_and_leads_to_its_source(showing: Showing) -> None:
    (paragraph,) = text.blocks("Of all, [[reach.agreed]] agreed.", showing)
    assert paragraph == Paragraph(
        (TextSpan("Of all, "), TextSpan("96%", figure="reach.agreed"), TextSpan(" agreed."))
    )


def test_a_figure_alone_on_its_line_is_the_whole_one(showing: Showing) -> None:
    blocks = text.blocks("Before\n[[reach.agreed]]\nand\nbehind", showing)
    assert [type(one).__name__ for one in blocks] == ["Paragraph"] * 3
    assert (
        "".join(span.text for span in spans(blocks[1]))
        == "Agreed: 96% (about 500 of about 520 people)."
    )
    assert spans(blocks[2]) == (TextSpan("and"), TextSpan(" "), TextSpan("behind"))
    chart, table = text.blocks("[[reach.by_age]]", showing)
    assert (type(chart).__name__, type(table).__name__) == ("Chart", "ReportTable")


def spans(block: Block) -> tuple[TextSpan, ...]:
    assert isinstance(block, Paragraph)
    return block.spans


def test_what_is_held_back_unknown_or_no_number_is_said_in_words(showing: Showing) -> None:
    (paragraph,) = text.blocks("[[reach.few]] and [[reach.none]] and [[reach.by_age]]", showing)
    said = [span.text for span in spans(paragraph)]
    assert said == [
        "held back",
        " and ",
        "(“reach.none” is not in this dataset)",
        " and ",
        "“By age”",
    ]
    (whole,) = text.blocks("[[reach.none]]", showing)
    assert "is not in this dataset" in spans(whole)[0].text
    (few,) = text.blocks("[[reach.few]]", showing)
    assert "".join(span.text for span in spans(few)).startswith("Few: held back. It rests on")


def test_headings_stand_below_those_of_the_edition_and_skip_none(showing: Showing) -> None:
    blocks = text.blocks("# One *loud*\n\n### Two\n\n#### Three", showing, 2)
    assert blocks == (Heading(2, "One loud"), Heading(3, "Two"), Heading(4, "Three"))


def test_lists_quotes_and_fences(showing: Showing) -> None:
    blocks = text.blocks("- a\n  - b\n\n1. c\n\n> said\n\n```\nas it *stands*\n```", showing)
    assert blocks == (
        Bullets((words("a"), words("b"))),
        Bullets((words("c"),), is_numbered=True),
        Box("", (Paragraph(words("said")),)),
        Paragraph(words("as it *stands*")),
    )


def test_strong_emphasised_and_linked_words(showing: Showing) -> None:
    (paragraph,) = text.blocks("**a** *b* [c](https://example.org) [d](javascript:x)", showing)
    assert spans(paragraph) == (
        TextSpan("a", is_strong=True),
        TextSpan(" "),
        TextSpan("b", is_emphasised=True),
        TextSpan(" "),
        TextSpan("c", link="https://example.org"),
        TextSpan(" [d](javascript:x)"),
    )


@pytest.mark.parametrize(
    "typed",
    ['#let x = 1; #eval("1")', "<script>alert(1)</script>", "$x^2$ @ref", "x" * 300, "سلام 🌱"],
)
def test_markup_of_other_kinds_is_words(showing: Showing, typed: str) -> None:
    (paragraph,) = text.blocks(f"So: {typed}", showing)
    assert "".join(span.text for span in spans(paragraph)) == f"So: {typed}"


def test_a_name_that_is_no_figure_comes_with_those_that_look_like_it() -> None:
    known = ["reach.agreed", "reach.received", "dose.reading"]
    assert text.unknown_names("[[reach.agred]] [[reach.agreed]] [[zzz]]", known) == [
        ("reach.agred", ["reach.agreed", "reach.received"]),
        ("zzz", []),
    ]
    assert text.word_count("Two words [[reach.agreed]].") == 3


def test_a_figure_is_no_part_of_a_link(showing: Showing) -> None:
    (paragraph,) = text.blocks("[see [[reach.agreed]]](https://example.org)", showing)
    said = "".join(span.text for span in spans(paragraph))
    assert said == "[see 96%](https://example.org)"
