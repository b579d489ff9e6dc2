"""Information sheets as researchers write them, and the people of a study as counts."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from app.research.headcount import Headcount as HeadcountData
from app.research.models import ParticipantState, Purpose
from app.research.models import Sheet as SheetRow


class SheetVersion(BaseModel):
    """One version, as it was written and as members read it."""

    study_id: UUID
    version: int
    body_source: str
    body_html: str
    published_at: datetime

    @classmethod
    def of(cls, row: SheetRow) -> Self:
        """From the table."""
        return cls.model_validate(row.model_dump(exclude={"published_by"}))


class SheetVersions(BaseModel):
    """All of them, the newest first."""

    items: list[SheetVersion]


class SheetPreview(BaseModel):
    """How a text would look to members."""

    body_html: str


class Agreeing(BaseModel):
    """How many of those who take part agree to each purpose."""

    activity: int
    text: int
    contact: int


class Headcount(BaseModel):
    """People, counted: never who."""

    taking_part: int
    stopped: int
    erased: int
    agreeing: Agreeing

    @classmethod
    def of(cls, counted: HeadcountData) -> Self:
        """A count that did not occur is none."""
        states, purposes = counted.by_state, counted.by_purpose
        return cls(
            taking_part=states.get(ParticipantState.TAKING_PART, 0),
            stopped=states.get(ParticipantState.STOPPED, 0),
            erased=states.get(ParticipantState.ERASED, 0),
            agreeing=Agreeing(**{purpose.value: purposes.get(purpose, 0) for purpose in Purpose}),
        )
