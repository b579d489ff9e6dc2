"""The smallest change of one person that is more than error of measurement.

Where an instrument's file declares it, that: studies then compare. Else from the score's published
reliability and the spread of this study's people at the first wave: a change beyond 1.96 standard
errors of a difference (Jacobson and Truax 1991, J Consult Clin Psychol 59:12-19).
"""

from dataclasses import dataclass
from typing import Final

from app.research.instruments.structure import Score
from app.research.measures.reliabilities import PUBLISHED

#: Of a normal distribution, 95 % lie within so many standard deviations.
_LIMIT: Final = 1.96
#: Sums of halves and thirds are rounded by computers.
_ROUNDING_ERROR: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which change on, or beyond which; and who says so."""

    least: float
    is_included: bool
    citation: str

    def direction(self, change: float, higher_is: str) -> str:
        """Where somebody has come to: `improved`, `unchanged` or `worsened`."""
        size = abs(change) - self.least
        if not (size >= -_ROUNDING_ERROR if self.is_included else size > _ROUNDING_ERROR):
            return "unchanged"
        return "improved" if (change > 0) == (higher_is == "better") else "worsened"


def threshold(score: Score, deviation: float) -> Threshold | None:
    """Of a score, with the standard deviation at the first wave; None where nothing is published,
    or everybody told the same."""
    if score.reliable_change is not None:
        return Threshold(score.reliable_change, True, "declared in the instrument's file")
    if score.name not in PUBLISHED or not deviation:
        return None
    published = PUBLISHED[score.name]
    error = deviation * (2 * (1 - published.alpha)) ** 0.5
    return Threshold(_LIMIT * error, False, published.citation)


def why_none(score: Score) -> str:
    """What is said in place of a threshold."""
    if score.name in PUBLISHED:
        return "fewer than two people told it, or all of them the same"
    return "no reliability of this score is published that we have read"
