"""The full report: every table and its index, plan, departures, instruments, advice."""

from dataclasses import replace

from app.research.documents import catalogue, html
from app.research.documents.document import (
    Chart,
    Heading,
    ReportTable,
    places_of,
    walk,
)
from app.research.documents.edition_kinds import EditionKind
from app.research.measures.results import Unit
from app.research.measures.shown_parts import ShownResult
from tests.research.documents import composed
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told


def test_the_full_report_has_every_figure_in_a_table_and_in_its_index() -> None:
    material = made.material(EditionKind.FULL_REPORT)
    document = catalogue.compose(material, composed.DRAWN)
    names = {f"{one.measure}.{part['name']}" for one in material.results for part in one.parts}
    tables = [block for block in walk(document.blocks) if isinstance(block, ReportTable)]
    assert {name for table in tables for name in places_of(table)} == names
    (index,) = (table for table in tables if table.leads_to)
    assert set(index.leads_to) == names
    assert index.caption.endswith("dataset 3 (1f2e3d4c), Alongside 1.2.0")
    assert all(table.note for table in tables if places_of(table)), "each says its rule"


def test_a_curve_stands_whole_in_the_full_report() -> None:
    document = composed.of(EditionKind.FULL_REPORT)
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
        for block in walk(composed.of(EditionKind.FULL_REPORT, found).blocks)
        if isinstance(block, ReportTable) and "follow_up.asked_2" in block.row_figures
    ]
    assert [len(table.rows) for table in tables] == [2]


def test_a_table_stands_without_its_picture() -> None:
    material = made.material(EditionKind.FULL_REPORT)
    document = catalogue.compose(material, told.NoCharts())
    assert not [block for block in walk(document.blocks) if isinstance(block, Chart)]
    assert "retention.retention" in composed.places(document.blocks)


def test_primary_measures_come_first_in_the_full_report() -> None:
    found = composed.headings(composed.of(EditionKind.FULL_REPORT))
    order = ["Retention", "Outcome change", "Adverse experiences", "Participation classes"]
    assert [one for one in found if one in order] == order
    assert found.index("Follow-up") < found.index("Findings") < found.index("Retention")
    assert "Of tomorrow" in found, "a measure that isn't declared any more"


def test_the_full_report_tells_plan_departures_instruments_and_advice() -> None:
    page = html.html(composed.of(EditionKind.FULL_REPORT))
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
        "Retention: held back altogether",
        "Who to ask: the study team",
    ):
        assert said in page


def test_a_report_without_plan_instruments_and_results_says_so() -> None:
    bare = told.material(EditionKind.FULL_REPORT, [])
    page = html.html(catalogue.compose(bare, composed.DRAWN))
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
    assert "<p>None.</p>" in html.html(catalogue.compose(replace(bare, plan=plan), composed.DRAWN))


def test_the_full_report_leads_to_its_own_departures() -> None:
    page = html.html(composed.of(EditionKind.FULL_REPORT))
    assert "departs from its plan in 1 way: see “What came otherwise than planned”." in page
    assert "What came otherwise than planned" in composed.headings(
        composed.of(EditionKind.FULL_REPORT)
    )


def test_citations_and_reasons_end_with_one_full_stop() -> None:
    material = made.material(EditionKind.FULL_REPORT)
    asked = [replace(one, citation=f"{one.citation}.", licence="OGL.") for one in made.ASKED]
    part = {**told.estimate("least", None), "why": "no reliability is published"}
    gone = made.curve("gone", why="fewer than two told it")
    results = [
        *told.results(outcome_change=[part, gone]),
        ShownResult("dose", why="there are no doses"),
    ]
    page = html.html(
        catalogue.compose(replace(material, instruments=asked, results=results), composed.DRAWN)
    )
    assert "ONS 2018. Licence: OGL.</p>" in page
    for said in ("Held back here: 1. No reliability is published.<", ">Fewer than two told it.<"):
        assert said in page
    assert page.count("There are no doses.") == 3, "in findings, in its place, in limitations"
    assert "OGL.." not in page


def test_the_first_measure_stands_below_the_heading_of_findings() -> None:
    headings = [
        one for one in composed.of(EditionKind.FULL_REPORT).blocks if isinstance(one, Heading)
    ]
    at = next(place for place, one in enumerate(headings) if one.text == "Findings")
    first, second = headings[at + 1 : at + 3]
    assert headings[at].starts_page
    assert (first.level, first.starts_page) == (2, False)
    assert (second.level, second.starts_page) == (2, True)


def test_a_caption_that_stops_in_its_sentence_says_that_its_rows_go_on() -> None:
    label = "Happy, points for each doubling of"
    parts = [told.estimate(name, 0.1, label=f"{label}: {name}") for name in ("giving", "days")]
    document = composed.of(EditionKind.FULL_REPORT, told.results(outcome_on_dose=parts))
    captions = [one.caption for one in document.blocks if isinstance(one, ReportTable)]
    assert any(one.endswith(f": {label} …") for one in captions)


def test_costs_and_others_are_told_in_their_measure() -> None:
    cost = told.estimate("cost_2", 30_000, unit=Unit.PENCE, label="Cost, wave 2 (week 13)")
    found = told.results(service_use=[cost, told.share("services_any_2", 20, 40)])
    page = html.html(composed.of(EditionKind.FULL_REPORT, found))
    assert "£300" in page


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
    document = composed.of(EditionKind.FULL_REPORT, told.results(follow_up=parts))
    tables = [one for one in document.blocks if isinstance(one, ReportTable)]
    captions = {one.caption: [row[0] for row in one.rows] for one in tables}
    assert captions["Follow-up"] == ["One", "Two"]
    assert captions[f"Follow-up: T{shared[1:]}"] == [
        "Happy at the first wave",
        "Anxious at the first wave",
    ]


def test_a_picture_of_follow_up_stands_once_in_the_full_report() -> None:
    document = composed.of(EditionKind.FULL_REPORT)
    charts_of = [one.figures for one in document.blocks if isinstance(one, Chart)]
    assert charts_of.count(("follow_up.follow_up_2", "follow_up.follow_up_3")) == 1


def test_a_measure_that_was_not_computed_says_why_in_its_place() -> None:
    found = [*made.results(), ShownResult("dose", why="Frozen without doses.")]
    assert "<p>Not computed: Frozen without doses.</p>" in html.html(
        composed.of(EditionKind.FULL_REPORT, found)
    )


def test_the_full_report_draws_the_flow_of_participants_and_tells_it_in_a_table() -> None:
    rows = ["handed in", "declined"]
    states = [
        made.grid(
            f"states_{wave}",
            [[100 - 10 * wave, None], [20, 10]],
            label=f"What became of wave {wave} (week {wave})",
            rows=rows,
        )
        for wave in (1, 2)
    ]
    states[0]["row_totals"] = [90, None]
    people = [
        told.share("agreed", 500, 520),
        made.counts("consented", 325, None, 200),
        made.counts("stopped", 20, 10),
        made.counts("erased", None),
    ]
    document = composed.of(EditionKind.FULL_REPORT, told.results(reach=people, follow_up=states))
    blocks = list(document.blocks)
    (table,) = (
        one
        for one in blocks
        if isinstance(one, ReportTable) and one.caption == "Flow of participants, in numbers"
    )
    assert table.rows == (
        ("Joined", "about 525 or more"),
        ("Left the study, at any time since. Stopped", "about 30"),
        ("Left the study, at any time since. Had everything erased", "held back"),
        ("In this dataset", "520"),
        ("In this dataset. Agreed to a record of what they do", "500"),
        ("Wave 1 (week 1): not handed in. Declined", "held back"),
        ("Wave 1 (week 1): handed in", "90"),
        (
            "Wave 1 (week 1): handed in. Asked, and its time is over",
            str(states[0]["total"]),
        ),
        ("Wave 2 (week 2): not handed in. Declined", "30"),
        ("Wave 2 (week 2): handed in", "held back"),
        (
            "Wave 2 (week 2): handed in. Asked, and its time is over",
            str(states[1]["total"]),
        ),
    )
    chart = blocks[blocks.index(table) - 1]
    assert isinstance(chart, Chart)
    assert chart.source.startswith("Reach and Follow-up, dataset 3")
    assert all(f"{said}: {people}" in chart.alternative for said, people in table.rows)


def test_a_study_of_which_nobody_is_told_has_no_flow() -> None:
    document = composed.of(
        EditionKind.FULL_REPORT, told.results(retention=[told.share("stayed", 20, 40)])
    )
    assert "Flow of participants" not in html.html(document)


def test_tables_of_two_measures_about_one_score_have_captions_of_their_own() -> None:
    label = "Happy, wave 2 (week 13)"
    parts = [told.estimate(name, 0.5, label=f"{label}: {name}") for name in ("one", "two")]
    held = [made.curve("gone", why=told.FEW)]
    found = told.results(outcome_change=[*parts, *held], by_area=[*parts, *held])
    blocks = composed.of(EditionKind.FULL_REPORT, found).blocks
    captions = [one.caption for one in blocks if isinstance(one, ReportTable)]
    assert {f"Outcome change: {label}", f"By area: {label}"} <= set(captions)
    assert len(captions) == len(set(captions))
