"""The participants of the programme, before anything happened: who they are, not what they do.
Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from app.demo.evaluation.places import IN_PERSON_SHARE, ONLINE_SHARE, REGIONS, SMALL, Place
from app.demo.evaluation.planted import CLOSES, Planted
from app.research.demographics import AgeBand, Area, PeerSupportBefore

#: Mean and spread of satisfaction with life (0 to 10) between people, before any effect.
WELLBEING, BETWEEN = 4.5, 1.1
#: How differently active people are, and how differently others turn to them.
_SPREAD: Final = 0.8
_QUESTIONS_SHARE: Final = 0.95
_ELSEWHERE: Final = (Area.SCOTLAND, Area.WALES)


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
    area, group = _where(random, places, planted, is_in_small=is_in_small)
    region = REGIONS[area] if area is not None else _region(random, planted)
    enrolled = int(random.random() * planted.enrolment_days)
    stops, stops_on = random.random() < planted.stop_share, random.randrange(20, planted.starts[-1])
    stops = stops and not is_in_small
    shared = random.gauss(0, 1)
    return Peer(
        index=index,
        enrolled_day=enrolled,
        tenure_days=int(random.expovariate(1 / 300)),
        last_day=stops_on if stops else CLOSES - 1 - enrolled,
        stops=stops,
        group=group,
        region=region if is_in_small or random.random() < 0.9 else None,
        age_band=random.choice(list(AgeBand)) if random.random() < 0.85 else None,
        before=random.choice(list(PeerSupportBefore)) if random.random() < 0.9 else None,
        agrees_to_questions=random.random() < _QUESTIONS_SHARE,
        has_tall_screen=planted.chance("screen", index).random() < planted.tall_screen_share,
        activity=min(12.0, math.exp(_SPREAD * shared - _SPREAD**2 / 2)),
        draw=min(12.0, math.exp(_SPREAD * (shared + random.gauss(0, 1)) / 2 - _SPREAD**2 / 4)),
        comes=0.9 if is_in_small else random.uniform(0.2, 0.9),
        wellbeing=random.gauss(WELLBEING, BETWEEN),
    )


def _where(
    random: Random, places: Sequence[Place], planted: Planted, *, is_in_small: bool
) -> tuple[int | None, int | None]:
    """The area that someone goes to a group in, and the group; None for who goes to none."""
    drawn, area = random.random(), random.choice(_large(planted))
    chosen: int | None = area
    if is_in_small:
        chosen = SMALL
    elif drawn >= IN_PERSON_SHARE:
        chosen = None
    some = [number for number, place in enumerate(places) if place.area == chosen]
    group = random.choice(some)
    is_nowhere = chosen is None and drawn >= IN_PERSON_SHARE + ONLINE_SHARE
    return chosen, None if is_nowhere else group


def _region(random: Random, planted: Planted) -> Area:
    return random.choice([*(REGIONS[area] for area in _large(planted)), *_ELSEWHERE])


def _large(planted: Planted) -> list[int]:
    return [area for area in range(len(REGIONS)) if planted.small_area is None or area != SMALL]
