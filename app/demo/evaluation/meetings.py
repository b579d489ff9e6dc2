"""The meetings of the groups, every second week, and who came. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core import ids
from app.demo.evaluation.peers import Peer
from app.demo.evaluation.places import Place
from app.demo.evaluation.planted import CLOSES, DAYS, Planted
from app.programme import meetings
from app.programme.meetings import MeetingPlan

_APART_WEEKS: Final = 2
_MINUTES: Final = (60, 90, 120)
_AT: Final = (time(10, 30), time(14, 0), time(18, 30))
_OTHERS: Final = 6
#: Somebody comes for the first time a week after they joined.
_FROM_DAY: Final = 7


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting, by the number of its group, and who of the participants came."""

    id: UUID
    group: int
    starts_at: datetime
    minutes: int
    others: int
    came: tuple[int, ...]


def held(
    planted: Planted,
    peers: Sequence[Peer],
    places: Sequence[Place],
    opened_on: date,
    zone: ZoneInfo,
) -> Iterator[HeldMeeting]:
    """Every meeting of 24 months, group by group."""
    goers: dict[int, list[Peer]] = {number: [] for number in range(len(places))}
    for peer in peers:
        if peer.group is not None:
            goers[peer.group].append(peer)
    for number, some in goers.items():
        random = planted.chance("meetings", number)
        first = opened_on + timedelta(days=random.randrange(1, 7 * _APART_WEEKS))
        plan = MeetingPlan(first, random.choice(_AT), random.choice(_MINUTES), DAYS // 7)
        for at in list(meetings.moments(plan, zone))[::_APART_WEEKS]:
            day = (at.astimezone(zone).date() - opened_on).days
            if day < CLOSES:
                yield _one(random, number, at, plan.minutes, day, some)


def _one(
    random: Random, group: int, at: datetime, minutes: int, day: int, goers: Sequence[Peer]
) -> HeldMeeting:
    with ids.drawn_from(random):
        number = ids.random_id()
    came = tuple(
        peer.index
        for peer in goers
        if random.random() < peer.comes and peer.is_in(day) and day >= peer.enrolled_day + _FROM_DAY
    )
    return HeldMeeting(number, group, at, minutes, random.randrange(_OTHERS), came)
