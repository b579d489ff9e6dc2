"""What stands for a measure where there is room for little: its first numbers and one picture."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.research.charts.together import TOGETHER, WAVE
from app.research.documents import score_ways
from app.research.documents.document import Block, Chart
from app.research.documents.figures import ReportFigure
from app.research.documents.showing import Showing

_AT_A_GLANCE: Final = 4
_IN_A_COLUMN: Final = 2


#: Of each measure: its first numbers, of the newest wave where there are several.
_KEYS: Final[Mapping[str, str]] = {
    "reach": r"agreed|received|came|came_online",
    "retention": r"stayed_\d+|median_days",
    "dose": r"(active_days|reading|meetings)_median|minutes_in_meetings",
    "participation_classes": r"posted|top_10_all|gini_all",
    "response": r"any_[24]|peer_4|any_median",
    "follow_up": rf"follow_up_{WAVE}",
    "outcome_change": rf"(?!.*support).*_{WAVE}_change",
    "outcome_on_dose": r"(?!.*support).*_(giving|receiving)",
    "service_use": rf"(?:services_any|cost|cost_change)_{WAVE}",
    "adverse_experiences": rf"adverse_ever|adverse_{WAVE}",
    "six_values": rf"values_[a-z_]+_score_{WAVE}_online",
}


def keys(showing: Showing, measure: str) -> list[ReportFigure]:
    """A few numbers of a measure, told ones first; those held back are said to be."""
    found = showing.of_measure(measure, "estimate", "share")
    pattern = _KEYS.get(measure)
    chosen = _newest(_matching(found, pattern)) if pattern else found
    first = sorted(chosen or found, key=lambda one: bool(one.why))[:_AT_A_GLANCE]
    return [score_ways.told(one) for one in first]


def picture(showing: Showing, measure: str, *, is_narrow: bool = False) -> Chart | None:
    """The picture of a measure, or None."""
    ways = TOGETHER.get(measure)
    if ways is None:
        return None
    highlight = ways[0]
    figures = _newest(_matching(showing.of_measure(measure), highlight.pattern))
    if len(figures) == 1:
        chart = showing.chart(figures[0], is_narrow=is_narrow)
        return chart and replace(chart, caption=highlight.caption)
    caption = " ".join((f"{highlight.caption}.", *score_ways.lower(figures))).removesuffix(".")
    return showing.group(caption, figures, is_narrow=is_narrow)


def blocks(showing: Showing, measure: str, *, is_narrow: bool = False) -> tuple[Block, ...]:
    """Numbers and picture of a measure; where it is narrow, two numbers."""
    figures = keys(showing, measure)[: _IN_A_COLUMN if is_narrow else _AT_A_GLANCE]
    chart = picture(showing, measure, is_narrow=is_narrow)
    return (*showing.large(figures), *((chart,) if chart else ()))


def _matching(figures: Iterable[ReportFigure], pattern: str) -> list[tuple[int, ReportFigure]]:
    """Those whose part's name is such a one, with their wave."""
    found = []
    for one in figures:
        if match := re.fullmatch(pattern, str(one.part["name"])):
            wave = match.groupdict().get("wave")
            found.append((int(wave) if wave else 0, one))
    return found


def _newest(found: Sequence[tuple[int, ReportFigure]]) -> list[ReportFigure]:
    """Those of no wave, and those of the newest one that tells anything."""
    told = [wave for wave, one in found if not one.why]
    newest = max(told, default=0)
    return [one for wave, one in found if wave in (0, newest)]
