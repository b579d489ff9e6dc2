"""Researchers' text: Markdown and the names of figures, into blocks."""

import pytest

from app.research.documents import text
from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Chart,
    Heading,
    Paragraph,
    ReportTable,
    Spans,
    TextSpan,
    words,
)
from app.research.documents.edition_kinds import EditionKind
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told

SHOWING = told.showing(made.material(EditionKind.EARLY_FINDINGS))
NUMBER = "43% (95% interval 38% to 48%)"


def _blocks(markdown: str, level: int = 3) -> tuple[Block, ...]:
    return text.blocks(markdown, SHOWING, level)


def _said(markdown: str) -> str:
    (block,) = _blocks(markdown)
    assert isinstance(block, Paragraph)
    return "".join(span.text for span in block.spans)


def test_a_figure_inside_a_line_is_its_number_and_leads_to_it() -> None:
    (block,) = _blocks("We saw [[retention.stayed_84]] stay.")
    number = TextSpan(NUMBER, figure="retention.stayed_84")
    assert block == Paragraph((TextSpan("We saw "), number, TextSpan(" stay.")))


def test_a_figure_that_is_held_back_or_is_no_number_is_told_in_words() -> None:
    assert _said("So [[reach.came]] came.") == "So held back came."
    assert _said("See [[reach.joined_by_age_band]].") == "See “Joined when, by age”."
    assert _said("See [[reach.nope]].") == "See (“reach.nope” is not in this dataset)."


def test_a_figure_alone_on_a_line_is_the_whole_of_it() -> None:
    before, chart, table, behind = _blocks("Look:\n[[reach.joined_by_age_band]]\nand\nso on")
    assert before == Paragraph(words("Look:"))
    assert isinstance(chart, Chart)
    assert isinstance(table, ReportTable)
    assert chart.figures == (table.figure,) == ("reach.joined_by_age_band",)
    assert behind == Paragraph((TextSpan("and"), TextSpan(" "), TextSpan("so on")))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("retention.stayed_84", f"Still taking part after 84 days: {NUMBER}, among about 40"),
        ("reach.came", f"Came to a meeting: held back. {told.FEW}"),
        ("retention.retention_new", f"Retention_new: held back. {told.FEW}"),
        ("reach.nope", "(“reach.nope” is not in this dataset)"),
    ],
)
def test_a_number_alone_on_a_line_is_its_sentence(name: str, said: str) -> None:
    assert _said(f"[[ {name} ]]").startswith(said)


def test_a_curve_in_a_text_is_told_at_some_of_its_days_with_first_and_last() -> None:
    _, table = _blocks("[[retention.retention]]")
    assert isinstance(table, ReportTable)
    days = [row[0] for row in table.rows]
    assert (len(days), days[0], days[-1]) == (12, "0", "588")


def test_a_curve_of_few_days_is_told_at_each() -> None:
    found = told.results(retention=[made.curve("kept", 0, 28, 56)])
    material = made.material(EditionKind.EARLY_FINDINGS, found)
    _, table = text.blocks("[[retention.kept]]", told.showing(material), 3)
    assert isinstance(table, ReportTable)
    assert [row[0] for row in table.rows] == ["0", "28", "56"]


def test_a_link_around_a_figure_is_left_as_typed_and_the_number_told() -> None:
    (block,) = _blocks("[Kept: [[retention.stayed_84]]](https://e.example)")
    assert isinstance(block, Paragraph)
    said = "".join(span.text for span in block.spans)
    assert said == f"[Kept: {NUMBER}](https://e.example)"
    assert not any(span.link for span in block.spans)


def test_marks_lists_quotes_and_links() -> None:
    marked, bullets, numbers, quote, code = _blocks(
        "a **b *c*** [d](https://e.example)\\\nf\n\n- g\n  - h\n\n1. i\n\n> j\n\n```\nk\n```"
    )
    assert isinstance(marked, Paragraph)
    assert marked.spans == (
        TextSpan("a "),
        TextSpan("b ", is_strong=True),
        TextSpan("c", is_strong=True, is_emphasised=True),
        TextSpan(" "),
        TextSpan("d", link="https://e.example"),
        TextSpan(" "),
        TextSpan("f"),
    )
    assert bullets == Bullets((words("g"), words("h")))
    assert numbers == Bullets((words("i"),), is_numbered=True)
    assert quote == Box("", (Paragraph(words("j")),))
    assert code == Paragraph(words("k"))


def test_headings_begin_below_those_of_the_edition_and_skip_none() -> None:
    found = [one for one in _blocks("### a\n\n# b\n\n##### c\n\n## d") if isinstance(one, Heading)]
    assert [(one.level, one.text) for one in found] == [(3, "a"), (3, "b"), (4, "c"), (4, "d")]
    deep = _blocks("#### a\n\n##### b\n\n###### c\n\n###### d", level=5)
    assert [one.level for one in deep if isinstance(one, Heading)] == [5, 6, 6, 6]


@pytest.mark.parametrize(
    "typed",
    [
        "#set text(red) and #import",
        "$x$ and _under_score",
        "<b>bold</b><script>x</script>",
        "שלום and 🙂",
        "[a](javascript:alert)",
        "x" * 300,
        "&amp; &#8238;",
        "[[",
        "[[]]",
        "[[a\nb]]",
        "`[[reach.came]]`",
    ],
)
def test_what_is_no_mark_stays_as_it_was_typed(typed: str) -> None:
    shown = {"`[[reach.came]]`": "[[reach.came]]", "[[a\nb]]": "[[a b]]"}
    assert _said(typed) == shown.get(typed, typed)


def test_a_picture_is_not_fetched_but_linked() -> None:
    (block,) = _blocks("![a](https://b.example/c.png)")
    link = TextSpan("a", link="https://b.example/c.png")
    assert block == Paragraph((TextSpan("!"), link))


def test_a_long_text_of_brackets_is_read_quickly_and_stays() -> None:
    assert _said("[[" * 5_000) == "[[" * 5_000


def test_unknown_names_come_with_those_most_like_them() -> None:
    typed = "[[retention.stayed_48]] and [[reach.came]] and [[zzz]] and [[zzz]]"
    (near, nearest), (far, none) = text.unknown_names(typed, SHOWING.figures)
    assert (near, nearest[0]) == ("retention.stayed_48", "retention.stayed_84")
    assert (far, none) == ("zzz", [])


def test_a_figure_is_one_word() -> None:
    assert text.word_count("So [[ reach.came ]] of us\n\n- came") == 6


def test_an_empty_text_is_no_block() -> None:
    assert _blocks("") == ()
    spans: Spans = words("a")
    assert spans == (TextSpan("a"),)
