"""Bands of the file that leaves: what can be in it and what each code stands for. Pure, and light.

A period counts from enrolment. Codes are whole numbers; a coarser code stands for several.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.research import demographics
from app.research.schedule import PERIOD_DAYS, TWELVE_WEEKS, Schedule
from app.research.special_codes import WITHHELD

#: The least and the greatest count that a code stands for; no greatest when it is open at the top.
Range = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class BandColumn:
    """A column of bands: what is counted, and its bands, the codes being their places."""

    name: str
    label: str
    bands: tuple[Range, ...] = ((0, 0), (1, 5), (6, 20), (21, None))
    #: The code of the first band.
    first: int = 0

    @property
    def levels(self) -> dict[int, tuple[int, int]]:
        """Every code with the bands it stands for: single bands, and the ranges that disclosure
        control makes of several. All of them together are WITHHELD."""
        return levels(self.first, self.first + len(self.bands) - 1)

    @property
    def ranges(self) -> dict[int, Range]:
        """Every code with the counts that it can stand for."""
        return {
            code: (self.bands[low - self.first][0], self.bands[high - self.first][1])
            for code, (low, high) in self.levels.items()
        }


def levels(first: int, last: int) -> dict[int, tuple[int, int]]:
    """The code of every range of the bands `first` to `last`, with its ends."""
    return {
        _code(low, high, first, last): (low, high)
        for low in range(first, last + 1)
        for high in range(low, last + 1)
    }


def _code(low: int, high: int, first: int, last: int) -> int:
    """A band keeps its code; of a range the digits tell its ends: 12, and 102 for 0 to 2."""
    if low == high:
        return low
    if (low, high) == (first, last):
        return WITHHELD
    return 10 * low + high if low else 100 + high


MEASURES: Final = {
    one.name: one
    for one in (
        BandColumn(
            "reading",
            "Minutes by the clock with posts in view",
            ((0, 0), (1, 30), (31, 180), (181, None)),
        ),
        BandColumn("posts", "Posts published, less those deleted"),
        BandColumn(
            "meetings",
            "Meetings of groups that they came to",
            ((0, 0), (1, 2), (3, 5), (6, None)),
        ),
        BandColumn("receiving", "Replies and reactions received, less those deleted or removed"),
        BandColumn(
            "giving", "Replies and reactions given to others, less those deleted or removed"
        ),
        BandColumn(
            "active_days",
            "Days with an act of their own",
            ((0, 0), (1, 2), (3, 7), (8, None)),
        ),
    )
}
OBSERVED: Final = "days_observable"


def observable(days: int) -> BandColumn:
    """Days of a period on which anything could be recorded, by thirds of the period and all of it.
    A period of none has no row."""
    third, two_thirds = -(-days // 3), -(-2 * days // 3)
    return BandColumn(
        OBSERVED,
        f"On how many of its {days} days their activity could be recorded",
        ((1, third - 1), (third, two_thirds - 1), (two_thirds, days - 1), (days, days)),
        first=1,
    )


#: The same for periods of 12 weeks: (1, 27), (28, 55), (56, 83), (84, 84).
OBSERVABLE: Final = observable(PERIOD_DAYS)
#: What a file holds unless the researcher chooses otherwise.
USUAL: Final = ("active_days", "giving", "receiving")

#: Questions, from the one withheld first to the one that research needs most; the code of an answer
#: is its place among the answers, from 1.
ANSWERS: Final = {
    "area": tuple(demographics.Area),
    "age_band": tuple(demographics.AgeBand),
    "tenure_band": tuple(demographics.TenureBand),
    "peer_support_before": tuple(demographics.PeerSupportBefore),
}


@dataclass(frozen=True, slots=True)
class AskedInstrument:
    """An instrument in the version that some waves of a study ask."""

    name: str
    version: int
    waves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """Which measures, scores and answers a file holds, of how many periods, where the periods of
    its study begin, and what its waves ask."""

    measures: tuple[str, ...] = USUAL
    answers: tuple[str, ...] = ()
    schedule: Schedule = TWELVE_WEEKS
    #: Names of scores, told in bands at the wave that begins a period and at the one that ends it.
    scores: tuple[str, ...] = ()
    asked: tuple[AskedInstrument, ...] = ()
    #: How many periods are told, from joining on; None for all. A whole record is what is shared by
    #: k people: fewer periods leave more of each.
    periods: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of bands of a period."""
        return (*(name for name in MEASURES if name in self.measures), OBSERVED)

    @property
    def questions(self) -> tuple[str, ...]:
        """The chosen answers, the one that research needs least first."""
        return tuple(name for name in ANSWERS if name in self.answers)


def options_of(chosen: Mapping[str, Any]) -> Options:
    """The options that a dataset keeps as JSON."""
    measures, answers, waves, scores = (
        tuple(chosen.get(name, ())) for name in ("measures", "answers", "waves", "scores")
    )
    asked = tuple(
        AskedInstrument(name, version, tuple(numbers))
        for name, version, numbers in chosen.get("asked", ())
    )
    periods = chosen.get("periods")
    return Options(measures, answers, Schedule(waves), scores, asked, periods)
