"""Bands of the file that leaves: what can be in it and what each code stands for. Pure, and light.

A period counts from enrolment. Codes are whole numbers; a coarser code stands for several.
"""

from dataclasses import dataclass, field
from typing import Final

from app.research import about
from app.research.codes import WITHHELD

#: Days in a period: 12 weeks.
PERIOD_DAYS: Final = 84

#: Ends of the bands of counts, by code; and codes that stand for several of them.
COUNT_BANDS: Final = {0: (0, 0), 1: (1, 5), 2: (6, 20), 3: (21, None)}
DAY_BANDS: Final = {0: (0, 0), 1: (1, 2), 2: (3, 7), 3: (8, None)}
MINUTE_BANDS: Final = {0: (0, 0), 1: (1, 30), 2: (31, 180), 3: (181, None)}
OBSERVED_BANDS: Final[dict[int, tuple[int, int | None]]] = {
    1: (1, 27),
    2: (28, 55),
    3: (56, 83),
    4: (84, 84),
}
SOME: Final = 12
ANY: Final = 13
ANY_DAYS: Final = 14

Range = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of bands: what is counted, and the bands."""

    name: str
    label: str
    bands: dict[int, Range] = field(default_factory=lambda: dict(COUNT_BANDS))

    @property
    def ranges(self) -> dict[int, Range]:
        """Every code with the counts that it can stand for."""
        one, two = self.bands[1], self.bands[2]
        return self.bands | {SOME: (one[0], two[1]), ANY: (one[0], None), WITHHELD: (0, None)}


#: In the order in which research can do without them, the first to be coarsened first.
MEASURES: Final = {
    one.name: one
    for one in (
        Measure("reading", "Minutes by the clock with posts in view", dict(MINUTE_BANDS)),
        Measure("posts", "Posts published, less those taken back"),
        Measure("receiving", "Replies and reactions received, less those taken back"),
        Measure("giving", "Replies and reactions given to others, less those taken back"),
        Measure("active_days", "Days with an act of their own", dict(DAY_BANDS)),
    )
}
OBSERVED: Final = "days_observable"
#: What a file holds unless the researcher chooses otherwise.
USUAL: Final = ("active_days", "giving", "receiving")

#: Questions, from the one withheld first to the one that research needs most; the code of an answer
#: is its place among the answers.
ANSWERS: Final = {
    "area": tuple(about.Area),
    "age_band": tuple(about.AgeBand),
    "tenure_band": tuple(about.TenureBand),
    "peer_support_before": tuple(about.PeerSupportBefore),
}


@dataclass(frozen=True, slots=True)
class Options:
    """Which measures and answers a file holds."""

    measures: tuple[str, ...] = USUAL
    answers: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a period, in the order of coarsening."""
        return (*(name for name in MEASURES if name in self.measures), OBSERVED)

    @property
    def questions(self) -> tuple[str, ...]:
        """The chosen answers, in the order of withholding."""
        return tuple(name for name in ANSWERS if name in self.answers)
