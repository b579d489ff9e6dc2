"""Which way a score has gone, for readers who are told no figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.research.charts import directions
from app.research.documents.editions import latest
from app.research.documents.figures import ReportFigure
from app.research.documents.showing import Showing

_MEASURE: Final = "outcome_change"
_CHANGE: Final = "_change"
#: Of a standardised mean change: what lies below is called little (Cohen 1988: a medium effect).
_LITTLE: Final = 0.5


class Way(StrEnum):
    """Which way all of them together have gone."""

    BETTER = "better"
    WORSE = "worse"
    #: None as well as a change of either kind would give such answers.
    UNCLEAR = "unclear"
    HELD_BACK = "held_back"


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The change of a score from the first wave to the latest."""

    score: str
    figure: ReportFigure
    way: Way
    is_little: bool


def of_scores(showing: Showing) -> Iterator[ScoreChange]:
    """Of every score that came with this software and can get better, in the order of the
    measure."""
    known = directions.scores()
    for score in _scores(showing):
        figure = latest.find(showing, _MEASURE, score, _CHANGE)
        if figure is not None and score in known:
            way = _way(figure, known[score].higher_is)
            yield ScoreChange(score, figure, way, _is_little(showing, figure))


def _scores(showing: Showing) -> dict[str, None]:
    names = (
        one.name.partition(".")[2].removesuffix(_CHANGE).rpartition("_")[0]
        for one in showing.of_measure(_MEASURE, "estimate")
        if one.name.endswith(_CHANGE)
    )
    return dict.fromkeys(names)


def _way(figure: ReportFigure, higher_is: str) -> Way:
    low, high = figure.part["low"], figure.part["high"]
    if figure.why:
        return Way.HELD_BACK
    if low is None or low <= 0 <= high:
        return Way.UNCLEAR
    return Way.BETTER if (low > 0) == (higher_is == "better") else Way.WORSE


def _is_little(showing: Showing, figure: ReportFigure) -> bool:
    effect = showing.figures.get(figure.name.removesuffix(_CHANGE) + "_effect")
    value = effect.part["value"] if effect else None
    return value is not None and abs(value) < _LITTLE
