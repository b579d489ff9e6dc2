"""What hosts do for their groups: plan meetings, give codes, take attendance."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Path, Query

from app.api.deps import AppSettings, Member, ReadPool, ReadSession, Within, WriteSession
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.groups import (
    Attendance,
    AttendeeRead,
    CodeGiven,
    Meeting,
    MeetingPlanned,
    MeetingsPlanned,
    OthersCounted,
)
from app.community import members
from app.core.pages import BadCursorError, Page
from app.identity.actors import Actor
from app.programme import attendance, groups, limits, meetings, participation_codes
from app.programme.errors import (
    AttendanceNotOpenError,
    AttendeeUnknownError,
    BadCodeError,
    GroupClosedError,
    GroupNotFoundError,
    HostsOnlyError,
    MeetingHeldError,
    MeetingNotFoundError,
    MeetingThereError,
    NoSuchTimeError,
)
from app.programme.meetings import MeetingPlan

router = resource("groups", responses=OF_THE_COMMUNITY)

HostingActor = Annotated[Actor, Depends(Within(limits.HOSTING))]
#: As it was typed from a card.
TypedCode = Annotated[str, Path(max_length=40)]

_OF_HOSTS = problems(GroupNotFoundError, HostsOnlyError)
_OF_LIST = problems(MeetingNotFoundError, AttendanceNotOpenError)


@router.get("/groups/{group_id}/meetings", responses=_OF_HOSTS | problems(BadCursorError))
async def list_meetings(
    group_id: UUID,
    actor: Member,
    session: ReadSession,
    pool: ReadPool,
    cursor: Annotated[str | None, Query(max_length=600)] = None,
) -> Page[Meeting]:
    """A page of a group's meetings for its hosts, the latest first."""
    await groups.access_to_run(session, actor, group_id)
    rows, following = await meetings.list_(pool, group_id, cursor=cursor)
    shown = [Meeting(**{name: row[name] for name in Meeting.model_fields}) for row in rows]
    return Page[Meeting](items=shown, next_cursor=following)


@router.post(
    "/groups/{group_id}/meetings",
    status_code=201,
    responses=_OF_HOSTS | problems(GroupClosedError, MeetingThereError, NoSuchTimeError),
)
async def plan_meetings(
    group_id: UUID,
    body: MeetingPlanned,
    actor: HostingActor,
    session: WriteSession,
    settings: AppSettings,
) -> MeetingsPlanned:
    """Plan one meeting, or one a week at the same time; all of them or none."""
    asked = MeetingPlan(day=body.day, at=body.at, minutes=body.minutes, weeks=body.weeks)
    zone = ZoneInfo(settings.care.time_zone)
    made = await meetings.plan(session, actor, group_id, asked, zone=zone)
    return MeetingsPlanned(count=len(made))


@router.delete(
    "/meetings/{meeting_id}",
    status_code=204,
    responses=problems(MeetingNotFoundError, MeetingHeldError),
)
async def cancel_meeting(meeting_id: UUID, actor: HostingActor, session: WriteSession) -> None:
    """The meeting does not take place. Once more changes nothing."""
    await meetings.cancel(session, actor, meeting_id)


@router.post(
    "/groups/{group_id}/codes",
    status_code=201,
    responses=_OF_HOSTS | problems(GroupClosedError),
)
async def give_code(group_id: UUID, actor: HostingActor, session: WriteSession) -> CodeGiven:
    """A fresh code for somebody who has no account."""
    return CodeGiven(code=await participation_codes.give(session, actor, group_id))


@router.get("/meetings/{meeting_id}/attendance", responses=problems(MeetingNotFoundError))
async def read_attendance(
    meeting_id: UUID, actor: Member, session: ReadSession, pool: ReadPool
) -> Attendance:
    """The list of a meeting, for the hosts of its group."""
    meeting, group = await meetings.access(session, actor, meeting_id)
    rows = await attendance.list_(session, meeting)
    names = await members.display_names(
        pool, [row["member_id"] for row in rows if row["member_id"] is not None]
    )
    return Attendance(
        meeting_id=meeting.id,
        group_id=group.id,
        group=group.name,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        is_cancelled=meeting.cancelled_at is not None,
        is_open=attendance.is_open(meeting),
        people=[AttendeeRead(**row, display_name=names.get(row["member_id"])) for row in rows],
        others_count=meeting.others_count,
    )


@router.put(
    "/meetings/{meeting_id}/attendance/members/{member_id}",
    status_code=204,
    responses=_OF_LIST | problems(AttendeeUnknownError),
)
async def record_member(
    meeting_id: UUID, member_id: UUID, actor: HostingActor, session: WriteSession
) -> None:
    """A member was there. Once more changes nothing."""
    await attendance.record_member(session, actor, meeting_id, member_id)


@router.delete(
    "/meetings/{meeting_id}/attendance/members/{member_id}", status_code=204, responses=_OF_LIST
)
async def take_member_off(
    meeting_id: UUID, member_id: UUID, actor: HostingActor, session: WriteSession
) -> None:
    """A member was not there after all. Once more changes nothing."""
    await attendance.take_member_back(session, actor, meeting_id, member_id)


@router.put(
    "/meetings/{meeting_id}/attendance/codes/{code}",
    responses=_OF_LIST | problems(BadCodeError),
)
async def record_code(
    meeting_id: UUID, code: TypedCode, actor: HostingActor, session: WriteSession
) -> CodeGiven:
    """Someone with this code was there; the code comes back as it is written on the card."""
    return CodeGiven(code=await attendance.record_code(session, actor, meeting_id, code))


@router.delete(
    "/meetings/{meeting_id}/attendance/codes/{code}",
    status_code=204,
    responses=_OF_LIST | problems(BadCodeError),
)
async def take_code_off(
    meeting_id: UUID, code: TypedCode, actor: HostingActor, session: WriteSession
) -> None:
    """Someone with this code was not there after all. Once more changes nothing."""
    await attendance.take_code_back(session, actor, meeting_id, code)


@router.put("/meetings/{meeting_id}/others", status_code=204, responses=_OF_LIST)
async def count_others(
    meeting_id: UUID, body: OthersCounted, actor: HostingActor, session: WriteSession
) -> None:
    """So many people were there who have neither an account nor a code."""
    await attendance.count_others(session, actor, meeting_id, body.count)
