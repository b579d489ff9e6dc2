"""The participants of the programme, before anything happened: who they are, not what they do.
Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

from app.demo.evaluation.places import IN_PERSON_SHARE, ONLINE_SHARE, REGIONS, SMALL, Place
from app.demo.evaluation.planted import CLOSES, Planted
from app.research.demographics import AgeBand, Area, PeerSupportBefore

#: Mean and spread of satisfaction with life (0 to 10) between people, before any effect.
WELLBEING, BETWEEN = 4.5, 1.1
#: How differently active people are, and how differently others turn to them.
_SPREAD: Final = 0.8
_MOST: Final = 12.0
_QUESTIONS_SHARE, _SAY = 0.95, 0.9
_ALWAYS_COMES: Final = 0.9
#: Nobody stops in the first weeks.
_FIRST_STOPS: Final = 20
_ELSEWHERE: Final = (Area.SCOTLAND, Area.WALES)

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Peer:
    """One participant. Days of the programme count from 0; `last_day` counts from joining."""

    index: int
    enrolled_day: int
    #: Days between joining the community and the study.
    tenure_days: int
    #: The last day since joining on which anything is recorded; they stop on the next one.
    last_day: int
    stops: bool
    group: int | None
    region: Area | None
    age_band: AgeBand | None
    before: PeerSupportBefore | None
    agrees_to_questions: bool
    has_tall_screen: bool
    #: How active they are, and how much others turn to them: 1 on average.
    activity: float
    draw: float
    #: How likely they come to a meeting of their group.
    comes: float
    wellbeing: float

    def is_in(self, day: int) -> bool:
        """Whether what they do on this day of the programme is recorded. On the day of joining it
        is not yet known of others."""
        return self.enrolled_day < day <= self.enrolled_day + self.last_day


def spread(random: Random, sigma: float) -> float:
    """A factor that is 1 on average."""
    return math.exp(random.gauss(-sigma * sigma / 2, sigma))


def gather(planted: Planted, places: Sequence[Place]) -> list[Peer]:
    """Everyone, in no order of anything. The first few live in the small area, if there is one."""
    return [_peer(planted, places, index) for index in range(planted.people)]


def _peer(planted: Planted, places: Sequence[Place], index: int) -> Peer:
    random = planted.chance("peer", index)
    is_in_small = planted.small_area is not None and index < planted.small_area
    home = _home(planted, places, index, is_in_small=is_in_small)
    enrolled = int(random.random() * planted.enrolment_days)
    stops, stops_on = random.random() < planted.stop_share, random.random() * planted.starts[-1]
    stops = stops and not is_in_small
    shared, comes = random.gauss(0, 1), random.uniform(0.2, 0.9)
    return Peer(
        index=index,
        enrolled_day=enrolled,
        tenure_days=int(random.expovariate(1 / 300)),
        last_day=_FIRST_STOPS + int(stops_on) if stops else CLOSES - 1 - enrolled,
        stops=stops,
        group=home.group,
        region=home.region,
        age_band=_said(random, list(AgeBand)),
        before=_said(random, list(PeerSupportBefore)),
        agrees_to_questions=random.random() < _QUESTIONS_SHARE,
        has_tall_screen=planted.chance("screen", index).random() < planted.tall_screen_share,
        activity=min(_MOST, math.exp(_SPREAD * shared - _SPREAD**2 / 2)),
        draw=min(_MOST, math.exp(_SPREAD * (shared + random.gauss(0, 1)) / 2 - _SPREAD**2 / 4)),
        comes=_ALWAYS_COMES if is_in_small else comes,
        wellbeing=random.gauss(WELLBEING, BETWEEN),
    )


@dataclass(frozen=True, slots=True)
class _Home:
    group: int | None
    region: Area | None


def _home(planted: Planted, places: Sequence[Place], index: int, *, is_in_small: bool) -> _Home:
    """The group that someone goes to, and the region that they name: that of its area, else any."""
    random = planted.chance("home", index)
    if is_in_small:
        return _Home(_one_of(random, places, SMALL), REGIONS[SMALL])
    drawn, area = random.random(), random.choice(_large(planted))
    if drawn < IN_PERSON_SHARE:
        return _Home(_one_of(random, places, area), _said(random, [REGIONS[area]]))
    is_online = drawn < IN_PERSON_SHARE + ONLINE_SHARE
    regions = [*(REGIONS[one] for one in _large(planted)), *_ELSEWHERE]
    return _Home(_one_of(random, places, None) if is_online else None, _said(random, regions))


def _one_of(random: Random, places: Sequence[Place], area: int | None) -> int:
    return random.choice([number for number, place in enumerate(places) if place.area == area])


def _said(random: Random, answers: Sequence[Said]) -> Said | None:
    """One in ten skips a question."""
    answer = random.choice(answers)
    return answer if random.random() < _SAY else None


def _large(planted: Planted) -> list[int]:
    return [area for area in range(len(REGIONS)) if planted.small_area is None or area != SMALL]
