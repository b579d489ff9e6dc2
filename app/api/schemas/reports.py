"""Flags as they are sent, and as their sender sees them."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.api.schemas.strict import Body
from app.moderation.case_models import ReportReason

ReportKind = Literal["breaks_rules", "worried"]

#: Longer than we keep, so that the refusal can say in words how much fits.
_GENEROUS = 20_000


class ReportCreate(Body):
    """A flag on a post or reply, in one of two ways (`kind`). `revision` is that of the text on
    screen: what is meant stays meant when its author edits it meanwhile."""

    post_id: UUID
    kind: ReportKind
    reason: ReportReason | None = None
    detail: str | None = Field(None, max_length=_GENEROUS)
    revision: Annotated[int, Field(strict=True, ge=1, lt=2**31)] | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.kind == "breaks_rules" and self.reason is None:
            raise ValueError("Please choose what it is about, so that we know what to look for.")
        return self


class ReportReceipt(BaseModel):
    """What someone reads who has just flagged."""

    id: UUID
    message: str


class MyReport(BaseModel):
    """One's own flag and what became of it; `answer` is null until a moderator has looked."""

    id: UUID
    post_id: UUID
    thread_id: UUID
    kind: ReportKind
    reason: ReportReason | None
    detail: str | None
    created_at: datetime
    state: Literal["waiting", "answered"]
    answer: str | None
    answered_at: datetime | None


class AppealCreate(Body):
    """What the author would like the next moderator to know; may be empty."""

    words: str | None = Field(None, max_length=_GENEROUS)


class AppealReceipt(BaseModel):
    """What someone reads who has appealed."""

    id: UUID
    message: str
