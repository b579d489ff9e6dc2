"""Figures as blocks: an inline number that leads to its source, a whole figure, a table of many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.research.charts import figure_tables, figure_words
from app.research.charts.flow_steps import FlowStep
from app.research.documents.document import (
    Block,
    Chart,
    FigureSource,
    FigureSources,
    KeyFigure,
    KeyFigures,
    Layout,
    Paragraph,
    ReportTable,
    Spans,
    TextSpan,
    places_of,
    spans_of,
    walk,
    words,
)
from app.research.documents.figures import Origin, ReportFigure, all_of
from app.research.documents.material import Material

#: A curve beside its chart is told at so many of its days; the full report has them all.
_POINTS = 12


class Charts(Protocol):
    """Draws pictures of shown parts; the module `charts`, which no server loads."""

    def of(self, part: figure_words.Part, *, is_narrow: bool = False) -> str | None:
        """A picture of one part, as SVG, or None where it has none."""
        ...

    def group(self, parts: Sequence[figure_words.Part], *, is_narrow: bool = False) -> str | None:
        """A picture of estimates, or of shares, that belong together."""
        ...

    def flow(self, steps: Sequence[FlowStep], *, is_narrow: bool = False) -> str | None:
        """The flow of participants."""
        ...


@dataclass(frozen=True, slots=True)
class Showing:
    """The figures of one edition, and how they are put into it."""

    figures: Mapping[str, ReportFigure]
    origin: Origin
    charts: Charts
    layout: Layout = Layout.REPORT

    @classmethod
    def of(cls, material: Material, charts: Charts, layout: Layout = Layout.REPORT) -> "Showing":
        """The figures of a material."""
        origin = Origin(material.dataset_number, material.dataset_sha256, material.software_version)
        return cls(all_of(material.results), origin, charts, layout)

    def of_measure(self, measure: str, *kinds: str) -> list[ReportFigure]:
        """Figures of one measure, of these kinds, or all."""
        return [
            one
            for one in self.figures.values()
            if one.measure == measure and (not kinds or one.kind in kinds)
        ]

    def inline(self, name: str) -> TextSpan:
        """The number inside a line. One that is held back is said to be, and a table is named."""
        figure = self.figures.get(name)
        if figure is None:
            return TextSpan(f"(“{name}” is not in this dataset)", is_emphasised=True)
        if figure.why:
            return TextSpan(figure_words.HELD_BACK, is_emphasised=True, figure=name)
        return TextSpan(figure.inline or f"“{figure.label}”", figure=name)

    def whole(self, name: str) -> tuple[Block, ...]:
        """A figure by itself: its sentence, its chart and its table."""
        figure = self.figures.get(name)
        if figure is None:
            return (Paragraph((self.inline(name),)),)
        if figure.why or figure.kind in ("estimate", "share"):
            return (Paragraph(self.said(figure)),)
        chart = self.chart(figure)
        if chart and self.layout == Layout.SUMMARY:
            return (chart,)
        return (*((chart,) if chart else ()), self.table(figure, is_short=True))

    def said(self, figure: ReportFigure) -> Spans:
        """Its sentence, in which the number leads to its source."""
        before, number, behind = figure.sentence.partition(figure.inline or figure_words.HELD_BACK)
        return (TextSpan(before), TextSpan(number, figure=figure.name), TextSpan(behind))

    def chart(self, figure: ReportFigure, *, is_narrow: bool = False) -> Chart | None:
        """Its picture, where it has one."""
        svg = self.charts.of(figure.part, is_narrow=is_narrow)
        narrow = None if is_narrow else self.charts.of(figure.part, is_narrow=True)
        if svg is None:
            return None
        label, source = figure_words.sentence_case(figure.label), self.source(figure)
        return Chart(label, figure.sentence, svg, source, (figure.name,), narrow or "")

    def group(
        self, caption: str, figures: Sequence[ReportFigure], *, is_narrow: bool = False
    ) -> Chart | None:
        """A picture of several that belong together; those that are held back are named in it."""
        parts = [one.part for one in figures]
        svg = self.charts.group(parts, is_narrow=is_narrow)
        narrow = None if is_narrow else self.charts.group(parts, is_narrow=True)
        if svg is None:
            return None
        told = " ".join(one.sentence for one in figures)
        names = tuple(one.name for one in figures)
        return Chart(caption, told, svg, self.source(figures[0]), names, narrow or "")

    def table(self, figure: ReportFigure, *, is_short: bool = False) -> ReportTable:
        """Its table, with the rule and what it took."""
        head, rows = figure_tables.rows(figure.part)
        if is_short and figure.kind == "curve":
            rows = _some(rows)
        return ReportTable(
            figure.label, head, rows, figure.rule, self.source(figure), figure=figure.name
        )

    def rows(
        self, caption: str, figures: Sequence[ReportFigure], labels: Sequence[str] = ()
    ) -> ReportTable:
        """Estimates and shares as rows of one table; its note says why one is held back."""
        whys = dict.fromkeys(one.why for one in figures if one.why)
        rules = dict.fromkeys(str(one.part["rule"]) for one in figures)
        taken = sum(bool(one.why) for one in figures)
        held = f"Held back here: {taken}. " if taken else ""
        told = labels or [figure_words.sentence_case(one.label) for one in figures]
        head, rows = figure_tables.of_figures([one.part for one in figures], told)
        return ReportTable(
            caption,
            head,
            rows,
            " ".join((*rules, held + " ".join(whys))).strip(),
            self.source(figures[0]),
            row_figures=tuple(one.name for one in figures),
        )

    def keys(self, figures: Sequence[ReportFigure]) -> KeyFigures:
        """A few numbers, large."""
        items = tuple(KeyFigure(one.key, _key_words(one), one.name) for one in figures)
        return KeyFigures(items, self.origin.line)

    def large(self, figures: Sequence[ReportFigure]) -> tuple[Block, ...]:
        """Numbers in large type; those that are held back are named in a line, for in large type
        they would look like a fault."""
        told = [one for one in figures if not one.why]
        held = "; ".join(figure_words.sentence_case(one.label) for one in figures if one.why)
        return (
            *((self.keys(told),) if told else ()),
            *((Paragraph(words(f"Held back: {held}.")),) if held else ()),
        )

    def source(self, figure: ReportFigure) -> str:
        """Measure, dataset and version of the software, in a line."""
        return f"{figure.title}, {self.origin.line}"

    def sources(self, blocks: Sequence[Block]) -> FigureSources:
        """Where each number of these blocks comes from, but for those told by a table or a picture,
        which have a line of their own."""
        inside = list(walk(blocks))
        used = [span.figure for block in inside for span in spans_of(block) if span.figure]
        keys = [
            name for block in inside if isinstance(block, KeyFigures) for name in places_of(block)
        ]
        shown = {
            name
            for block in inside
            if isinstance(block, ReportTable | Chart)
            for name in places_of(block)
        }
        names = [name for name in dict.fromkeys((*keys, *used)) if name not in shown]
        items = tuple(FigureSource(name, self._words(name)) for name in names)
        return FigureSources(items, sentence(self.origin.line))

    def _words(self, name: str) -> str:
        figure = self.figures[name]
        return f"{figure_words.sentence_case(figure.label)} ({figure.title})"


def sentence(line: str) -> str:
    """A line as a sentence."""
    return f"{figure_words.sentence_case(line)}."


def _key_words(figure: ReportFigure) -> str:
    """What it is of, and how sure it is: an estimate alone would say more than is known."""
    label, part = figure_words.sentence_case(figure.label), figure.part
    if figure.kind == "share":
        return label if part["of"] is None else f"{label}, of about {part['of']:,} people"
    people = "" if part["people"] is None else f", of about {part['people']:,} people"
    between = figure_words.interval(part)
    return f"{label}{people}" + (f" (95% interval {between})" if between else "")


def _some(rows: figure_tables.Rows) -> figure_tables.Rows:
    """Rows spread evenly, the first and the last with them."""
    if len(rows) <= _POINTS:
        return rows
    step = (len(rows) - 1) / (_POINTS - 1)
    return tuple(rows[round(number * step)] for number in range(_POINTS))
