"""Sessions of acts in a period: on which days, in which half of the day, and with which acts.
Pure."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Final, NamedTuple

#: From when to when, in seconds of a day by UTC, each half of it begins a session: the day is then
#: the same on a clock in London, winter and summer, and half an hour lies between any two.
_HALVES: Final = ((300, 43_200), (47_000, 78_000))
#: How long a session lasts at most; far from the half hour without an act that would end it.
LASTS: Final = 1_500
_ACTS_EACH: Final = 5
#: Beyond this mean, counts are drawn as the normal distribution has them.
_MANY: Final = 30


class Session(NamedTuple):
    """One session: the day since joining, the second of it, and what is done, in that order."""

    day: int
    second: int
    kinds: tuple[str, ...]


def drawn(random: Random, mean: float) -> int:
    """A count of things that come at any time: Poisson's, by Knuth's product."""
    if mean > _MANY:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    count, left, least = 0, random.random(), math.exp(-mean)
    while left > least:
        count += 1
        left *= random.random()
    return count


def of_period(random: Random, days: range, kinds: Sequence[str]) -> Iterator[Session]:
    """All of these acts in sessions of about five, in the order of time."""
    halves = range(2 * len(days))
    count = min(len(halves), math.ceil(len(kinds) / _ACTS_EACH))
    chosen = random.sample(halves, count)
    placed = sorted(((random.choice(chosen), kind) for kind in kinds), key=itemgetter(0))
    for half, some in groupby(placed, key=itemgetter(0)):
        second = random.randint(*_HALVES[half % 2])
        done = [kind for _, kind in some]
        random.shuffle(done)
        yield Session(days[half // 2], second, tuple(done))
