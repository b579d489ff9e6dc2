"""The codebook as a page and as PDF: readable by everyone, and never more than text."""

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from app.research import codebook
from app.research.bands import Options
from app.research.exports import codebook_files, codebook_html, codebook_pdf, codebook_tree
from app.research.exports.codebook_tree import CodebookTree
from app.research.exports.writers import Format
from tests.research import program_files
from tests.research.program_files import HOSTILE


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch) -> CodebookTree:
    """The codebook of a file with hostile labels."""
    monkeypatch.setattr(codebook, "_FLOW", tuple(program_files.columns()))
    return codebook_tree.of(HOSTILE[4], ["Dataset 1."], ["flow"], Options())


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_has_a_language_headings_and_tables_with_heads(tree: CodebookTree) -> None:
    page = Page(codebook_html.html(tree))
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert [tag for tag, _ in page.tags if tag in {"h1", "h2", "h3"}] == [
        "h1", "h2", "h2", *["h3"] * 6,
    ]  # fmt: skip
    named = [one["id"] for tag in ("h2", "h3") for one in page.all(tag) if "id" in one]
    assert len(named) == len(set(named))
    for table in page.all("table"):
        assert table["aria-labelledby"] in named
    assert {one["scope"] for one in page.all("th")} == {"col", "row"}
    assert ".c" in page.text
    assert "color-scheme: light dark" in codebook_html.html(tree)


def test_labels_are_text_on_the_page_and_it_asks_for_nothing(tree: CodebookTree) -> None:
    page = codebook_html.html(tree)
    found = Page(page)
    for column in program_files.columns():
        assert column.label.replace("\r\n", "\n") in found.text.replace("\r\n", "\n")
    assert not {"script", "b", "link", "img", "iframe"} & {tag for tag, _ in found.tags}
    assert not [name for _, attributes in found.tags for name in attributes if name[:2] == "on"]
    assert "http" not in page.replace("http-equiv", "")


def test_the_pdf_is_tagged_says_what_it_is_and_is_the_same_each_time(tree: CodebookTree) -> None:
    plain = codebook_tree.of("What helps", ["Dataset 1."], ["periods"], Options())
    made = codebook_pdf.pdf(plain)
    assert made.startswith(b"%PDF-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"Codebook of What helps" in made
    assert b"/StructTreeRoot" in made
    assert codebook_pdf.pdf(plain) == made
    # A character that the font doesn't have: tagged too, and not said to be more.
    other = codebook_pdf.pdf(tree)
    assert b"/StructTreeRoot" in other
    assert b"pdfuaid" not in other


def test_markup_of_typst_is_text_in_the_pdf(tree: CodebookTree) -> None:
    pages = pypdf.PdfReader(BytesIO(codebook_pdf.pdf(tree))).pages
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    assert '#eval("1") ] *bold* $x$ = head #panic()' in text


def test_a_package_of_csv_has_scripts_and_the_others_have_none(tmp_path: Path) -> None:
    for format_ in Format:
        folder = tmp_path / format_
        folder.mkdir()
        codebook_files.write_scripts(folder, ["flow"], Options(), format_)
        found = {path.name for path in folder.iterdir()}
        assert found == ({"setup.R", "setup.do", "setup.sps"} if format_ is Format.CSV else set())
