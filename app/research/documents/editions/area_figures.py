"""What figures say of one area, and of all of them together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.research.charts import directions
from app.research.demographics import Area
from app.research.documents.editions import latest, tenths
from app.research.documents.editions.tenths import CountedPeople
from app.research.documents.figures import ReportFigure
from app.research.documents.showing import Showing
from app.research.instruments.structure import Score
from app.research.question_fields import FIELDS

_MEASURE: Final = "by_area"
_JOINED: Final = "reach.joined_by_area"
_BOTH: Final = re.compile(rf"{_MEASURE}\.(?P<score>.+)_(?P<wave>\d+)_both")
_LABELS: Final[Mapping[str, str]] = FIELDS["area"].values or {}


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A score, and its mean change in an area and in all."""

    score: Score
    here: ReportFigure
    everywhere: ReportFigure | None


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """One area, or all where it has no name."""

    label: str
    agreed: int | None
    received: CountedPeople
    came: CountedPeople
    both: CountedPeople
    changes: Sequence[AreaChange]

    @property
    def is_shown(self) -> bool:
        """Whether anything may be shown of it."""
        counts = (self.agreed, self.received.people, self.came.people, self.both.people)
        are_told = any(one is not None for one in counts)
        return are_told or any(not one.here.why for one in self.changes)


class ByArea:
    """All figures by area of one dataset."""

    def __init__(self, showing: Showing) -> None:
        self._showing = showing
        self._tables = {
            name: showing.figures.get(f"{_MEASURE}.{name}")
            for name in ("agreed", "received", "came")
        }
        self._joined = showing.figures.get(_JOINED)
        known = directions.scores()
        found = (_BOTH.fullmatch(one.name) for one in showing.of_measure(_MEASURE, "table"))
        scores = dict.fromkeys(one["score"] for one in found if one and one["score"] in known)
        told = {score: latest.find(showing, _MEASURE, score, "_both") for score in scores}
        self._both = {score: figure for score, figure in told.items() if figure is not None}
        self._known = known

    @property
    def tables(self) -> list[ReportFigure]:
        """The tables of people: who took part, received, came, and answered twice."""
        return [one for one in (*self._tables.values(), self.answered) if one is not None]

    @property
    def answered(self) -> ReportFigure | None:
        """Who answered the first of the scores twice."""
        return next(iter(self._both.values()), None)

    def all_areas(self) -> AreaFigures:
        """Everybody, those without an area too."""
        return AreaFigures(
            "",
            self._joined.part["total"] if self._joined else None,
            _counted(self._tables["received"]),
            _counted(self._tables["came"]),
            _counted(self.answered),
            (),
        )

    def of(self, area: Area) -> AreaFigures:
        """One area."""
        label = _LABELS[area]
        return AreaFigures(
            label,
            self._agreed(label),
            _counted(self._tables["received"], label),
            _counted(self._tables["came"], label),
            _counted(self.answered, label),
            self._changes(area),
        )

    def _agreed(self, label: str) -> int | None:
        """How many take part there; what reach tells of the same people was told first."""
        table = self._tables["agreed"]
        told = table.part["cells"][_row(table, label)][0] if table else None
        if told is None and self._joined is not None:
            areas = list(self._joined.part["columns"])
            told = self._joined.part["column_totals"][areas.index(label)]
        return None if told is None else int(told)

    def _changes(self, area: Area) -> list[AreaChange]:
        found = []
        for score, both in self._both.items():
            name = both.name.removesuffix("_both").partition(".")[2]
            here = self._showing.figures.get(f"{_MEASURE}.{name}_{area}")
            if here is not None:
                everywhere = self._showing.figures.get(f"outcome_change.{name}_change")
                found.append(AreaChange(self._known[score], here, everywhere))
        return found


def _row(figure: ReportFigure, label: str) -> int:
    return list(figure.part["rows"]).index(label)


def _counted(figure: ReportFigure | None, label: str = "") -> CountedPeople:
    if figure is None:
        return CountedPeople("", None, None)
    return tenths.of_first_column(figure, _row(figure, label) if label else None)
