"""A file that is to leave, as the attacks read it."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

import polars as pl

from app.research.bands import OBSERVED, observable
from app.research.schedule import TWELVE_WEEKS, Schedule
from app.research.special_codes import NOT_APPLICABLE

#: The least and the most that a code stands for; no most when it is open at the top.
Range = tuple[int, int | None]
Kind = Literal["periods", "acts"]

#: Codes below zero say why there is no answer.
FIRST_ANSWER: Final = 0


def most(numbers: pl.Series) -> int:
    """The largest of them, 0 when there is none."""
    found = numbers.max()
    return found if isinstance(found, int) else 0


def least(numbers: pl.Series) -> int:
    """The smallest of them, 0 when there is none."""
    found = numbers.min()
    return found if isinstance(found, int) else 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The rows of a file, what its codes mean, and the day on which it was frozen."""

    kind: Kind
    frame: pl.DataFrame
    frozen_on: date
    #: By column, by code. A measure that is not named holds the exact number.
    ranges: dict[str, dict[int, Range]] = field(default_factory=dict)
    schedule: Schedule = TWELVE_WEEKS

    @property
    def participants(self) -> list[str]:
        """Everyone in the file, in order."""
        return sorted(self.frame["participant"].unique().to_list())

    @property
    def observed_rows(self) -> "Outgoing":
        """The same without rows in which nothing could be counted: of people who agreed to
        questionnaires alone, or in that period."""
        if OBSERVED not in self.frame.columns:
            return self
        return replace(self, frame=self.frame.filter(pl.col(OBSERVED) != NOT_APPLICABLE))

    def range_of(self, column: str, code: int) -> Range:
        """What a code stands for."""
        return self.ranges.get(column, {}).get(code, (code, code))

    def observed(self, period: int, code: int) -> Range:
        """On how many days of a period somebody could be observed, by the code of it."""
        told = self.ranges.get(OBSERVED, observable(self.schedule.days(period)).ranges)
        return told.get(code, (code, code))
