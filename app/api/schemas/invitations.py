"""Invitations to questionnaires, and contact that was asked for."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from app.api.schemas.strict import Body
from app.research.questionnaire_models import PartOfDay
from app.research.questionnaires.contact import REACH_LIMIT, ContactWanted
from app.research.questionnaires.invitation_choices import Choices


class InvitationChoices(BaseModel):
    """When and how I am invited; no part of the day is any."""

    part_of_day: PartOfDay | None
    by_email: bool
    is_stopped: bool

    @classmethod
    def of(cls, choices: Choices) -> Self:
        """From what was chosen."""
        return cls.model_validate(choices, from_attributes=True)


class InvitationChoicesWrite(Body):
    """The same as I want it."""

    part_of_day: PartOfDay | None
    by_email: StrictBool
    is_stopped: StrictBool

    def choices(self) -> Choices:
        """As the study keeps them."""
        return Choices(self.part_of_day, self.by_email, self.is_stopped)


class StopInvitations(Body):
    """The token of the link in an e-mail."""

    token: str = Field(min_length=1, max_length=400)


class ContactWrite(Body):
    """How the team can reach me."""

    reach: str = Field(min_length=1, max_length=REACH_LIMIT)


class ContactWantedRead(BaseModel):
    """Somebody waits: their pseudonym, and how they wrote that they can be reached."""

    id: UUID
    pseudonym: str
    wave: int
    #: Null once they closed their account.
    reach: str | None
    asked_at: datetime
    #: The day on which they closed their account: nothing can be done any more.
    closed_on: date | None

    @classmethod
    def of(cls, wanted: ContactWanted) -> Self:
        """From the study's records."""
        return cls(
            id=wanted.id,
            pseudonym=wanted.participant_id,
            wave=wanted.wave,
            reach=wanted.reach,
            asked_at=wanted.asked_at,
            closed_on=wanted.closed_on,
        )


class ContactRequests(BaseModel):
    """Who waits, the longest first."""

    items: list[ContactWantedRead]
