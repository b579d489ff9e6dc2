"""Information sheets as researchers write them, and the people of a study as counts."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.research import sheets
from app.research.models import ParticipantState, Purpose
from app.research.models import Sheet as SheetRow
from app.research.participant_counts import SHOWN_FROM, STEP
from app.research.participant_counts import ParticipantCounts as ParticipantCountsData


class SheetVersion(BaseModel):
    """One version, as it was written and as members read it."""

    study_id: UUID
    version: int
    #: Without the words that the sheet adds itself when rows may leave.
    body_source: str
    body_html: str
    covers_acts: bool
    covers_answers: bool
    #: It was written when the study had opened: in force once an adviser signs it off.
    needs_sign_off: bool
    published_at: datetime

    @classmethod
    def of(cls, row: SheetRow) -> Self:
        """From the table."""
        kept = row.model_dump(exclude={"published_by"})
        return cls.model_validate(kept | {"body_source": sheets.own_words(row)})


class SheetVersions(BaseModel):
    """All of them, the newest first."""

    items: list[SheetVersion]


class SheetPreview(BaseModel):
    """How a text would look to members."""

    body_html: str


#: A count of people at this moment, as it may be shown.
People = Annotated[
    int | None,
    Field(
        description=f"Rounded down to a multiple of {STEP}; null for fewer than {SHOWN_FROM}, "
        "none included."
    ),
]


class Agreeing(BaseModel):
    """How many of those who take part agree to each purpose."""

    activity: People
    questionnaires: People
    text: People
    contact: People


class ParticipantCounts(BaseModel):
    """People, counted: never who, and never so closely that one could be seen to come or go."""

    taking_part: People
    stopped: People
    erased: People
    agreeing: Agreeing

    @classmethod
    def of(cls, counted: ParticipantCountsData) -> Self:
        """From the counts of the study."""
        states, purposes = counted.by_state, counted.by_purpose
        return cls(
            taking_part=states[ParticipantState.TAKING_PART],
            stopped=states[ParticipantState.STOPPED],
            erased=states[ParticipantState.ERASED],
            agreeing=Agreeing(**{purpose.value: purposes[purpose] for purpose in Purpose}),
        )
