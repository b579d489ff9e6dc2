"""Where periods begin, in days since joining: every 12 weeks, or with each wave. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

#: Days in a period: 12 weeks. Two waves stand no closer together.
PERIOD_DAYS: Final = 84
PERIOD_WEEKS: Final = PERIOD_DAYS // 7
MAX_WAVES: Final = 12
#: Ten years; and far more days since joining than anyone takes part.
MAX_WEEK: Final = 520
MAX_DAY: Final = 43_680


class WavesError(ValueError):
    """What is wrong with these waves, in words for whoever plans a study."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The periods of a study, counted from 1. `waves` are days since joining, the first day 0;
    without any, periods of `every` days follow one another."""

    waves: tuple[int, ...] = ()
    every: int = PERIOD_DAYS

    @classmethod
    def of_weeks(cls, weeks: Sequence[int]) -> "Schedule":
        """From the weeks of the waves; none gives periods of 12 weeks. Raises WavesError."""
        if weeks and weeks[0] != 0:
            raise WavesError("The first wave is when someone joins: week 0.")
        if len(weeks) == 1 or len(weeks) > MAX_WAVES:
            raise WavesError(f"Please name 2 to {MAX_WAVES} waves, or none.")
        if any(later - former < PERIOD_WEEKS for former, later in pairwise(weeks)):
            raise WavesError(
                f"Between two waves there must be at least {PERIOD_WEEKS} weeks: what someone did "
                "in less could tell who they are."
            )
        if weeks and weeks[-1] > MAX_WEEK:
            raise WavesError(f"The last wave is no later than week {MAX_WEEK}.")
        return cls(tuple(7 * week for week in weeks))

    @property
    def starts(self) -> tuple[int, ...]:
        """The first day of every period, as far as anyone could take part; the database's function
        `research.period_starts` gives the same."""
        return self.waves or tuple(range(0, MAX_DAY + 1, self.every))

    @property
    def last(self) -> int | None:
        """The last period with an end; None when they go on."""
        return len(self.waves) - 1 if self.waves else None

    def first_day(self, period: int) -> int:
        """The day since joining with which a period begins."""
        return self.waves[period - 1] if self.waves else (period - 1) * self.every

    def days(self, period: int) -> int:
        """How long a period is; for one that has an end."""
        return self.first_day(period + 1) - self.first_day(period)

    def spoken(self, period: int) -> str:
        """The weeks of a period, counted from 1: `weeks 1 to 12`."""
        first = self.first_day(period) // 7 + 1
        if self.last is not None and period > self.last:
            return f"from week {first}"
        return f"weeks {first} to {self.first_day(period + 1) // 7}"


#: What a study has without waves.
TWELVE_WEEKS: Final = Schedule()
