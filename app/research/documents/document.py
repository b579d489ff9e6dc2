"""A report as a tree of blocks, before it is HTML or PDF: both are made from the same tree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Layout(StrEnum):
    """How a document is set."""

    REPORT = "report"
    #: A few dense pages with large figures and charts.
    SUMMARY = "summary"
    #: Large type, one thought a line, wide margins.
    EASY_READ = "easy_read"


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Words of a line. `figure` names the figure that a number comes from."""

    text: str
    is_strong: bool = False
    is_emphasised: bool = False
    link: str = ""
    figure: str = ""


Spans = tuple[TextSpan, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the document's title stands above level 1."""

    level: int
    text: str
    #: Whether it begins a page.
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. A lead says the most important thing first, larger."""

    spans: Spans
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered where the order matters."""

    items: tuple[Spans, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table with its heads in the first row and in the first column."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    #: The rule by which it was protected and what it took, or "".
    note: str = ""
    #: Measure, dataset and version of the software; "" where it holds no figures.
    source: str = ""
    #: The figure that it is, or "".
    figure: str = ""
    #: Where each row is a figure of its own: their names, in order.
    row_figures: tuple[str, ...] = ()
    #: In an index: the figure that each row leads to; the PDF tells its page.
    leads_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a protected table, with what it shows in words."""

    caption: str
    alternative: str
    svg: str
    source: str
    #: The figures that it shows.
    figures: tuple[str, ...]
    #: The same for a phone, where it is wide and can be drawn narrower.
    narrow_svg: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A sentence with a small drawing of it."""

    spans: Spans
    alternative: str
    svg: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number, large, and what it is of."""

    value: str
    words: str
    figure: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A few numbers beside each other."""

    items: tuple[KeyFigure, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Box:
    """Blocks that stand apart, such as a limitation or a page to print and fill in."""

    title: str
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side where there is room, in reading order."""

    columns: tuple[tuple["Block", ...], ...]


@dataclass(frozen=True, slots=True)
class FigureSource:
    """Where a number comes from."""

    figure: str
    words: str


@dataclass(frozen=True, slots=True)
class FigureSources:
    """Where each number of this document comes from, in small type; numbers lead here."""

    items: tuple[FigureSource, ...]
    #: What they have in common: dataset and version of the software.
    line: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Empty lines to write on, in a template that is printed."""

    count: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A table with empty cells to write in, on paper."""

    caption: str
    head: tuple[str, ...]
    #: What stands first in each row.
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A list of the headings with their pages."""

    depth: int = 2
    title: str = "Contents"
    starts_page: bool = False


Block = (
    Heading
    | Paragraph
    | Bullets
    | ReportTable
    | Chart
    | Picture
    | KeyFigures
    | Box
    | Columns
    | FigureSources
    | Lines
    | Form
    | Contents
)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole edition."""

    title: str
    subtitle: str
    layout: Layout
    language: str
    #: Said in the foot of every page: dataset and version of the software.
    foot: str
    blocks: Sequence[Block]
    #: So many pages at most: its type is set smaller until it fits. 0: as it falls.
    pages: int = 0


def words(text: str) -> Spans:
    """Words without marks."""
    return (TextSpan(text),)


def parts_of(block: Block) -> tuple[Block, ...]:
    """The blocks inside a block."""
    if isinstance(block, Box):
        return block.blocks
    if isinstance(block, Columns):
        return tuple(inner for column in block.columns for inner in column)
    return ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block in reading order, also those inside others."""
    for block in blocks:
        yield block
        yield from walk(parts_of(block))


def spans_of(block: Block) -> Spans:
    """The words of a block that may hold numbers."""
    if isinstance(block, Paragraph | Picture):
        return block.spans
    if isinstance(block, Bullets):
        return tuple(span for item in block.items for span in item)
    return ()


def places_of(block: Block) -> tuple[str, ...]:
    """The figures that are shown whole in a block, where a number elsewhere can lead to."""
    if isinstance(block, ReportTable):
        return (block.figure, *block.row_figures) if block.figure else block.row_figures
    if isinstance(block, Chart):
        return block.figures
    if isinstance(block, KeyFigures | FigureSources):
        return tuple(item.figure for item in block.items)
    return ()
