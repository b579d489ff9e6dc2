"""The moderation log, line by line."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.moderation.case_models import SubjectKind
from app.moderation.log_models import LogAct


class LogActor(BaseModel):
    """Who did it."""

    id: UUID
    display_name: str


class LogPeople(BaseModel):
    """Everyone whose name stands in the log."""

    items: list[LogActor]


class LogSubject(BaseModel):
    """What the case is about; lines of format 1 don't say which version."""

    kind: SubjectKind
    id: UUID
    version: int | None


class LogLine(BaseModel):
    """One line of the moderation log; `actor` is null where naming them would say who flagged."""

    seq: int
    at: datetime
    act: LogAct
    actor: LogActor | None
    case_id: UUID
    subject: LogSubject
    #: How its hash was made.
    format: int
    facts: dict[str, Any]
    hash: str


class LogCheck(BaseModel):
    """Whether the log was as it was written. Keep `head_hash` elsewhere: it fixes all before it."""

    checked_at: datetime
    #: When every line was read last, and all held; other checks go on where the one before ended.
    whole_at: datetime | None
    is_intact: bool
    checked: int
    head_hash: str | None
    broken_seq: int | None
    why: str | None


class LogChecks(BaseModel):
    """The last check of the log; null before the first. `is_running`: asked for, or at work."""

    is_running: bool
    last: LogCheck | None
