"""How well somebody is at a wave, and what their scales say of it. Pure.

    satisfaction with life (0 to 10) = own level + giving_effect x ln(1 + giving)
      + receiving_effect x ln(1 + receiving) + chance

where giving and receiving are those of the period that ends with the wave, 0 at the first.
"""

import math
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from app.demo.evaluation.peers import WELLBEING, Peer
from app.demo.evaluation.planted import Planted
from app.research.scoring import Answer

Answers = dict[str, Answer]
#: How differently somebody is from one wave to the next, without any reason that is planted.
_WITHIN: Final = 0.5
#: Points of PHQ-9 for one point of satisfaction with life.
PHQ9_POINTS: Final = -2.0
#: The same of the item that asks directly for loneliness, where it follows at all.
_LONELY: Final = 0.5


def of_wave(
    planted: Planted, peer: Peer, random: Random, before: tuple[int, int]
) -> dict[str, float]:
    """How well somebody is, as each scale sees it: one of them does not see what is planted."""
    gave, got = before
    same = peer.wellbeing + random.gauss(0, _WITHIN)
    moved = planted.giving_effect * math.log1p(gave) + planted.receiving_effect * math.log1p(got)
    return {name: same + (0 if name == planted.insensitive else moved) for name in SCALES}


def _nearest(value: float, least: int, most: int) -> int:
    return min(most, max(least, round(value)))


def _ons4(mood: float, random: Random) -> Answers:
    return {
        "ons4_satisfied": _nearest(mood + random.gauss(0, 0.6), 0, 10),
        "ons4_worthwhile": _nearest(mood + 0.2 + random.gauss(0, 0.7), 0, 10),
        "ons4_happy": _nearest(mood + random.gauss(0, 0.9), 0, 10),
        "ons4_anxious": _nearest(10.5 - mood + random.gauss(0, 1.0), 0, 10),
    }


def _phq9(mood: float, random: Random) -> Answers:
    """Three steps of each of nine items: as many of the 27 as the sum says, wherever they fall."""
    total = _nearest(13 + PHQ9_POINTS * (mood - WELLBEING) + random.gauss(0, 1.5), 0, 27)
    found = dict.fromkeys((f"phq9_{number}" for number in range(1, 10)), 0)
    for step in random.sample(range(27), total):
        found[f"phq9_{step // 3 + 1}"] += 1
    return dict(found)


def _ucla3(mood: float, random: Random) -> Answers:
    off = mood - WELLBEING
    items = ("ucla3_companionship", "ucla3_left_out", "ucla3_isolated")
    found: Answers = {item: _nearest(2 - 0.35 * off + random.gauss(0, 0.5), 1, 3) for item in items}
    return found | {"ucla3_lonely": _nearest(3 + _LONELY * off + random.gauss(0, 0.7), 1, 5)}


SCALES: Final[Mapping[str, Callable[[float, Random], Answers]]] = {
    "ons4": _ons4,
    "phq9": _phq9,
    "ucla3": _ucla3,
}
