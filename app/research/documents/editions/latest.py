"""The latest wave of a figure that is found again at each: `values_safety_score_5` after `…_4`."""

import re
from typing import Final

from app.research.documents.figures import ReportFigure
from app.research.documents.showing import Showing

#: A wave as labels name it.
_WAVE: Final = re.compile(r"wave (\d+)(?: \(week (\d+)\))?")


def find(showing: Showing, measure: str, stem: str, tail: str = "") -> ReportFigure | None:
    """Of the latest wave of which something is told; the latest of all where nothing is."""
    pattern = re.compile(rf"{re.escape(f'{measure}.{stem}')}_(\d+){re.escape(tail)}")
    waves = {
        int(found[1]): figure
        for name, figure in showing.figures.items()
        if (found := pattern.fullmatch(name))
    }
    told = [wave for wave, figure in waves.items() if not figure.why]
    return waves[max(told or waves)] if waves else None


def when(figure: ReportFigure) -> str:
    """When its wave was, from its label: `in week 78`, or `at wave 5`."""
    found = _WAVE.search(figure.label)
    if found is None:
        return "when they were last asked"
    return f"in week {found[2]}" if found[2] else f"at wave {found[1]}"
