"""Taking a second factor off."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.accounts import Body, Password

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
