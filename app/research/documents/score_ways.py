"""Scores of which less is better, so that a fall doesn't look like bad news beside others that
rise."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.research.charts import directions
from app.research.documents.figures import ReportFigure


def told(figure: ReportFigure) -> ReportFigure:
    """A figure of such a score with that in its label."""
    score = directions.of(figure.part)
    if score is None or score.higher_is == "better":
        return figure
    return replace(figure, part=directions.told(figure.part))


def lower(figures: Sequence[ReportFigure]) -> Iterator[str]:
    """The same in a sentence below a picture of scores, where there are any."""
    found = [directions.of(one.part) for one in figures]
    names = [score.label.lower() for score in found if score and score.higher_is == "worse"]
    if names:
        yield f"Lower is better for: {', '.join(names)}."
