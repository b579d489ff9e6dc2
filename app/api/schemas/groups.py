"""Groups as members find them, and meetings and attendance as their hosts keep them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body, Clock, Day
from app.programme.choices import (
    MINUTES_LEAST,
    MINUTES_MOST,
    OTHERS_MOST,
    WEEKS_MOST,
    GroupKind,
    GroupMode,
)


class AreaRead(BaseModel):
    """A part of the country, and how many groups are open there."""

    id: UUID
    name: str
    group_count: int


class Areas(BaseModel):
    """Every area, by name."""

    items: list[AreaRead]


class GroupHostRead(BaseModel):
    """Someone who runs a group."""

    member_id: UUID
    display_name: str


class Group(BaseModel):
    """A group, when it meets next and what I am to it."""

    id: UUID
    name: str
    mode: GroupMode
    kind: GroupKind
    about: str
    place: str
    area_id: UUID | None
    area: str | None
    organisation_id: UUID
    organisation: str
    hosts: list[GroupHostRead]
    next_at: datetime | None
    is_member: bool
    is_host: bool
    is_closed: bool


class OwnGroups(BaseModel):
    """The groups I go to or run."""

    items: list[Group]


class Meeting(BaseModel):
    """A meeting, and how many people came; `time_zone` is the clock that it keeps."""

    id: UUID
    starts_at: datetime
    minutes: int
    came: int
    is_cancelled: bool


class MeetingPlanned(Body):
    """When a group meets on the programme's clock: one meeting, or one a week for several weeks."""

    day: Day
    at: Clock
    minutes: Annotated[int, Field(ge=MINUTES_LEAST, le=MINUTES_MOST, strict=True)]
    weeks: Annotated[int, Field(ge=1, le=WEEKS_MOST, strict=True)] = 1


class MeetingsPlanned(BaseModel):
    """How many meetings were planned."""

    count: int


class AttendeeRead(BaseModel):
    """Somebody on the list of a meeting: a member with a name, or a code; whether they are here,
    and when they came last before."""

    member_id: UUID | None
    display_name: str | None
    code: str | None
    is_here: bool
    last_at: datetime | None


class Attendance(BaseModel):
    """The list of one meeting."""

    meeting_id: UUID
    group_id: UUID
    group: str
    starts_at: datetime
    minutes: int
    is_cancelled: bool
    #: Whether it can be changed now.
    is_open: bool
    people: list[AttendeeRead]
    others_count: int


class OthersCounted(Body):
    """How many people were there without an account or a code."""

    count: Annotated[int, Field(ge=0, le=OTHERS_MOST, strict=True)]


class CodeGiven(BaseModel):
    """A fresh code for a card."""

    code: str


class OwnAttendance(BaseModel):
    """A meeting on whose list I stand."""

    meeting_id: UUID
    group: str
    starts_at: datetime
