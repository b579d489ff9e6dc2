"""Curves of a study, from figures that may be seen."""

from datetime import date
from typing import Self

from pydantic import BaseModel

from app.api.schemas.questions import FromResearch, ProtectedTable
from app.research.curves import Recruitment as RecruitmentData
from app.research.questions import Answer


class JoinedBy(FromResearch):
    """How many had joined by the end of a week since the study opened, rounded down to a multiple
    of 5; null below 10."""

    week: int
    ended_on: date
    people: int | None


class Recruitment(FromResearch):
    """Who joined, as a curve that only grows. `looked`: how many have looked at the study."""

    points: list[JoinedBy]
    step_weeks: int
    looked: int | None


class Curves(BaseModel):
    """Who joined, and who did something in each week since joining; null while too few did."""

    recruitment: Recruitment
    activity: ProtectedTable | None

    @classmethod
    def of(cls, recruitment: RecruitmentData, activity: Answer | None) -> Self:
        """From what research tells."""
        return cls(
            recruitment=Recruitment.model_validate(recruitment),
            activity=None if activity is None else ProtectedTable.of(activity),
        )
