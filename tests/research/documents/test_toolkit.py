"""The toolkit stands without a study's words or figures, and tells figures where there are some."""

from collections.abc import Sequence
from typing import Any

from app.core import help_lines
from app.research.documents import html, typst_pdf
from app.research.documents.document import (
    Block,
    Document,
    Form,
    Heading,
    Lines,
    ReportTable,
    spans_of,
    walk,
)
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.editions import toolkit, toolkit_words
from app.research.documents.material import Advice
from app.research.measures.results import Unit
from tests.research.documents import told_material as told

PARTS = (
    *("How to read the numbers", "The six values", "Five decisions"),
    *("What people said they need", "What can go wrong", "Pages to print", "Thanks and sources"),
)
PAGES = (
    *("Group agreement", "Welcome note", "Host’s checklist", "Plan for a hard evening"),
    *("Attendance sheet", "Feedback form"),
)


def composed(*args: Any, **named: Any) -> Document:
    material = told.material(EditionKind.TOOLKIT, *args, **named)
    return toolkit.compose(material, told.showing(material))


def _said(document: Document) -> list[str]:
    return ["".join(span.text for span in spans_of(block)) for block in walk(document.blocks)]


def _titles(blocks: Sequence[Block], level: int) -> list[str]:
    return [one.text for one in blocks if isinstance(one, Heading) and one.level == level]


def test_it_stands_without_words_or_figures() -> None:
    document = composed()
    assert _titles(document.blocks, 1) == list(PARTS)
    titles = _titles(document.blocks, 2)
    assert set(PAGES) <= set(titles)
    assert len(toolkit_words.words().values.each) == 6
    assert len(toolkit_words.words().decisions.each) == 5
    assert _said(document).count(toolkit_words.words().no_answers) == 1 + 6
    assert toolkit_words.words().needs.nothing in _said(document)
    assert "Being answered" not in titles
    assert not [one for one in document.blocks if isinstance(one, ReportTable)]


def test_each_value_tells_what_people_said() -> None:
    said = _said(composed(told.everything()))
    expected = "About 8 in 10 people said “mostly” or “completely” (about 70 of 90)."
    assert (
        f"“There were people who know from their own life what I am talking about.” {expected}"
        in said
    )
    (table,) = [one for one in composed(told.everything()).blocks if isinstance(one, ReportTable)]
    assert table.rows[0] == ("Peer led", "80%", *["75%"] * 5)
    assert table.rows[-1][0] == "All"
    assert table.caption.endswith("in week 39")
    assert table.note


def test_values_near_each_other_are_not_ranked() -> None:
    needs = toolkit_words.words().needs
    apart = told.values(high=30, low=30)
    said = " ".join(_said(composed(told.results(six_values=apart))))
    assert needs.alike in said
    for part in apart:
        if part["name"].startswith("values_safety"):
            part["column_totals"] = [90, 10]
    said = " ".join(_said(composed(told.results(six_values=apart))))
    assert "of safety: about 9 in 10 people." in said
    assert needs.alike not in said


def test_what_is_held_back_says_so() -> None:
    found = told.results(
        six_values=told.values(high=None),
        response=[
            told.estimate("any_4", None, unit=Unit.SHARE),
            told.estimate("any_median", None, unit=Unit.MINUTES),
        ],
        adverse_experiences=[told.share("adverse_ever", None, 30)],
    )
    document = composed(found)
    said = " ".join(_said(document))
    assert said.count("How many people said so is held back.") == 6
    assert toolkit_words.words().needs.not_answered in said
    assert "held back said that something" in said
    (table,) = [one for one in document.blocks if isinstance(one, ReportTable)]
    assert set(table.rows[0][1:]) == {"held back"}


def test_being_answered_is_told_of_posts() -> None:
    for minutes, waited in ((10, "10 minutes"), (60, "an hour"), (360, "6 hours")):
        response = [
            told.estimate("any_4", 0.97, unit=Unit.SHARE),
            told.estimate("any_median", minutes, unit=Unit.MINUTES),
        ]
        said = _said(composed(told.results(response=response)))
        assert f"Half of all posts had their first answer within {waited}." in said
        assert [one for one in said if one.startswith("Nearly all posts got a first answer")]
    response[1] = told.estimate("any_median", None, unit=Unit.MINUTES)
    said = _said(composed(told.results(response=response)))
    assert not [one for one in said if one.startswith("Half of all posts")]


def test_harms_are_told_of_those_who_answered() -> None:
    said = " ".join(_said(composed(told.everything())))
    assert "In this study, about 10 of 100 people who answered named this" in said
    assert "when they were asked in week 13" in said
    assert said.count(toolkit_words.words().harms.not_told) == 5


def test_what_researchers_and_advisers_wrote_stands_in_it() -> None:
    texts = {section.name: f"About {section.name}." for section in toolkit.DEFINITION.sections}
    advice = Advice("Say what happens to what I wrote.", ("We say it now.",))
    document = composed(
        texts=texts, advice=(advice, Advice("Ask less.", ())), contact="team@example.org"
    )
    said = _said(document)
    assert {f"About {section.name}." for section in toolkit.DEFINITION.sections} <= set(said)
    assert "What we did: We say it now." in said
    assert said.count("Not answered yet.") == 1, "of the advice that has no answer"
    assert "Contact: team@example.org" in said


def test_pages_to_print_have_room_to_write_and_the_help_lines() -> None:
    document = composed()
    said = " ".join(_said(document))
    for line in help_lines.ALL:
        assert line.act in said
    assert [one for one in walk(document.blocks) if isinstance(one, Lines)]
    attendance, feedback = (one for one in document.blocks if isinstance(one, Form))
    assert attendance.rows[0] == "1"
    assert feedback.rows[1] == "I felt safe."
    assert feedback.head[-1] == "Completely"


def test_it_is_set_as_page_and_as_tagged_pdf() -> None:
    document = composed(told.everything())
    page = html.html(document)
    assert '<table class="form">' in page
    assert page.count("<td></td>") == 14 * 3 + 6 * 5
    assert b"pdfuaid" in typst_pdf.pdf(document)


def test_what_is_filled_in_is_not_torn_apart_by_what_researchers_wrote() -> None:
    """The first decision and the first harm begin a page where a text stands before them."""

    def begins(title: str, **texts: str) -> bool:
        blocks = composed(texts=texts).blocks
        return next(
            one.starts_page for one in blocks if isinstance(one, Heading) and one.text == title
        )

    decision, harm = (
        "Facilitation: how a meeting is held together",
        "When a host or a moderator gets it wrong",
    )
    assert not begins(decision)
    assert not begins(harm)
    assert begins(decision, decisions="How groups decided.")
    assert begins(harm, harms="What went wrong.")
