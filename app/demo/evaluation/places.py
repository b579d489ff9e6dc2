"""The nine areas, and the groups that are to meet there and online. Pure."""

from dataclasses import dataclass
from typing import Final

from app.demo.evaluation.planted import Planted
from app.demo.groups import AREAS
from app.programme.choices import GroupKind, GroupMode
from app.research.demographics import Area

#: The region that somebody who lives in each of the areas names.
REGIONS: Final = (
    Area.WEST_MIDLANDS,
    Area.SOUTH_WEST,
    Area.LONDON,
    Area.NORTH_WEST,
    Area.YORKSHIRE_AND_HUMBER,
    Area.EAST_MIDLANDS,
    Area.SOUTH_EAST,
    Area.EAST_OF_ENGLAND,
    Area.NORTH_EAST,
)
#: Which area is the small one.
SMALL: Final = AREAS.index("Teesside")
#: Who goes to a group in a room, and to one online; everyone else is on the wall alone.
IN_PERSON_SHARE, ONLINE_SHARE = 0.55, 0.2
#: How many go to one group, about.
GROUP_SIZE: Final = 15
#: What groups of a kind are called, before their number.
_NAMES: Final = {
    GroupKind.FACILITATED: "Facilitated group",
    GroupKind.PEER_LED: "Peer-led circle",
    GroupKind.ACTIVITY_BASED: "Activity morning",
    GroupKind.ONE_TO_ONE: "One to one",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A group: where it meets, by the number of its area, and how support is given in it."""

    name: str
    kind: GroupKind
    area: int | None

    @property
    def mode(self) -> GroupMode:
        """In a room of its area, or online."""
        return GroupMode.ONLINE if self.area is None else GroupMode.IN_PERSON


def plan(planted: Planted) -> list[Place]:
    """Groups of every kind in each area, one alone in the small one, and some online."""
    each = max(2, round(planted.people * IN_PERSON_SHARE / len(AREAS) / GROUP_SIZE))
    online = max(2, round(planted.people * ONLINE_SHARE / GROUP_SIZE))
    made = []
    for area in range(len(AREAS)):
        is_small = area == SMALL and planted.small_area is not None
        made += _some(1 if is_small else each, area)
    return made + _some(online, None)


def _some(count: int, area: int | None) -> list[Place]:
    kinds = list(_NAMES)
    # Two groups of an area are always of the two kinds that the values are compared between.
    return [
        Place(f"{_NAMES[kind]} {number // len(kinds) + 1}", kind, area)
        for number in range(count)
        for kind in (kinds[number % len(kinds)],)
    ]
