"""Sanctions, as their member, moderators and the second moderator read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body
from app.moderation.sanction_models import ChangeKind, SanctionKind, SanctionState

_GENEROUS = 20_000


class MySanction(BaseModel):
    """What moderators decided for oneself: why, and until when. `ends_at` is null for good."""

    id: UUID
    kind: SanctionKind
    state: SanctionState
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    is_for_good: bool
    post_id: UUID
    thread_id: UUID
    is_appealed: bool
    #: What an appeal came to, and why.
    answer: ChangeKind | None
    answer_reason: str | None
    can_appeal: bool


class MySanctions(BaseModel):
    """All of one's own, the latest first."""

    items: list[MySanction]


class AuthorSanction(BaseModel):
    """A sanction of the author, for whoever decides about them next. `starts_at` is null while it
    is only proposed."""

    id: UUID
    case_id: UUID
    kind: SanctionKind
    days: int | None
    state: SanctionState
    reason: str
    made_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    is_for_good: bool
    is_appealed: bool
    answer: ChangeKind | None
    moderator_name: str
    #: Who confirmed it, or did not.
    second_name: str | None


class ProposedSanction(BaseModel):
    """A suspension that waits for a second moderator; if not for this one, why."""

    id: UUID
    case_id: UUID
    days: int | None
    made_at: datetime
    reason: str
    author_name: str
    moderator_name: str
    allowed: bool
    why_not: str | None


class ProposedSanctions(BaseModel):
    """All of them, the oldest first."""

    items: list[ProposedSanction]


class SanctionDecline(Body):
    """Why one does not agree, for the team."""

    reason: str = Field(max_length=_GENEROUS)


class SanctionCreate(Body):
    """What the decision means for the person who wrote it. `days` is null for a warning, and for a
    suspension for good."""

    kind: SanctionKind
    days: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None


class SanctionAnswer(Body):
    """What an appeal against a sanction comes to: `upheld`, `shortened` (to so many days from its
    start) or `lifted`."""

    kind: ChangeKind
    days: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
