"""Scores in bands, as the file that leaves tells them. Pure, and light.

The steps are those that the instrument's file declares; a score without any is told in thirds of
its range. A score without a range, such as a cost, is not told there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.research.bands import AskedInstrument, Options, levels
from app.research.instruments import wording_access
from app.research.instruments.structure import Instrument, Score

_THIRDS = ("lowest third", "middle third", "highest third")
#: The endings of a score's two columns in a row of a period: at its beginning and at its end.
BEGINS = "_0"
ENDS = "_1"


@dataclass(frozen=True, slots=True)
class ScoreBands:
    """The bands of one score, from the lowest up; their codes are their places, from 1."""

    name: str
    label: str
    #: The least value of each band.
    starts: tuple[float, ...]
    names: tuple[str, ...]

    @property
    def levels(self) -> dict[int, tuple[int, int]]:
        """Every code with the bands it stands for, as `BandColumn.levels` gives them."""
        return levels(1, len(self.starts))

    def code(self, value: float) -> int:
        """The code of the band that a value lies in."""
        return sum(start <= value for start in self.starts)


def instruments(options: Options) -> list[tuple[AskedInstrument, Instrument]]:
    """What a study asks, with the structure of each, in the order of the plan."""
    return [(asked, wording_access.find(asked.name, asked.version)) for asked in options.asked]


def newest(asked: Iterable[AskedInstrument]) -> list[Instrument]:
    """Each instrument in the newest version that was asked."""
    found: dict[str, int] = {}
    for one in asked:
        found[one.name] = max(one.version, found.get(one.name, 0))
    return [wording_access.find(name, version) for name, version in found.items()]


def choosable(asked: Iterable[AskedInstrument]) -> dict[str, ScoreBands]:
    """The scores that can be told in bands, by name."""
    return {bands.name: bands for one in newest(asked) for bands in of_instrument(one)}


def of_instrument(one: Instrument) -> list[ScoreBands]:
    """The bands of those of its scores that have a range."""
    return [of_score(score) for score in one.scores if score.range is not None]


def chosen(options: Options) -> list[ScoreBands]:
    """The bands of the scores that a file holds, in the order of the plan."""
    return [one for name, one in choosable(options.asked).items() if name in options.scores]


def titles(options: Options) -> dict[str, str]:
    """What each score that a file holds measures, with its instrument, by name."""
    return {
        bands.name: f"{one.title}: {bands.label}"
        for one in newest(options.asked)
        for bands in of_instrument(one)
        if bands.name in options.scores
    }


def of_score(score: Score) -> ScoreBands:
    """The bands of a score with a range."""
    if score.bands:
        steps = tuple((band.start, band.name.replace("_", " ")) for band in score.bands)
    else:
        low, high = score.range or (0.0, 0.0)
        width = (high - low) / len(_THIRDS)
        steps = tuple((low + place * width, name) for place, name in enumerate(_THIRDS))
    starts, names = zip(*steps, strict=True)
    return ScoreBands(score.name, score.label, starts, names)
