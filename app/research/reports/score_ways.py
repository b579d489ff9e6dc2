"""Which way a score gets better, for readers who don't know it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from app.research.instruments import catalogue
from app.research.instruments.structure import Score
from app.research.reports.figures import ReportFigure

_LESS: Final = "lower is better"


@cache
def known() -> Mapping[str, Score]:
    """Scores that came with this software and of which more is `better` or `worse`, by name."""
    return {
        score.name: score
        for instrument in catalogue.shipped().newest()
        for score in instrument.scores
        if score.higher_is in ("better", "worse")
    }


def told(figure: ReportFigure) -> ReportFigure:
    """A figure of a score of which less is better, with that in its label: a fall looks like
    bad news beside scores that rise."""
    score = _score(str(figure.part["name"]))
    if score is None or score.higher_is == "better":
        return figure
    label = figure.label.replace(score.label, f"{score.label} ({_LESS})", 1)
    return replace(figure, part={**figure.part, "label": label})


def lower(figures: Sequence[ReportFigure]) -> Iterator[str]:
    """The same in a sentence below a picture of scores, where there are any."""
    found = [_score(str(one.part["name"])) for one in figures]
    names = [score.label.lower() for score in found if score and score.higher_is == "worse"]
    if names:
        yield f"Lower is better for: {', '.join(names)}."


def _score(part: str) -> Score | None:
    """The score that a part is of: `phq9_total_2_effect`."""
    return next((score for name, score in known().items() if part.startswith(f"{name}_")), None)
