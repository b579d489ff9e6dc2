"""Early findings, the two summaries and the full report: what each holds, with little and with
much."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.research.charts import drawing
from app.research.measures.results import Unit
from app.research.measures.shown_parts import ShownResult
from app.research.reports import catalogue, highlights, html, sections, text, typst_pdf
from app.research.reports.document import (
    Block,
    Chart,
    Document,
    FigureSources,
    Heading,
    KeyFigures,
    ReportTable,
    TextSpan,
    places_of,
    spans_of,
    walk,
)
from app.research.reports.kinds import EditionKind
from app.research.reports.material import Material
from tests.research.reports import report_material as made
from tests.research.reports import told_material as told

KINDS = (
    EditionKind.EARLY_FINDINGS,
    EditionKind.TWO_PAGES,
    EditionKind.FOUR_PAGES,
    EditionKind.FULL_REPORT,
)
DRAWN = told.DrawnCharts()


def _of(
    kind: EditionKind,
    found: list[ShownResult] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Document:
    return catalogue.compose(made.material(kind, found, texts=texts), DRAWN)


def _text(document: Document) -> str:
    return html.html(document)


def _headings(document: Document) -> list[str]:
    return [block.text for block in walk(document.blocks) if isinstance(block, Heading)]


def _places(blocks: Iterable[Block]) -> list[str]:
    return [name for block in walk(blocks) for name in places_of(block)]


def _written(kind: EditionKind) -> dict[str, str]:
    """As much as may be written in each section."""
    return {
        one.name: " ".join(f"{one.name}{number}" for number in range(one.most_words or 60))
        for one in catalogue.find(kind).sections
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_number_of_an_edition_leads_to_its_source(kind: EditionKind) -> None:
    sections_of = catalogue.find(kind).sections
    document = _of(kind, texts={one.name: "[[retention.stayed_84]]" for one in sections_of})
    places = _places(document.blocks)
    named = {span.figure for block in walk(document.blocks) for span in spans_of(block)} - {""}
    assert named
    assert named <= set(places)
    assert "dataset 3 (1f2e3d4c), Alongside 1.2.0" in document.foot


@pytest.mark.parametrize("kind", KINDS)
def test_follow_up_comes_before_what_was_found(kind: EditionKind) -> None:
    document = _of(kind)
    first = next(block for block in walk(document.blocks) if isinstance(block, KeyFigures))
    assert first.items[0].figure == "follow_up.follow_up_3"
    assert all(item.value != "held back" for item in first.items)
    places = _places(document.blocks)
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
    page = _text(_of(kind, texts=texts))
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
    is_counted = catalogue.compose(made.material(kind), DRAWN).pages > 0
    assert all(bool(section.most_words) == is_counted for section in definition.sections)


def test_the_full_report_has_every_figure_in_a_table_and_in_its_index() -> None:
    material = made.material(EditionKind.FULL_REPORT)
    document = catalogue.compose(material, DRAWN)
    names = {f"{one.measure}.{part['name']}" for one in material.results for part in one.parts}
    tables = [block for block in walk(document.blocks) if isinstance(block, ReportTable)]
    assert {name for table in tables for name in places_of(table)} == names
    (index,) = (table for table in tables if table.leads_to)
    assert set(index.leads_to) == names
    assert index.caption.endswith("dataset 3 (1f2e3d4c), Alongside 1.2.0")
    assert all(table.note for table in tables if places_of(table)), "each says its rule"


def test_a_curve_stands_whole_in_the_full_report() -> None:
    document = _of(EditionKind.FULL_REPORT)
    (table,) = (
        block
        for block in walk(document.blocks)
        if isinstance(block, ReportTable) and block.figure == "retention.retention"
    )
    assert len(table.rows) == 22


def test_numbers_that_belong_together_stand_in_tables_of_their_own() -> None:
    found = told.results(
        follow_up=[
            told.share(f"{what}_{wave}", 20, 40, f"{what}, wave {wave} (week {wave})")
            for wave in (2, 3)
            for what in ("asked", "done")
        ]
    )
    tables = [
        block
        for block in walk(_of(EditionKind.FULL_REPORT, found).blocks)
        if isinstance(block, ReportTable) and "follow_up.asked_2" in block.row_figures
    ]
    assert [len(table.rows) for table in tables] == [2]


def test_a_table_stands_without_its_picture() -> None:
    material = made.material(EditionKind.FULL_REPORT)
    document = catalogue.compose(material, told.NoCharts())
    assert not [block for block in walk(document.blocks) if isinstance(block, Chart)]
    assert "retention.retention" in _places(document.blocks)


def test_primary_measures_come_first_in_the_full_report() -> None:
    found = _headings(_of(EditionKind.FULL_REPORT))
    order = ["Retention", "Outcome change", "Adverse experiences", "Participation classes"]
    assert [one for one in found if one in order] == order
    assert found.index("Follow-up") < found.index("Findings") < found.index("Retention")
    assert "Of tomorrow" in found, "a measure that isn't declared any more"


def test_the_full_report_tells_plan_departures_instruments_and_advice() -> None:
    page = _text(_of(EditionKind.FULL_REPORT))
    for said in (
        "Version 2, signed by a second person on 1 June 2026",
        "<p>Do they stay?</p>",
        "Retention, Outcome change",
        "<strong>Told at 84 days.</strong> Periods are of 28 days. (noted on 3 July 2026)",
        "Well-being (ons4, version 1)",
        "How satisfied are you?",
        "Its words need a licence, and are not printed here.",
        "Say it sooner.",
        "It comes first now.",
        "<p>Not answered yet.</p>",
        "How it is measured: Retention",
        "Kaplan and Meier 1958",
        "Held back altogether",
        "Who to ask: the study team",
    ):
        assert said in page


def test_a_report_without_plan_instruments_and_results_says_so() -> None:
    bare = told.material(EditionKind.FULL_REPORT, [])
    page = _text(catalogue.compose(bare, DRAWN))
    for said in (
        "No plan was registered before the data was looked at.",
        "Nothing was noted as a departure from the plan.",
        "This study asked no questionnaires.",
        "No later questionnaire has been handed in yet, or too few.",
    ):
        assert said in page
    assert "Who to ask" not in page
    assert "What advisers said" not in page
    assert "Index of all figures" not in page
    plan = replace(made.PLAN, secondary_measures=[])
    assert "<p>None.</p>" in _text(catalogue.compose(replace(bare, plan=plan), DRAWN))


def test_why_a_measure_found_nothing_is_told_in_each_edition() -> None:
    found = [*made.results(), ShownResult("dose", why="This dataset was frozen without doses.")]
    for kind in KINDS:
        page = _text(_of(kind, found))
        assert "<strong>Dose: </strong>This dataset was frozen without doses." in page


def test_limits_count_what_is_held_back_and_departures() -> None:
    material = made.material(EditionKind.EARLY_FINDINGS)
    page = _text(catalogue.compose(material, DRAWN))
    assert "5 of 20 figures are held back, and 2 cells of tables." in page
    assert "departs from its plan in 1 way: the full report tells it." in page
    twice = replace(material, departures=tuple(material.departures) * 2, plan=None)
    page = _text(catalogue.compose(twice, DRAWN))
    assert "in 2 ways: the full report tells each." in page
    assert "No analysis plan was registered" in page


def test_the_full_report_leads_to_its_own_departures() -> None:
    page = _text(_of(EditionKind.FULL_REPORT))
    assert "departs from its plan in 1 way: see “What came otherwise than planned”." in page
    assert "What came otherwise than planned" in _headings(_of(EditionKind.FULL_REPORT))


def test_citations_and_reasons_end_with_one_full_stop() -> None:
    material = made.material(EditionKind.FULL_REPORT)
    asked = [replace(one, citation=f"{one.citation}.", licence="OGL.") for one in made.ASKED]
    part = {**told.estimate("least", None), "why": "no reliability is published"}
    gone = made.curve("gone", why="fewer than two told it")
    results = [
        *told.results(outcome_change=[part, gone]),
        ShownResult("dose", why="there are no doses"),
    ]
    page = _text(catalogue.compose(replace(material, instruments=asked, results=results), DRAWN))
    assert "ONS 2018. Licence: OGL.</p>" in page
    for said in ("Held back here: 1. No reliability is published.<", ">Fewer than two told it.<"):
        assert said in page
    assert page.count("There are no doses.") == 3, "in findings, in its place, in limitations"
    assert "OGL.." not in page


def test_the_first_measure_stands_below_the_heading_of_findings() -> None:
    headings = [one for one in _of(EditionKind.FULL_REPORT).blocks if isinstance(one, Heading)]
    at = next(place for place, one in enumerate(headings) if one.text == "Findings")
    first, second = headings[at + 1 : at + 3]
    assert headings[at].starts_page
    assert (first.level, first.starts_page) == (2, False)
    assert (second.level, second.starts_page) == (2, True)


def test_a_caption_that_stops_in_its_sentence_says_that_its_rows_go_on() -> None:
    label = "Happy, points for each doubling of"
    parts = [told.estimate(name, 0.1, label=f"{label}: {name}") for name in ("giving", "days")]
    document = _of(EditionKind.FULL_REPORT, told.results(outcome_on_dose=parts))
    captions = [one.caption for one in document.blocks if isinstance(one, ReportTable)]
    assert f"{label} …" in captions


def test_what_was_done_is_told_without_a_text() -> None:
    page = _text(_of(EditionKind.TWO_PAGES))
    assert "People were asked: Well-being, Short scale." in page
    bare = told.material(EditionKind.TWO_PAGES, [])
    said = _text(catalogue.compose(bare, DRAWN))
    assert "It was read up to 1 November 2026." in said
    assert "<h2" in said


def test_two_pages_show_the_same_pictures_with_and_without_texts() -> None:
    def pictures(document: Document) -> list[str]:
        return [block.caption for block in walk(document.blocks) if isinstance(block, Chart)]

    without = pictures(_of(EditionKind.TWO_PAGES))
    assert without == pictures(_of(EditionKind.TWO_PAGES, texts={"what_was_found": "Much."}))
    assert "People who told of an adverse experience" in without


def test_a_whole_figure_in_a_summary_is_its_picture() -> None:
    named = "[[reach.joined_by_age_band]]"
    document = _of(EditionKind.FOUR_PAGES, texts={"findings": named})
    tables = [block for block in walk(document.blocks) if isinstance(block, ReportTable)]
    assert tables == []
    showing = told.showing(made.material(EditionKind.EARLY_FINDINGS))
    assert len(text.blocks(named, showing)) == 2


def _showing(**parts: list[dict[str, object]]) -> Material:
    return told.material(EditionKind.EARLY_FINDINGS, told.results(**parts))


def test_numbers_of_the_newest_wave_that_tells_anything_stand_for_a_measure() -> None:
    waves = [told.share(f"follow_up_{wave}", people, 40) for wave, people in ((2, 20), (3, None))]
    showing = told.showing(_showing(follow_up=waves))
    assert [one.name for one in highlights.keys(showing, "follow_up")] == ["follow_up.follow_up_2"]
    other = told.showing(_showing(consent_bias=[told.share("x", 20, 40)]))
    assert [one.name for one in highlights.keys(other, "consent_bias")] == ["consent_bias.x"]
    assert highlights.picture(other, "by_area") is None
    assert highlights.picture(other, "retention") is None


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
        one.label.partition(", wave")[0] for one in highlights.keys(showing, "outcome_change")
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
    picture = highlights.picture(told.showing(_showing(outcome_change=effects)), "outcome_change")
    assert picture is not None
    assert picture.caption == (
        "Change since the first questionnaire, standardised. Lower is better for: anxious "
        "yesterday, symptoms of depression"
    )


def test_posts_are_shown_by_how_soon_and_not_beside_another_count() -> None:
    """Those answered as far as observed are counted otherwise, and can be fewer."""
    answered = [told.estimate(f"any_{one}", 0.5, unit=Unit.SHARE) for one in ("1", "2", "ever")]
    picture = highlights.picture(told.showing(_showing(response=answered)), "response")
    assert picture is not None
    assert picture.figures == ("response.any_1", "response.any_2")


def test_where_nothing_is_told_large_the_first_number_says_it_is_held_back() -> None:
    showing = told.showing(_showing(reach=[told.share("came", None, 40, "Came to a meeting")]))
    (held,) = sections.number_row(showing, sections.first_numbers(showing))
    assert spans_of(held) == (TextSpan("Held back: Came to a meeting."),)


def test_sources_leave_out_what_a_table_tells() -> None:
    document = _of(
        EditionKind.EARLY_FINDINGS, texts={"in_short": "[[adverse_experiences.adverse_ever]]"}
    )
    (sources,) = (block for block in document.blocks if isinstance(block, FigureSources))
    named = [one.figure for one in sources.items]
    assert "adverse_experiences.adverse_ever" in named
    assert len(named) == len(set(named))
    assert "follow_up.follow_up_2" not in named


def test_costs_and_others_are_told_in_their_measure() -> None:
    cost = told.estimate("cost_2", 30_000, unit=Unit.PENCE, label="Cost, wave 2 (week 13)")
    found = told.results(service_use=[cost, told.share("services_any_2", 20, 40)])
    page = _text(_of(EditionKind.FULL_REPORT, found))
    assert "£300" in page


def test_a_lead_that_is_no_paragraph_stays_as_it_is() -> None:
    document = _of(EditionKind.EARLY_FINDINGS, texts={"in_short": "- a list"})
    assert "<ul>\n<li>a list</li>" in _text(document)


def test_where_nothing_found_can_be_told_a_summary_says_so() -> None:
    held = told.results(reach=[told.share("came", None, None)])
    for found, said in ((held, "each figure is held back"), ([], "no measure has been computed")):
        page = _text(catalogue.compose(told.material(EditionKind.TWO_PAGES, found), DRAWN))
        assert said in page
    assert "cells of tables" not in page, "none are counted where there are none"


def test_numbers_of_the_full_report_stand_together_by_what_they_share() -> None:
    shared = "those followed up at wave 2 (week 13), less those who were not"
    lost = [
        told.estimate(
            f"{name}_lost",
            0.1,
            label=f"{name} at the first wave: {shared}",
        )
        for name in ("Happy", "Anxious")
    ]
    shares = [told.share("one", 20, 40, "One"), made.grid("t", [[20], [30]])]
    parts = [*shares, told.share("two", 20, 40, "Two"), *lost]
    document = _of(EditionKind.FULL_REPORT, told.results(follow_up=parts))
    tables = [one for one in document.blocks if isinstance(one, ReportTable)]
    captions = {one.caption: [row[0] for row in one.rows] for one in tables}
    assert captions["Follow-up"] == ["One", "Two"]
    assert captions[f"T{shared[1:]}"] == ["Happy at the first wave", "Anxious at the first wave"]


def test_a_picture_of_follow_up_stands_once_in_the_full_report() -> None:
    document = _of(EditionKind.FULL_REPORT)
    charts_of = [one.figures for one in document.blocks if isinstance(one, Chart)]
    assert charts_of.count(("follow_up.follow_up_2", "follow_up.follow_up_3")) == 1


def test_a_measure_that_was_not_computed_says_why_in_its_place() -> None:
    found = [*made.results(), ShownResult("dose", why="Frozen without doses.")]
    assert "<p>Not computed: Frozen without doses.</p>" in _text(
        _of(EditionKind.FULL_REPORT, found)
    )
