"""Which way a score gets better, for readers who don't know it."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from app.research.charts.figure_words import Part
from app.research.instruments import catalogue
from app.research.instruments.structure import Score

_WORDS: Final = {"better": "higher is better", "worse": "lower is better"}


@cache
def scores() -> Mapping[str, Score]:
    """Scores that came with this software and of which more is `better` or `worse`, by name."""
    return {
        score.name: score
        for instrument in catalogue.shipped().newest()
        for score in instrument.scores
        if score.higher_is in _WORDS
    }


def of(part: Part) -> Score | None:
    """The score that a part is of: `phq9_total_2_effect`."""
    begins = [name for name in scores() if part["name"].startswith(f"{name}_")]
    return scores()[max(begins, key=len)] if begins else None


def told(part: Part) -> Part:
    """A part of such a score with that in its label; any other as it is."""
    score = of(part)
    if score is None:
        return part
    says = f"{score.label} ({_WORDS[score.higher_is]})"
    return {**part, "label": part["label"].replace(score.label, says, 1)}
