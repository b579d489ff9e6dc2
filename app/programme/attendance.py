"""Attendance: who was at a meeting, by their account or by a code, and how many others.

Saying it twice changes nothing, so that a phone that lost its answer may ask again.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events
from app.core.ids import new_id
from app.identity.actors import Actor
from app.programme import meetings, participation_codes
from app.programme.choices import OTHERS_MOST, TAKEN_FROM, TAKEN_UNTIL, GroupMode
from app.programme.errors import AttendanceNotOpenError, AttendeeUnknownError
from app.programme.events import AttendanceRecorded, AttendanceTakenBack
from app.programme.models import Group, Meeting

# Whoever goes to the group, has come to it before, or was given a code in it; and whoever was
# there this time.
_LIST: Final = """
    WITH known AS (
      SELECT p.member_id, NULL::text AS code FROM programme.group_members p
      WHERE p.group_id = %(group)s
      UNION
      SELECT NULL, c.code FROM programme.participation_codes c WHERE c.group_id = %(group)s
      UNION
      SELECT a.member_id, a.code FROM programme.attendances a
      JOIN programme.meetings m ON m.id = a.meeting_id
      WHERE m.group_id = %(group)s AND (a.code IS NOT NULL OR m.id = %(meeting)s)
    )
    SELECT k.member_id, k.code, came.last_at, EXISTS (SELECT FROM programme.attendances a
      WHERE a.meeting_id = %(meeting)s
        AND (a.member_id = k.member_id OR a.code = k.code)) AS is_here
    FROM known k CROSS JOIN LATERAL (
      SELECT max(m.starts_at) AS last_at FROM programme.attendances a
      JOIN programme.meetings m ON m.id = a.meeting_id
      WHERE m.group_id = %(group)s AND m.id <> %(meeting)s
        AND (a.member_id = k.member_id OR a.code = k.code)) came
    ORDER BY came.last_at DESC NULLS LAST, k.code, k.member_id
"""
_RECORD: Final = """
    INSERT INTO programme.attendances (id, meeting_id, member_id, code, recorded_at)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_TAKE_BACK: Final = """
    DELETE FROM programme.attendances
    WHERE meeting_id = %s AND (member_id = %s OR code = %s)
"""
_OWN: Final = """
    SELECT m.id AS meeting_id, g.name AS "group", m.starts_at
    FROM programme.attendances a JOIN programme.meetings m ON m.id = a.meeting_id
    JOIN programme.groups g ON g.id = m.group_id
    WHERE a.member_id = %(member)s AND (m.starts_at, m.id) < (%(at)s, %(id)s)
    ORDER BY m.starts_at DESC, m.id DESC LIMIT 21
"""
# A person leaves, that somebody was there stays.
_FORGET: Final = """
    WITH gone AS (
      DELETE FROM programme.attendances WHERE member_id = %(member)s RETURNING meeting_id
    )
    UPDATE programme.meetings m SET others_count = least(m.others_count + 1, %(most)s)
    FROM gone WHERE m.id = gone.meeting_id
"""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody at a meeting: a member, or someone known by a code."""

    member_id: UUID | None = None
    code: str | None = None


async def record_member(
    session: AsyncSession, actor: Actor, meeting_id: UUID, member_id: UUID
) -> None:
    """A member was there. Raises MeetingNotFoundError, AttendanceNotOpenError or
    AttendeeUnknownError."""
    meeting, group = await _open(session, actor, meeting_id)
    await _check_goes_there(session, meeting, member_id)
    await _record(session, meeting, group, Attendee(member_id=member_id))


async def record_code(session: AsyncSession, actor: Actor, meeting_id: UUID, typed: str) -> str:
    """Someone with this code was there; returns it as it is written. Raises
    MeetingNotFoundError, AttendanceNotOpenError or BadCodeError, in this order: whoever runs no
    group learns of no code."""
    meeting, group = await _open(session, actor, meeting_id)
    code = await participation_codes.read(session, typed, pointer="/code")
    await _record(session, meeting, group, Attendee(code=code))
    return code


async def take_member_back(
    session: AsyncSession, actor: Actor, meeting_id: UUID, member_id: UUID
) -> None:
    """A member was not there after all. Raises MeetingNotFoundError or AttendanceNotOpenError."""
    meeting, group = await _open(session, actor, meeting_id)
    await _take_back(session, meeting, group, Attendee(member_id=member_id))


async def take_code_back(session: AsyncSession, actor: Actor, meeting_id: UUID, typed: str) -> None:
    """Someone with this code was not there after all. Raises what `record_code` does."""
    meeting, group = await _open(session, actor, meeting_id)
    code = await participation_codes.read(session, typed, pointer="/code")
    await _take_back(session, meeting, group, Attendee(code=code))


async def count_others(session: AsyncSession, actor: Actor, meeting_id: UUID, count: int) -> None:
    """So many people were there who have neither an account nor a code. Raises
    MeetingNotFoundError or AttendanceNotOpenError."""
    meeting, _ = await _open(session, actor, meeting_id)
    meeting.others_count = count
    session.add(meeting)


async def list_(session: AsyncSession, meeting: Meeting) -> list[DictRow]:
    """Everyone whom the hosts of this group may tick: who came last stands first."""
    asked = {"group": meeting.group_id, "meeting": meeting.id}
    return await db.fetch_within(session, _LIST, asked)


async def list_own(
    pool: db.Pool, actor: Actor, *, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """A page of the meetings on whose list one stands, the latest first."""
    at, last = meetings.after(cursor)
    rows = await db.fetch(pool, _OWN, {"member": actor.member_id, "at": at, "id": last})
    return meetings.page_of(rows, key="meeting_id")


async def forget(session: AsyncSession, member_id: UUID) -> None:
    """Whoever closes their account goes to no group and was at no meeting; meetings keep how many
    people came."""
    connection = await db.driver(session)
    asked = {"member": member_id, "most": OTHERS_MOST}
    await connection.execute(_FORGET, asked)
    await connection.execute(
        "DELETE FROM programme.group_members WHERE member_id = %(member)s", asked
    )


def is_open(meeting: Meeting) -> bool:
    """Whether the list can be changed now; the database holds the same."""
    now = clock.now()
    is_time = meeting.starts_at - TAKEN_FROM <= now <= meeting.starts_at + TAKEN_UNTIL
    return is_time and meeting.cancelled_at is None


async def _open(session: AsyncSession, actor: Actor, meeting_id: UUID) -> tuple[Meeting, Group]:
    """The meeting, locked, with its group; raises MeetingNotFoundError or
    AttendanceNotOpenError."""
    meeting, group = await meetings.access(session, actor, meeting_id, lock=True)
    if not is_open(meeting):
        raise AttendanceNotOpenError
    return meeting, group


async def _record(
    session: AsyncSession, meeting: Meeting, group: Group, attendee: Attendee
) -> None:
    connection = await db.driver(session)
    cursor = await connection.execute(
        _RECORD, (new_id(), meeting.id, attendee.member_id, attendee.code, clock.now())
    )
    if cursor.rowcount:
        await events.record(session, _event(AttendanceRecorded, meeting, group, attendee))


async def _take_back(
    session: AsyncSession, meeting: Meeting, group: Group, attendee: Attendee
) -> None:
    connection = await db.driver(session)
    cursor = await connection.execute(_TAKE_BACK, (meeting.id, attendee.member_id, attendee.code))
    if cursor.rowcount:
        await events.record(session, _event(AttendanceTakenBack, meeting, group, attendee))


async def _check_goes_there(session: AsyncSession, meeting: Meeting, member_id: UUID) -> None:
    """Hosts list members who go to their group, and nobody else by guessing ids."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT 1 FROM programme.group_members WHERE group_id = %s AND member_id = %s FOR SHARE",
        (meeting.group_id, member_id),
    )
    if await cursor.fetchone() is None:
        raise AttendeeUnknownError


def _event(
    kind: type[AttendanceRecorded | AttendanceTakenBack],
    meeting: Meeting,
    group: Group,
    attendee: Attendee,
) -> AttendanceRecorded | AttendanceTakenBack:
    return kind(
        meeting_id=meeting.id,
        group_id=group.id,
        mode=GroupMode(group.mode),
        held_at=meeting.starts_at,
        minutes=meeting.minutes,
        member_id=attendee.member_id,
        code=attendee.code,
        area_id=group.area_id,
    )
