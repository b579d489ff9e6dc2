"""A document as one page of HTML that needs nothing else: no script, no address, its charts and its
type inside."""

from base64 import b64encode
from collections.abc import Iterable
from functools import singledispatchmethod
from html import escape
from pathlib import Path
from typing import Final

import fontpkg_atkinson_hyperlegible as font

from app.research.documents import svg
from app.research.documents.cells import WITHHELD, number_columns
from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Chart,
    Columns,
    Contents,
    Document,
    FigureSources,
    Form,
    Heading,
    KeyFigures,
    Lines,
    Paragraph,
    Picture,
    ReportTable,
    Spans,
    TextSpan,
    walk,
)
from app.research.documents.places import Places

_STYLE: Final = Path(__file__).with_name("html.css")
#: Letters of a number that is set large; a longer one is set smaller.
_LARGE: Final = 8
_FACES: Final = (("Regular", 400), ("Bold", 700))
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"


def html(document: Document) -> str:
    """The page."""
    page = _Page(document)
    return f"""<!doctype html>
<html lang="{escape(document.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(document.title)}: {escape(document.subtitle)}</title>
<style>{_faces()}{_STYLE.read_text()}{svg.DARK}</style>
</head>
<body class="{document.layout}">
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>{escape(document.title)}</h1>
<p>{escape(document.subtitle)}</p>
</header>
<main id="main">
{page.blocks(document.blocks)}</main>
<footer>
<p>{escape(document.foot)}</p>
</footer>
</body>
</html>
"""


def _faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "Atkinson Hyperlegible"; font-weight: {weight}; '
        f"src: url(data:font/ttf;base64,{_bytes(name)}); }}\n"
        for name, weight in _FACES
    )


def _bytes(face: str) -> str:
    path = font.ROOT / "files" / f"AtkinsonHyperlegible-{face}.ttf"
    return b64encode(path.read_bytes()).decode()


def _anchor(figure: str) -> str:
    return f"figure-{figure}"


class _Page:
    """Writes blocks; knows which figures have a place to lead to."""

    def __init__(self, document: Document) -> None:
        self._all = list(walk(document.blocks))
        self._places = Places(document.blocks)
        self._numbers: dict[str, int] = {}

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Several, one after another."""
        return "".join(self.block(block) for block in blocks)

    @singledispatchmethod
    def block(self, block: Block) -> str:
        """One block."""
        raise TypeError(type(block).__name__)

    @block.register
    def _(self, block: Heading) -> str:
        tag, page = f"h{block.level + 1}", ' class="page"' if block.starts_page else ""
        return f'<{tag} id="{self._next("heading")}"{page}>{escape(block.text)}</{tag}>\n'

    @block.register
    def _(self, block: Paragraph) -> str:
        lead = ' class="lead"' if block.is_lead else ""
        return f"<p{lead}>{self._spans(block.spans)}</p>\n"

    @block.register
    def _(self, block: Bullets) -> str:
        tag = "ol" if block.is_numbered else "ul"
        items = "".join(f"<li>{self._spans(item)}</li>\n" for item in block.items)
        return f"<{tag}>\n{items}</{tag}>\n"

    @block.register
    def _(self, block: ReportTable) -> str:
        caption = self._next("table")
        numbers = number_columns(block)
        heads = "".join(
            f'<th scope="col"{_number(is_number)}>{escape(head)}</th>'
            for head, is_number in zip(block.head, numbers, strict=True)
        )
        none = ("",) * len(block.rows)
        lines = zip(block.rows, block.row_figures or none, block.leads_to or none, strict=True)
        rows = "".join(
            self._row(row, numbers, self._place(figure, block), leads_to)
            for row, figure, leads_to in lines
        )
        return (
            f'<div class="tabled"{self._place(block.figure, block)}>\n'
            f'<div class="region" role="region" tabindex="0" aria-labelledby="{caption}">\n'
            f'<table>\n<caption id="{caption}">{escape(block.caption)}</caption>\n'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
            f"{_small('note', block.note)}{_small('source', block.source)}</div>\n"
        )

    def _row(self, row: tuple[str, ...], numbers: list[bool], place: str, leads_to: str) -> str:
        first, *rest = row
        head = self._span(TextSpan(first, figure=leads_to))
        cells = "".join(
            f"<td{_number(is_number)}>{_cell(cell)}</td>"
            for cell, is_number in zip(rest, numbers[1:], strict=True)
        )
        return f'<tr{place}><th scope="row">{head}</th>{cells}</tr>\n'

    @block.register
    def _(self, block: Chart) -> str:
        label = escape(f"{block.caption}: picture")
        picture = svg.inside(block.svg, self._next("chart"), block.alternative)
        least = f"--least: {svg.least_width(block.svg)}px"
        narrow, wide = "", "region"
        if block.narrow_svg:
            drawn = svg.inside(block.narrow_svg, self._next("chart"), block.alternative)
            narrow, wide = f'<div class="narrow">{drawn}</div>\n', "region wide"
        return (
            f'<figure class="chart">\n{self._marks(block)}'
            f"<figcaption>{escape(block.caption)}</figcaption>\n"
            f'<div class="{wide}" role="region" tabindex="0" aria-label="{label}" style="{least}">'
            f"{picture}</div>\n{narrow}{_small('source', block.source)}</figure>\n"
        )

    @block.register
    def _(self, block: Picture) -> str:
        picture = svg.inside(block.svg, self._next("picture"), block.alternative)
        return f'<div class="chart picture"><p>{self._spans(block.spans)}</p>{picture}</div>\n'

    @block.register
    def _(self, block: KeyFigures) -> str:
        items = "".join(
            f"<div{self._place(one.figure, block)}><dt>{escape(one.words)}</dt>"
            f"<dd{_long(one.value)}>{_cell(one.value)}</dd></div>\n"
            for one in block.items
        )
        return f'<dl class="keys">\n{items}</dl>\n{_small("source", block.source)}'

    @block.register
    def _(self, block: Box) -> str:
        title = f'<p class="title">{escape(block.title)}</p>\n' if block.title else ""
        return f'<div class="box">\n{title}{self.blocks(block.blocks)}</div>\n'

    @block.register
    def _(self, block: Columns) -> str:
        columns = "".join(f"<div>\n{self.blocks(column)}</div>\n" for column in block.columns)
        return f'<div class="columns" style="--count: {len(block.columns)}">\n{columns}</div>\n'

    @block.register
    def _(self, block: FigureSources) -> str:
        items = "".join(
            f"<li{self._place(one.figure, block)}><code>{escape(one.figure)}</code> "
            f"{escape(one.words)}</li>\n"
            for one in block.items
        )
        return f'<p class="note">{escape(block.line)}</p>\n<ul class="sources">\n{items}</ul>\n'

    @block.register
    def _(self, block: Lines) -> str:
        label = f"<p>{escape(block.label)}</p>\n" if block.label else ""
        return f'<div class="lines">\n{label}{"<div></div>" * block.count}</div>\n'

    @block.register
    def _(self, block: Form) -> str:
        caption = self._next("table")
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in block.head)
        empty = "<td></td>" * (len(block.head) - 1)
        rows = "".join(
            f'<tr><th scope="row">{escape(row)}</th>{empty}</tr>\n' for row in block.rows
        )
        return (
            f'<div class="region" role="region" tabindex="0" aria-labelledby="{caption}">\n'
            f'<table class="form">\n<caption id="{caption}">{escape(block.caption)}</caption>\n'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
        )

    @block.register
    def _(self, block: Contents) -> str:
        headings = [one for one in self._all if isinstance(one, Heading)]
        items = "".join(
            f'<li{_deeper(one)}><a href="#heading-{number}">{escape(one.text)}</a></li>\n'
            for number, one in enumerate(headings, 1)
            if one.level <= block.depth
        )
        title = escape(block.title)
        page = ' class="page"' if block.starts_page else ""
        shown = f'<p class="title">{title}</p>\n<ol>{items}</ol>'
        return f'<nav aria-label="{title}"{page}>\n{shown}\n</nav>\n'

    def _spans(self, spans: Spans) -> str:
        return "".join(map(self._span, spans))

    def _span(self, span: TextSpan) -> str:
        said = escape(span.text)
        if span.is_strong:
            said = f"<strong>{said}</strong>"
        if span.is_emphasised:
            said = f"<em>{said}</em>"
        if span.link:
            said = f'<a href="{escape(span.link)}" rel="noopener">{said}</a>'
        if span.figure in self._places.names:
            said = f'<a class="number" href="#{escape(_anchor(span.figure))}">{said}</a>'
        return said

    def _place(self, figure: str, block: Block) -> str:
        """The id of a figure, if it has its place in this block."""
        is_here = self._places.is_in(figure, block)
        return f' id="{escape(_anchor(figure))}"' if is_here else ""

    def _marks(self, block: Chart) -> str:
        """Places of several figures in one picture."""
        return "".join(
            f'<span id="{escape(_anchor(one))}"></span>' for one in self._places.of(block)
        )

    def _next(self, kind: str) -> str:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}-{self._numbers[kind]}"


def _number(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


def _cell(cell: str) -> str:
    return f'<span class="held">{cell}</span>' if cell in WITHHELD else escape(cell)


def _long(value: str) -> str:
    return ' class="long"' if len(value) > _LARGE else ""


def _small(kind: str, line: str) -> str:
    return f'<p class="{kind}">{escape(line)}</p>\n' if line else ""


def _deeper(heading: Heading) -> str:
    return ' class="deeper"' if heading.level > 1 else ""
