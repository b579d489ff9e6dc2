"""What people tell of support, of their group, of harm, of services and of themselves. Pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from app.demo.evaluation.mood import Answers
from app.demo.evaluation.planted import Planted
from app.demo.evaluation.sessions import drawn
from app.programme.choices import GroupKind
from app.research.instruments import catalogue

_VALUES: Final = ("experience", "safety", "choice", "two_way", "connection", "oneself")
_WAYS: Final = ("listened", "shared", "ideas", "cheered", "present")
#: What an adverse experience was about, by Easton's codes, of a thousand: moderation, exclusion,
#: contagion, co-rumination, collusion, something else.
_KINDS: Final = {1: 371, 2: 254, 3: 234, 4: 5, 5: 0, 9: 136}
#: Contacts in three months, on average, of who has given nothing; by the code of the service.
_CONTACTS: Final = {
    "services_gp": (1, 1.2),
    "services_gp_phone": (2, 0.8),
    "services_therapy": (3, 0.9),
    "services_team": (4, 0.5),
    "services_emergency": (6, 0.1),
}
_NONE_OF_THEM: Final = 0
_SAY: Final = 0.9


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the answers depend on: what was given and got in the period that ends with the wave,
    and the kind of group, None for who goes to none."""

    gave: int
    got: int
    kind: GroupKind | None


def _support(planted: Planted, circumstances: Circumstances, random: Random) -> Answers:
    counts = {"gave": circumstances.gave, "got": circumstances.got}
    return {
        f"support_{side}_{way}": min(4, max(0, round(math.log1p(count) + random.gauss(0, 0.8))))
        for side, count in counts.items()
        for way in _WAYS
    }


def _values(planted: Planted, circumstances: Circumstances, random: Random) -> Answers:
    more = planted.values_effect if circumstances.kind is GroupKind.PEER_LED else 0
    own = random.gauss(2.0 + more, 0.5)
    return {
        f"values_{value}": min(4, max(0, round(own + random.gauss(0, 0.5)))) for value in _VALUES
    }


def _adverse(planted: Planted, circumstances: Circumstances, random: Random) -> Answers:
    if random.random() >= planted.adverse_share:
        return {"adverse_any": 0}
    kinds = random.choices(list(_KINDS), list(_KINDS.values()), k=random.choice((1, 1, 1, 2)))
    return {
        "adverse_any": 1,
        "adverse_kind": sorted(set(kinds)),
        "adverse_effect": random.choice((0, 1, 1, 2, 2, 3)),
        "adverse_told": int(random.random() < 0.4),
    }


def _services(planted: Planted, circumstances: Circumstances, random: Random) -> Answers:
    left = max(0.0, 1 - planted.cost_effect * math.log1p(circumstances.gave))
    counts = {item: drawn(random, mean * left) for item, (_, mean) in _CONTACTS.items()}
    used = {item: count for item, count in counts.items() if count}
    codes = [_CONTACTS[item][0] for item in used] or [_NONE_OF_THEM]
    return {"services_used": codes, **used}


def _equality(planted: Planted, circumstances: Circumstances, random: Random) -> Answers:
    """One in ten rather not says, question by question; nobody says it in words of their own."""
    instrument = catalogue.shipped().versions("equality")[0]
    items = [item for item in instrument.items if item.options]
    return {
        item.name: random.choice([code for code in instrument.codes(item) if code != 8])
        for item in items
        if random.random() < _SAY
    }


EXPERIENCES: Final[Mapping[str, Callable[[Planted, Circumstances, Random], Answers]]] = {
    "support": _support,
    "values": _values,
    "adverse": _adverse,
    "services": _services,
    "equality": _equality,
}
