"""Every edition of what everybody may see of the programme, and what somebody reads in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from app.demo.evaluation import study
from app.research.documents import catalogue, html
from app.research.documents.document import (
    Block,
    Chart,
    Document,
    Heading,
    KeyFigures,
    Picture,
    ReportTable,
    places_of,
    spans_of,
    walk,
)
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.material import PlannedAnalysis
from app.research.measures.shown_parts import ShownResult
from tests.research.documents import told_material

PLAN = PlannedAnalysis(
    version=1,
    signed_on=date(2024, 11, 3),
    questions=study.PLAN.questions,
    primary_measures=study.PLAN.primary_measures,
    secondary_measures=study.PLAN.secondary_measures,
    population=study.PLAN.population,
    missing_answers=study.PLAN.missing_answers,
    worthwhile_change=study.PLAN.worthwhile_change,
)
_INTERVAL = re.compile(r"(?P<low>−?[\d.,]+) to (?P<high>−?[\d.,]+)")


@dataclass(frozen=True)
class Interval:
    """As it stands in a report."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    def holds(self, value: float, *, times: float = 1.0) -> bool:
        """Whether the value is in it, or in one so many times as wide."""
        return abs(value - self.middle) <= times * (self.high - self.low) / 2


def interval_in(words: str) -> Interval:
    found = _INTERVAL.search(words)
    assert found, words
    return Interval(*(float(end.replace("−", "-").replace(",", "")) for end in found.groups()))


@dataclass(frozen=True)
class Edition:
    """One edition, as it is read."""

    document: Document

    @cached_property
    def page(self) -> str:
        return html.html(self.document)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Every line in reading order; rows of tables with their cells."""
        return tuple(line for block in walk(self.document.blocks) for line in _lines(block))

    @property
    def tables(self) -> list[ReportTable]:
        return [one for one in walk(self.document.blocks) if isinstance(one, ReportTable)]

    @property
    def figures(self) -> set[str]:
        """The names of all figures in it."""
        blocks = list(walk(self.document.blocks))
        named = {span.figure for block in blocks for span in spans_of(block)}
        return (named | {name for block in blocks for name in places_of(block)}) - {""}

    def row(self, figure: str) -> tuple[str, ...]:
        """The one row that tells this figure."""
        (found,) = [
            row
            for table in self.tables
            for name, row in zip(table.row_figures, table.rows, strict=False)
            if name == figure
        ]
        return found

    def key(self, figure: str) -> str:
        """The large number of this figure, with its words."""
        (found,) = {
            f"{one.value} {one.words}"
            for block in walk(self.document.blocks)
            if isinstance(block, KeyFigures)
            for one in block.items
            if one.figure == figure
        }
        return found

    def picture(self, figure: str) -> str:
        """What the picture of this figure says in words."""
        (found,) = {
            block.alternative
            for block in walk(self.document.blocks)
            if isinstance(block, Chart) and figure in block.figures
        }
        return found


def editions(
    results: Sequence[ShownResult], kinds: Iterable[EditionKind] = EditionKind
) -> Mapping[EditionKind, Edition]:
    """Of these kinds, with the plan of the programme."""
    return {
        kind: Edition(
            catalogue.compose(
                replace(told_material.material(kind, results), plan=PLAN),
                told_material.DrawnCharts(),
            )
        )
        for kind in kinds
    }


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield block.text
    elif isinstance(block, ReportTable):
        yield from (block.caption, *(" | ".join(row) for row in block.rows), block.note)
    elif isinstance(block, KeyFigures):
        yield from (f"{one.value} {one.words}" for one in block.items)
    elif isinstance(block, Chart | Picture):
        yield block.alternative
    if spans_of(block):
        yield "".join(span.text for span in spans_of(block))
