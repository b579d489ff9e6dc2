"""Which way of a score is good, said beside its name."""

from collections.abc import Mapping
from functools import cache

from app.research.charts.figure_words import Part
from app.research.instruments import catalogue
from app.research.instruments.structure import Score

_WORDS = {"better": "more is better", "worse": "less is better"}


def told(part: Part) -> Part:
    """A part whose label says which way is good, where its name begins with that of a score that
    came with this software and can get better."""
    begins = [name for name in _scores() if part["name"].startswith(f"{name}_")]
    if not begins:
        return part
    score = _scores()[max(begins, key=len)]
    says = f"{score.label} ({_WORDS[score.higher_is]})"
    return {**part, "label": part["label"].replace(score.label, says, 1)}


@cache
def _scores() -> Mapping[str, Score]:
    return {
        score.name: score
        for instrument in catalogue.shipped().newest()
        for score in instrument.scores
        if score.higher_is in _WORDS
    }
