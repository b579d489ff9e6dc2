"""Area sheets: a page an area, and one that is too small stands on none of them."""

from typing import Any

from app.research.demographics import Area
from app.research.documents import html, typst_pdf
from app.research.documents.document import (
    Chart,
    Document,
    Heading,
    KeyFigures,
    ReportTable,
    spans_of,
    walk,
    words,
)
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.editions import area_sheets, area_words
from tests.research.documents import told_material as told


def composed(*args: Any, **named: Any) -> Document:
    material = told.material(EditionKind.AREA_SHEETS, *args, **named)
    return area_sheets.compose(material, told.showing(material))


def _said(document: Document) -> str:
    return " ".join(span.text for block in walk(document.blocks) for span in spans_of(block))


def _pages(document: Document) -> list[str]:
    return [one.text for one in document.blocks if isinstance(one, Heading) and one.level == 1]


def test_each_area_has_a_page_but_the_one_that_is_too_small() -> None:
    document = composed(told.everything())
    pages = _pages(document)
    assert pages[:3] == ["How to read these sheets", "All areas together", "East Midlands"]
    assert "Wales" not in pages
    assert "Elsewhere" not in pages
    assert len(pages) == 2 + len(Area) - 2 + 1
    assert "Nothing may be shown of Wales, because too few people" in _said(document)
    tables = [one for one in document.blocks if isinstance(one, ReportTable)]
    assert not [row for one in tables for row in one.rows if row[0] == "Wales"]


def test_areas_that_are_not_shown_are_named_in_one_sentence() -> None:
    parts = told.by_area()
    for part in parts[:4]:
        row = told.AREAS.index("Scotland")
        part["cells"][row] = [None] * len(part["cells"][row])
        row = told.AREAS.index("London")
        part["cells"][row] = [None] * len(part["cells"][row])
    hidden = {"ons4_satisfied_score_2_scotland", "ons4_satisfied_score_2_london"}
    found = [part for part in parts if part["name"] not in hidden]
    assert "Nothing may be shown of London, Scotland and Wales, because" in _said(
        composed(told.results(by_area=found))
    )


def test_a_sheet_stands_beside_all_areas() -> None:
    document = composed(told.everything())
    blocks = list(document.blocks)
    start = next(
        at for at, one in enumerate(blocks) if isinstance(one, Heading) and one.text == "London"
    )
    keys, taking_part, change = blocks[start + 1 : start + 4]
    assert isinstance(keys, KeyFigures)
    assert [one.value for one in keys.items] == ["40", "75%", "75%", "75%"]
    assert isinstance(taking_part, ReportTable)
    assert taking_part.rows[0] == ("People who take part", "40", "500")
    assert taking_part.rows[1] == ("Received something from a peer", "30 of 40 (75%)", "held back")
    assert taking_part.note.endswith("Held back here: 3.")
    assert isinstance(change, ReportTable), "no chart: all areas are held back"


def test_a_table_is_named_otherwise_than_its_heading_and_counts_what_it_took() -> None:
    found = told.results(by_area=told.by_area(), service_use=[told.share("services_any_2", 20, 40)])
    blocks = list(composed(found).blocks)
    headings = {one.text for one in blocks if isinstance(one, Heading)}
    tables = [one for one in blocks if isinstance(one, ReportTable)]
    assert not headings & {one.caption for one in tables}
    assert not [one for one in tables if "Held back here: 0" in one.note]
    assert [one for one in tables if "Held back here" not in one.note]


def test_bars_are_drawn_where_both_are_told() -> None:
    parts = told.by_area()
    for part in parts[1:4]:
        part["column_totals"] = [300, 100]
    document = composed(told.results(by_area=parts))
    charts = [one for one in document.blocks if isinstance(one, Chart)]
    assert len(charts) == len(Area) - 2
    assert "Came to a meeting: London, 75%" in charts[2].alternative


def test_change_says_which_way_is_better_and_that_of_all() -> None:
    parts = [told.estimate("ons4_satisfied_score_2_change", 0.4, 0.1)]
    document = composed(told.results(by_area=told.by_area(), outcome_change=parts))
    tables = [
        one for one in document.blocks if isinstance(one, ReportTable) and "Change" in one.caption
    ]
    assert tables[0].rows == (
        ("Satisfied with life (higher is better)", "0.50", "0.30 to 0.70", "0.40"),
    )
    assert tables[0].caption == "Change in points from the beginning, in week 13"


def test_an_area_with_people_and_no_change_says_so() -> None:
    parts = told.by_area()
    for part in parts:
        if part["name"] == "agreed":
            part["cells"][told.AREAS.index("Wales")] = [10]
    document = composed(told.results(by_area=parts))
    assert "Wales" in _pages(document)
    assert area_words.words().no_change in _said(document)
    assert area_words.words().none_not_shown in _said(document)


def test_a_change_alone_is_shown_and_worse_is_told_as_such() -> None:
    parts = [
        told.table("phq9_total_2_both", told.AREAS, [[None, None]] * len(told.AREAS)),
        told.estimate("phq9_total_2_london", -1.5, 0.5),
        told.estimate("phq9_total_2_wales", None),
    ]
    document = composed(told.results(by_area=parts))
    assert _pages(document)[2:-1] == ["London"]
    tables = [one for one in document.blocks if isinstance(one, ReportTable)]
    assert tables[-1].rows[0][:2] == ("Symptoms of depression (lower is better)", "−1.50")
    assert tables[-1].rows[0][-1] == ""


def test_without_figures_by_area_there_are_no_sheets() -> None:
    document = composed()
    assert area_words.words().nothing in _said(document)
    assert area_words.words().no_cost in _said(document)
    assert len(_pages(document)) == 3


def test_counts_alone_are_told_too() -> None:
    agreed = told.by_area()[:1]
    document = composed(told.results(by_area=agreed))
    assert "London" in _pages(document)
    (beside, *_) = [one for one in document.blocks if isinstance(one, ReportTable)]
    assert beside.rows[0] == ("East Midlands", "40", "held back", "held back", "held back")


def test_what_researchers_wrote_stands_in_it() -> None:
    texts = {one.name: f"About {one.name}." for one in area_sheets.DEFINITION.sections}
    document = composed(told.everything(), texts=texts)
    for one in texts.values():
        assert one in _said(document)
    assert "What we suggest" in _pages(document)


def test_it_is_set_as_page_and_as_tagged_pdf() -> None:
    document = composed(told.everything())
    assert "Nothing may be shown of Wales" in html.html(document)
    assert b"pdfuaid" in typst_pdf.pdf(document)


def test_how_many_take_part_is_told_where_reach_tells_it() -> None:
    found = told.everything()
    (by_area,) = [one for one in found if one.measure == "by_area"]
    agreed = by_area.parts[0]
    agreed["cells"][told.AREAS.index("London")] = [None]
    (beside, *_) = [one for one in composed(found).blocks if isinstance(one, ReportTable)]
    assert ("London", "40") in [row[:2] for row in beside.rows]
    assert beside.rows[-1][:2] == ("All areas", "500")


def test_beside_each_change_stands_that_it_is_no_effect() -> None:
    said = area_words.words()
    blocks = composed(told.everything()).blocks
    places = [
        place
        for place, one in enumerate(blocks)
        if isinstance(one, ReportTable) and "Mean change" in one.head
    ]
    assert len(places) == len(Area) - 2
    assert all(spans_of(blocks[place + 1]) == words(said.caution) for place in places)


def test_how_to_read_the_sheets_says_what_held_back_means_of_people() -> None:
    assert _said(composed(told.everything())).count("fewer than 10, or nobody, or that the") == 1
