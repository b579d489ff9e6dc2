"""How often one person may do what people do all day: counted here first, then in the database.

Writing and reacting are the hot paths. A round trip for each would cost them a fifth, to tell a
handful of floods from everybody else. So a process counts in memory, and asks the database
(`limits`) only from the quarter of an allowance on, telling it what it had counted itself. Over all
processes nobody gets more than the allowance and a quarter of it for each process besides.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from app.core import conflicts, db, limits
from app.core.errors import TooManyError
from app.core.limits import Spending

#: Part of an allowance that a process gives out by itself.
FREE_PART: Final = 4


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many of one act in a window; `detail` is what a person reads who did more."""

    act: str
    limit: int
    per_seconds: int
    detail: str


@dataclass(slots=True)
class _Window:
    """What this process has counted since the window began. It begins anew as a whole, so that it
    holds no more keys than people act in one window."""

    number: int = -1
    counted: Counter[str] = field(default_factory=Counter)
    #: Who was refused, until when: a flood then costs the database nothing.
    refused_until: dict[str, float] = field(default_factory=dict)


class Allowances:
    """What a process remembers of who did how much."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    async def spend(self, pool: db.Pool, allowance: Allowance, key: str) -> None:
        """Count one act of `key`; raises TooManyError. Outside the unit of work: what is refused
        has been spent too; what is done again was counted the first time."""
        if conflicts.is_repeat():
            return
        now = self._clock()
        window = self._window(allowance, now)
        if (left := window.refused_until.get(key, now) - now) > 0:
            raise TooManyError(allowance.detail, retry_after_seconds=max(1, round(left)))
        window.counted[key] += 1
        over = window.counted[key] - allowance.limit // FREE_PART
        if over <= 0:
            return
        spending = Spending(
            {f"{allowance.act}:{key}": allowance.limit},
            allowance.per_seconds,
            allowance.detail,
            amount=window.counted[key] if over == 1 else 1,
        )
        rows = await db.fetch(pool, limits.SPEND_SQL, spending.parameters)
        try:
            spending.judge(rows)
        except TooManyError as error:
            window.refused_until[key] = now + error.extensions["retry_after_seconds"]
            raise

    def _window(self, allowance: Allowance, now: float) -> _Window:
        window = self._windows.setdefault(allowance.act, _Window())
        number = int(now // allowance.per_seconds)
        if window.number != number:
            window.number = number
            window.counted.clear()
            window.refused_until = {
                key: until for key, until in window.refused_until.items() if until > now
            }
        return window
