"""Area sheets for those who commission support: how to read them, all areas, then a page an area.
Areas of which nothing may be shown are named, and why."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.research.charts.figure_words import HELD_BACK, Part, bare, count, interval, key
from app.research.demographics import Area
from app.research.documents import shared_sections, text
from app.research.documents.document import (
    Block,
    Chart,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Layout,
    Paragraph,
    ReportTable,
    words,
)
from app.research.documents.edition_kinds import EditionDefinition, EditionKind, Section
from app.research.documents.editions import area_words, latest
from app.research.documents.editions.area_figures import AreaChange, AreaFigures, ByArea
from app.research.documents.editions.tenths import CountedPeople
from app.research.documents.figures import ReportFigure
from app.research.documents.material import Material
from app.research.documents.showing import Showing
from app.research.protection.rules import OUTSIDE

LAYOUT: Final = Layout.REPORT
DEFINITION: Final = EditionDefinition(
    kind=EditionKind.AREA_SHEETS,
    title="Area sheets",
    for_whom="Those who plan and pay for peer support in an area.",
    sections=(
        Section("introduction", "About the programme", "What was offered, where, and since when."),
        Section(
            "all_areas", "All areas together", "What stands out over all areas, and what is open."
        ),
        Section("cost", "Use of services, and cost", "How the costs may be read, and how not."),
        Section("next", "What we suggest", "What an area could do with its sheet; whom to ask."),
    ),
)

_WORDS: Final = area_words.words()
#: Elsewhere is none of the areas that somebody plans for.
_AREAS: Final = tuple(area for area in Area if area is not Area.ELSEWHERE)
_COST: Final = "service_use"


def compose(material: Material, showing: Showing) -> Document:
    """The whole of it."""
    sheets = _Sheets(material, showing)
    blocks = tuple(sheets.blocks())
    sources = (Heading(1, "Where the numbers come from"), showing.sources(blocks))
    return Document(
        title=material.study_title,
        subtitle=shared_sections.subtitle(material, DEFINITION),
        layout=LAYOUT,
        language="en",
        foot=shared_sections.foot(material, showing),
        blocks=(*blocks, *sources),
    )


class _Sheets:
    """Writes the pages around the figures by area of one dataset."""

    def __init__(self, material: Material, showing: Showing) -> None:
        self._material = material
        self._showing = showing
        self._found = ByArea(showing)
        areas = [self._found.of(area) for area in _AREAS] if self._found.tables else []
        self._shown = [one for one in areas if one.is_shown]
        self._hidden = [one for one in areas if not one.is_shown]
        answered = self._found.answered
        self._when = latest.when(answered) if answered else ""

    def blocks(self) -> Iterator[Block]:
        """How to read them, all areas together, each area."""
        yield from self._text("introduction")
        yield Heading(1, _WORDS.read_title)
        yield from text.blocks(_WORDS.read, self._showing)
        yield Paragraph(words(_WORDS.held_back.format(least=OUTSIDE.least)))
        yield Paragraph(words(self._not_shown()))
        yield Paragraph(words(_WORDS.others))
        yield Heading(1, _WORDS.all_title, starts_page=True)
        yield from self._all_areas()
        for area in self._shown:
            yield from self._sheet(area)
        written = self._text("next")
        if written:
            yield Heading(1, "What we suggest", starts_page=True)
            yield from written

    def _text(self, section: str) -> tuple[Block, ...]:
        return shared_sections.written(self._material, self._showing, section, 2)

    def _not_shown(self) -> str:
        if not self._found.tables:
            return _WORDS.nothing
        if not self._hidden:
            return _WORDS.none_not_shown
        return _WORDS.intro_not_shown.format(areas=_listed([one.label for one in self._hidden]))

    def _all_areas(self) -> Iterator[Block]:
        yield from self._text("all_areas")
        if self._found.tables:
            everyone = self._found.all_areas()
            yield from self._keys(everyone)
            yield Heading(2, _WORDS.beside_title)
            yield Paragraph(words(_WORDS.beside))
            yield self._beside([*self._shown, everyone])
        yield Heading(2, _WORDS.cost_title)
        yield from self._text("cost")
        yield from self._cost()

    def _beside(self, areas: Sequence[AreaFigures]) -> ReportTable:
        rows = [
            (
                one.label or "All areas",
                count(one.agreed),
                _percent(one.received),
                _percent(one.came),
                _percent(one.both),
            )
            for one in areas
        ]
        head = ("Area", _WORDS.agreed, _WORDS.received, _WORDS.came, self._both())
        return self._table(_WORDS.beside_table, head, rows, self._found.tables)

    def _cost(self) -> Iterator[Block]:
        names = ("services_any", "cost", "cost_median", "cost_change")
        found = [latest.find(self._showing, _COST, name) for name in names]
        told = [one for one in found if one is not None]
        if told:
            yield Paragraph(words(_WORDS.cost))
            yield self._showing.rows(_WORDS.cost_table, told)
        else:
            yield Paragraph(words(_WORDS.no_cost))

    def _sheet(self, area: AreaFigures) -> Iterator[Block]:
        everyone = self._found.all_areas()
        yield Heading(1, area.label, starts_page=True)
        yield from self._keys(area)
        rows = [
            (_WORDS.agreed, count(area.agreed), count(everyone.agreed)),
            *(
                (label, _of(here), _of(everywhere))
                for (label, here), (_, everywhere) in zip(
                    self._shares(area), self._shares(everyone), strict=True
                )
            ),
        ]
        head = ("", area.label, "All areas")
        yield self._table(_WORDS.taking_part, head, rows, self._found.tables)
        chart = self._picture(area, everyone)
        if chart is not None:
            yield chart
        yield from self._changes(area)

    def _changes(self, area: AreaFigures) -> Iterator[Block]:
        caption = _WORDS.change.format(when=self._when)
        if all(one.here.why for one in area.changes):
            yield Paragraph(words(_WORDS.no_change))
            return
        figures = [one.here for one in area.changes]
        head = ("Score", "Mean change", "95% interval", "All areas")
        yield self._table(caption, head, [_change(one) for one in area.changes], figures)
        yield Paragraph(words(_WORDS.caution))

    def _keys(self, area: AreaFigures) -> Iterator[KeyFigures]:
        """Those that are told; the table below them says which are held back."""
        agreed = (count(area.agreed), _WORDS.agreed, "by_area.agreed")
        shares = ((_percent(one), label, one.figure) for label, one in self._shares(area))
        told = tuple(
            KeyFigure(value, label.lower(), name)
            for value, label, name in (agreed, *shares)
            if value != HELD_BACK
        )
        if told:
            yield KeyFigures(told, self._showing.origin.line)

    def _shares(self, area: AreaFigures) -> list[tuple[str, CountedPeople]]:
        return [
            (_WORDS.received, area.received),
            (_WORDS.came, area.came),
            (self._both(), area.both),
        ]

    def _picture(self, area: AreaFigures, everyone: AreaFigures) -> Chart | None:
        """Bars of the area, each above that of all areas, where both are told."""
        pairs = zip(self._shares(area), self._shares(everyone), strict=True)
        parts = [
            _bar(f"{label}: {where}", told)
            for (label, here), (_, everywhere) in pairs
            for where, told in ((area.label, here), ("all areas", everywhere))
            if here.share is not None and everywhere.share is not None
        ]
        charts = self._showing.charts
        svg = charts.group(parts) if parts else None
        narrow = charts.group(parts, is_narrow=True) if parts else None
        if svg is None:
            return None
        said = "; ".join(f"{part['label']}, {key(part)}" for part in parts)
        first = self._found.tables[0]
        source = self._showing.source(first)
        return Chart(_WORDS.beside_all, f"{said}.", svg, source, (first.name,), narrow or "")

    def _both(self) -> str:
        return _WORDS.both.format(when=self._when or "again")

    def _table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Sequence[tuple[str, ...]],
        figures: Sequence[ReportFigure],
    ) -> ReportTable:
        """A table with the rules of its figures, and how much they took from it."""
        taken = sum(HELD_BACK in cell for row in rows for cell in row)
        rules = dict.fromkeys(str(one.part["rule"]) for one in figures)
        note = " ".join((*rules, *((f"Held back here: {taken}.",) if taken else ())))
        source = self._showing.source(figures[0])
        return ReportTable(caption, tuple(head), tuple(rows), note, source)


def _change(change: AreaChange) -> tuple[str, ...]:
    better = _WORDS.better if change.score.higher_is == "better" else _WORDS.worse
    everywhere = change.everywhere
    return (
        f"{change.score.label} ({better})",
        _points(change.here),
        interval(change.here.part),
        _points(everywhere) if everywhere else "",
    )


def _points(figure: ReportFigure) -> str:
    return HELD_BACK if figure.why else bare(figure.part["value"], figure.part["unit"])


def _bar(label: str, told: CountedPeople) -> Part:
    """A share as charts draw it."""
    percent = round(100 * (told.share or 0))
    return {"kind": "share", "label": label, "percent": percent, "of": told.of, "why": ""}


def _of(told: CountedPeople) -> str:
    if told.people is None:
        return HELD_BACK
    return f"{count(told.people)} of {count(told.of)} ({_percent(told)})"


def _percent(told: CountedPeople) -> str:
    return HELD_BACK if told.share is None else f"{round(100 * told.share)}%"


def _listed(names: Sequence[str]) -> str:
    """`one`, `one and another`, `one, another and a third`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
