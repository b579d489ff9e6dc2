"""What happened in the programme. Ids and facts only: never a name or a place."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.core.events import Event
from app.programme.choices import GroupMode


class _OfMeeting(Event):
    """Somebody at a meeting: a member, or someone known by a code."""

    meeting_id: UUID
    group_id: UUID
    mode: GroupMode
    held_at: datetime
    minutes: int
    member_id: UUID | None = None
    code: str | None = None
    #: The area of the group; None online, and in events from before it was told.
    area_id: UUID | None = None


class AttendanceRecorded(_OfMeeting):
    """Someone was put on the list of a meeting."""

    type: Literal["attendance.recorded"] = "attendance.recorded"


class AttendanceTakenBack(_OfMeeting):
    """Someone was taken off the list again: they were not there after all."""

    type: Literal["attendance.taken_back"] = "attendance.taken_back"
