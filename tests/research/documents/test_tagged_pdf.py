"""PDF/UA-1, as far as it can be read off the file: what a screen reader finds. That the standard is
kept whole is the compiler's word, which refuses to write a file that breaks it."""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from app.research.charts import drawing
from app.research.documents import catalogue, typst_pdf
from app.research.documents.edition_kinds import EditionKind
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told

FULL = (EditionKind.FULL_REPORT, EditionKind.TWO_PAGES)


def _pdf(kind: EditionKind) -> bytes:
    found = None if kind in FULL else told.everything()
    texts = {one.name: "## A heading\n\nSome *words*." for one in catalogue.find(kind).sections}
    return typst_pdf.pdf(catalogue.compose(made.material(kind, found, texts=texts), drawing))


@pytest.fixture(scope="module", params=EditionKind)
def reader(request: pytest.FixtureRequest) -> PdfReader:
    """Each kind of edition, set once."""
    return PdfReader(BytesIO(_pdf(request.param)))


def _elements(element: Any) -> Iterator[Any]:
    """All elements of structure below, in reading order."""
    below = element.get("/K", [])
    for one in below if isinstance(below, list) else [below]:
        inside = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(inside, dict) and "/S" in inside:
            yield inside
            yield from _elements(inside)


def _structure(reader: PdfReader) -> list[Any]:
    root: Any = reader.root_object
    return list(_elements(root["/StructTreeRoot"]))


def test_it_is_marked_and_names_title_language_and_standard(reader: PdfReader) -> None:
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert metadata.dc_title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert all(str(page["/Tabs"]) == "/S" for page in reader.pages if "/Annots" in page)


def test_headings_begin_at_the_first_level_and_skip_none(reader: PdfReader) -> None:
    names = [str(one["/S"]) for one in _structure(reader)]
    levels = [int(name[2:]) for name in names if name[:2] == "/H" and name[2:].isdigit()]
    assert levels[0] == 1
    assert all(deeper <= before + 1 for before, deeper in pairwise(levels))
    assert names.count("/Title") == 1


def test_each_table_has_heads_of_columns_and_rows_of_one_length(reader: PdfReader) -> None:
    for table in (one for one in _structure(reader) if str(one["/S"]) == "/Table"):
        rows = [one for one in _elements(table) if one["/S"] == "/TR"]
        cells = [[str(cell["/S"]) for cell in _elements(row)] for row in rows]
        widths = {sum(name in ("/TH", "/TD") for name in row) for row in cells}
        assert len(widths) == 1
        heads = [name for name in cells[0] if name in ("/TH", "/TD")]
        assert set(heads) == {"/TH"}


def test_each_picture_and_link_says_what_it_is(reader: PdfReader) -> None:
    structure = _structure(reader)
    pictures = [one for one in structure if one["/S"] == "/Figure"]
    assert all(str(one.get("/Alt", "")).strip() for one in pictures)
    links = [
        annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", [])
    ]
    assert all(str(one.get("/Contents", "")).strip() for one in links)


def test_lists_are_lists(reader: PdfReader) -> None:
    structure = _structure(reader)
    names = {str(one["/S"]) for one in structure}
    assert {"/L", "/LI", "/LBody", "/P"} <= names
