"""Early findings and the two summaries, and what the full report shares with them: what each holds,
with little and with much."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.research.charts import drawing
from app.research.documents import (
    catalogue,
    html,
    measure_summary,
    shared_sections,
    text,
    typst_pdf,
)
from app.research.documents.document import (
    Chart,
    Document,
    FigureSources,
    KeyFigures,
    ReportTable,
    TextSpan,
    spans_of,
    walk,
)
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.material import Material
from app.research.measures.results import Unit
from app.research.measures.shown_parts import ShownResult
from tests.research.documents import composed
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told

KINDS = (
    EditionKind.EARLY_FINDINGS,
    EditionKind.TWO_PAGES,
    EditionKind.FOUR_PAGES,
    EditionKind.FULL_REPORT,
)


def _written(kind: EditionKind) -> dict[str, str]:
    """As much as may be written in each section."""
    return {
        one.name: " ".join(f"{one.name}{number}" for number in range(one.most_words or 60))
        for one in catalogue.find(kind).sections
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_number_of_an_edition_leads_to_its_source(kind: EditionKind) -> None:
    sections_of = catalogue.find(kind).sections
    document = composed.of(kind, texts={one.name: "[[retention.stayed_84]]" for one in sections_of})
    places = composed.places(document.blocks)
    named = {span.figure for block in walk(document.blocks) for span in spans_of(block)} - {""}
    assert named
    assert named <= set(places)
    assert "dataset 3 (1f2e3d4c), Alongside 1.2.0" in document.foot


@pytest.mark.parametrize("kind", KINDS)
def test_follow_up_comes_before_what_was_found(kind: EditionKind) -> None:
    document = composed.of(kind)
    first = next(block for block in walk(document.blocks) if isinstance(block, KeyFigures))
    assert first.items[0].figure == "follow_up.follow_up_3"
    assert all(item.value != "held back" for item in first.items)
    places = composed.places(document.blocks)
    assert places.index("follow_up.follow_up_2") < places.index("outcome_change.score_1_2_effect")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", ["nothing", "much"])
def test_an_edition_of_nothing_and_of_much_is_tagged_and_keeps_to_its_pages(
    kind: EditionKind, size: str
) -> None:
    texts = _written(kind) if size == "much" else {}
    material = made.material(kind, None if size == "much" else [], texts=texts)
    document = catalogue.compose(material, drawing)
    pdf = typst_pdf.pdf(document)
    assert b"pdfuaid" in pdf
    pages = PdfReader(BytesIO(pdf)).pages
    if kind == EditionKind.TWO_PAGES:
        assert len(pages) == 2
    if kind == EditionKind.FOUR_PAGES:
        assert len(pages) <= 4
    said = "".join("".join(page.extract_text() for page in pages).split())
    assert all(words.split()[-1] in said for words in texts.values())


@pytest.mark.parametrize("kind", KINDS)
def test_texts_stand_in_their_sections(kind: EditionKind) -> None:
    texts = _written(kind)
    page = html.html(composed.of(kind, texts=texts))
    assert all(words in page for words in texts.values())
    ordered = [page.index(words) for words in texts.values()]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize("kind", KINDS)
def test_sections_say_what_belongs_in_them_and_how_much(kind: EditionKind) -> None:
    definition = catalogue.find(kind)
    assert definition in catalogue.ALL
    for section in definition.sections:
        assert section.hint.endswith(".")
        said = f"At most {section.most_words} words." in section.hint
        assert said == bool(section.most_words)
    is_counted = catalogue.compose(made.material(kind), composed.DRAWN).pages > 0
    assert all(bool(section.most_words) == is_counted for section in definition.sections)


def test_why_a_measure_found_nothing_is_told_in_each_edition() -> None:
    found = [*made.results(), ShownResult("dose", why="This dataset was frozen without doses.")]
    for kind in KINDS:
        page = html.html(composed.of(kind, found))
        assert "<strong>Dose: </strong>This dataset was frozen without doses." in page


def test_limits_count_what_is_held_back_and_departures() -> None:
    material = made.material(EditionKind.EARLY_FINDINGS)
    page = html.html(catalogue.compose(material, composed.DRAWN))
    assert "5 of 20 figures are held back, and 2 cells of tables." in page
    assert "departs from its plan in 1 way: the full report tells it." in page
    twice = replace(material, departures=tuple(material.departures) * 2, plan=None)
    page = html.html(catalogue.compose(twice, composed.DRAWN))
    assert "in 2 ways: the full report tells each." in page
    assert "No analysis plan was registered" in page


def test_what_was_done_is_told_without_a_text() -> None:
    page = html.html(composed.of(EditionKind.TWO_PAGES))
    assert "People were asked: Well-being, Short scale." in page
    bare = told.material(EditionKind.TWO_PAGES, [])
    said = html.html(catalogue.compose(bare, composed.DRAWN))
    assert "It was read up to 1 November 2026." in said
    assert "<h2" in said


def test_two_pages_show_the_same_pictures_with_and_without_texts() -> None:
    def pictures(document: Document) -> list[str]:
        return [block.caption for block in walk(document.blocks) if isinstance(block, Chart)]

    without = pictures(composed.of(EditionKind.TWO_PAGES))
    assert without == pictures(
        composed.of(EditionKind.TWO_PAGES, texts={"what_was_found": "Much."})
    )
    assert "People who told of an adverse experience" in without


def test_a_whole_figure_in_a_summary_is_its_picture() -> None:
    named = "[[reach.joined_by_age_band]]"
    document = composed.of(EditionKind.FOUR_PAGES, texts={"findings": named})
    tables = [block for block in walk(document.blocks) if isinstance(block, ReportTable)]
    assert tables == []
    showing = told.showing(made.material(EditionKind.EARLY_FINDINGS))
    assert len(text.blocks(named, showing)) == 2


def _showing(**parts: list[dict[str, object]]) -> Material:
    return told.material(EditionKind.EARLY_FINDINGS, told.results(**parts))


def test_numbers_of_the_newest_wave_that_tells_anything_stand_for_a_measure() -> None:
    waves = [told.share(f"follow_up_{wave}", people, 40) for wave, people in ((2, 20), (3, None))]
    showing = told.showing(_showing(follow_up=waves))
    assert [one.name for one in measure_summary.keys(showing, "follow_up")] == [
        "follow_up.follow_up_2"
    ]
    other = told.showing(_showing(consent_bias=[told.share("x", 20, 40)]))
    assert [one.name for one in measure_summary.keys(other, "consent_bias")] == ["consent_bias.x"]
    assert measure_summary.picture(other, "by_area") is None
    assert measure_summary.picture(other, "retention") is None


def test_a_score_of_which_less_is_better_says_so_beside_the_others() -> None:
    changes = [
        told.estimate(f"{name}_2_change", 0.4, 0.2, label=f"{label}, wave 2 (week 13): mean change")
        for name, label in (
            ("ons4_happy_score", "Happy yesterday"),
            ("ons4_anxious_score", "Anxious yesterday"),
            ("of_tomorrow", "A score of tomorrow"),
        )
    ]
    showing = told.showing(_showing(outcome_change=changes))
    assert [
        one.label.partition(", wave")[0] for one in measure_summary.keys(showing, "outcome_change")
    ] == [
        "Happy yesterday",
        "Anxious yesterday (lower is better)",
        "A score of tomorrow",
    ]


def test_a_picture_of_scores_says_of_which_less_is_better() -> None:
    effects = [
        told.estimate(f"{name}_2_effect", 0.3, 0.1, unit=Unit.RATIO, label=f"{name}: effect")
        for name in ("ons4_happy_score", "ons4_anxious_score", "phq9_total")
    ]
    picture = measure_summary.picture(
        told.showing(_showing(outcome_change=effects)), "outcome_change"
    )
    assert picture is not None
    assert picture.caption == (
        "Change since the first questionnaire, standardised. Lower is better for: anxious "
        "yesterday, symptoms of depression"
    )


def test_posts_are_shown_by_how_soon_and_not_beside_another_count() -> None:
    """Those answered as far as observed are counted otherwise, and can be fewer."""
    answered = [told.estimate(f"any_{one}", 0.5, unit=Unit.SHARE) for one in ("1", "2", "ever")]
    picture = measure_summary.picture(told.showing(_showing(response=answered)), "response")
    assert picture is not None
    assert picture.figures == ("response.any_1", "response.any_2")


def test_where_nothing_is_told_large_the_first_number_says_it_is_held_back() -> None:
    showing = told.showing(_showing(reach=[told.share("came", None, 40, "Came to a meeting")]))
    (held,) = shared_sections.number_row(showing, shared_sections.first_numbers(showing))
    assert spans_of(held) == (TextSpan("Held back: Came to a meeting."),)


def test_sources_leave_out_what_a_table_tells() -> None:
    document = composed.of(
        EditionKind.EARLY_FINDINGS, texts={"in_short": "[[adverse_experiences.adverse_ever]]"}
    )
    (sources,) = (block for block in document.blocks if isinstance(block, FigureSources))
    named = [one.figure for one in sources.items]
    assert "adverse_experiences.adverse_ever" in named
    assert len(named) == len(set(named))
    assert "follow_up.follow_up_2" not in named


def test_a_lead_that_is_no_paragraph_stays_as_it_is() -> None:
    document = composed.of(EditionKind.EARLY_FINDINGS, texts={"in_short": "- a list"})
    assert "<ul>\n<li>a list</li>" in html.html(document)


def test_where_nothing_found_can_be_told_a_summary_says_so() -> None:
    held = told.results(reach=[told.share("came", None, None)])
    for found, said in ((held, "each figure is held back"), ([], "no measure has been computed")):
        page = html.html(
            catalogue.compose(told.material(EditionKind.TWO_PAGES, found), composed.DRAWN)
        )
        assert said in page
    assert "cells of tables" not in page, "none are counted where there are none"
