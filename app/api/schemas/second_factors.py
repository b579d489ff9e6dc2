"""Setting up a second factor, and taking one off."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.accounts import Password
from app.api.schemas.strict import Body


class BeginSecondFactor(Body):
    """Whoever sets it up shows that it is still them."""

    password: Password


class SecondFactorBegun(BaseModel):
    """The secret, to be typed or read as a picture of `uri`. It is shown this once."""

    secret: str
    uri: str


class EnrolSecondFactor(Body):
    """The app's first code."""

    code: Annotated[str, Field(max_length=40)]


class RecoveryCodes(BaseModel):
    """Ten codes for the day the phone is gone; each works once, and they are shown this once."""

    recovery_codes: list[str]


Reason = Annotated[str, Field(max_length=2000)]


class TurnOffSecondFactor(Body):
    """Whoever turns theirs off shows that it is still them: password, and a code of either kind."""

    password: Password
    code: Annotated[str, Field(max_length=40)]


class AskRemoval(Body):
    """Whose second factor is to be taken off: an account's id, a member's id, or a name."""

    person: Annotated[str, Field(max_length=200)]
    reason: Reason


class AgreeToRemoval(Body):
    """How the second administrator knows that it is them."""

    reason: Reason


class RemovalRead(BaseModel):
    """What one administrator asked for, and another has not agreed to yet."""

    id: UUID
    member_id: UUID
    display_name: str
    asked_by: str
    is_mine: bool
    reason: str
    created_at: datetime


class RemovalList(BaseModel):
    """All that waits, the newest first."""

    items: list[RemovalRead]
