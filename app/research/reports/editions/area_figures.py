"""What figures say of one area, and of all of them together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.research.demographics import Area
from app.research.instruments.structure import Score
from app.research.question_fields import FIELDS
from app.research.reports.editions import changes, latest, tenths
from app.research.reports.editions.tenths import CountedPeople
from app.research.reports.figures import Figure
from app.research.reports.showing import Showing

_MEASURE: Final = "by_area"
_BOTH: Final = re.compile(rf"{_MEASURE}\.(?P<score>.+)_(?P<wave>\d+)_both")
_LABELS: Final[Mapping[str, str]] = FIELDS["area"].values or {}


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A score, and its mean change in an area and in all."""

    score: Score
    here: Figure
    everywhere: Figure | None


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
        known = changes.known_scores()
        found = (_BOTH.fullmatch(one.name) for one in showing.of_measure(_MEASURE, "table"))
        scores = dict.fromkeys(one["score"] for one in found if one and one["score"] in known)
        told = {score: latest.find(showing, _MEASURE, score, "_both") for score in scores}
        self._both = {score: figure for score, figure in told.items() if figure is not None}
        self._known = known

    @property
    def tables(self) -> list[Figure]:
        """The tables of people: who took part, received, came, and answered twice."""
        return [one for one in (*self._tables.values(), self.answered) if one is not None]

    @property
    def answered(self) -> Figure | None:
        """Who answered the first of the scores twice."""
        return next(iter(self._both.values()), None)

    def all_areas(self) -> AreaFigures:
        """Everybody, those without an area too. The total of a table is often held back, for it
        would narrow down its cells; how many there are in all is told by reach."""
        agreed = self._showing.figures.get("reach.agreed")
        return AreaFigures(
            "",
            agreed.part["people"] if agreed else None,
            _counted(self._tables["received"]),
            _counted(self._tables["came"]),
            _counted(self.answered),
            (),
        )

    def of(self, area: Area) -> AreaFigures:
        """One area."""
        label = _LABELS[area]
        agreed = self._tables["agreed"]
        return AreaFigures(
            label,
            None if agreed is None else agreed.part["cells"][_row(agreed, label)][0],
            _counted(self._tables["received"], label),
            _counted(self._tables["came"], label),
            _counted(self.answered, label),
            self._changes(area),
        )

    def _changes(self, area: Area) -> list[AreaChange]:
        found = []
        for score, both in self._both.items():
            name = both.name.removesuffix("_both").partition(".")[2]
            here = self._showing.figures.get(f"{_MEASURE}.{name}_{area}")
            if here is not None:
                everywhere = self._showing.figures.get(f"outcome_change.{name}_change")
                found.append(AreaChange(self._known[score], here, everywhere))
        return found


def _row(figure: Figure, label: str) -> int:
    return list(figure.part["rows"]).index(label)


def _counted(figure: Figure | None, label: str = "") -> CountedPeople:
    if figure is None:
        return CountedPeople("", None, None)
    return tenths.of_first_column(figure, _row(figure, label) if label else None)
