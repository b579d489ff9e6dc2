"""Meetings of a group: planned by its hosts on the programme's clock, cancelled before anyone
came."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.rows import DictRow
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, db, pages
from app.identity.actors import Actor
from app.programme import groups
from app.programme.errors import (
    HostsOnlyError,
    MeetingHeldError,
    MeetingNotFoundError,
    MeetingThereError,
    NoSuchTimeError,
)
from app.programme.models import Group, Meeting

#: Meetings on one page.
PAGE: Final = 20

_LIST: Final = """
    SELECT m.id, m.starts_at, m.minutes, m.others_count, m.cancelled_at IS NOT NULL AS is_cancelled,
      m.others_count + (SELECT count(*) FROM programme.attendances a
        WHERE a.meeting_id = m.id) AS came
    FROM programme.meetings m
    WHERE m.group_id = %(group)s AND (m.starts_at, m.id) < (%(at)s, %(id)s)
    ORDER BY m.starts_at DESC, m.id DESC LIMIT 21
"""
_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_HAS_PEOPLE: Final = "SELECT 1 FROM programme.attendances WHERE meeting_id = %s LIMIT 1"


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """When a group meets by the clock on its wall, and in how many weeks from then on."""

    day: date
    at: time
    minutes: int
    weeks: int = 1


async def plan(
    session: AsyncSession, actor: Actor, group_id: UUID, asked: MeetingPlan, *, zone: ZoneInfo
) -> list[Meeting]:
    """Plan one meeting, or one in each of several weeks at the same time of day; all or none.

    Raises GroupNotFoundError, HostsOnlyError, GroupClosedError, MeetingThereError or
    NoSuchTimeError.
    """
    group = await groups.access_to_change(session, actor, group_id)
    made = [
        Meeting(group_id=group.id, starts_at=moment, minutes=asked.minutes, created_at=clock.now())
        for moment in moments(asked, zone)
    ]
    session.add_all(made)
    try:
        await session.flush()
    except IntegrityError as error:
        raise MeetingThereError from error
    return made


def moments(asked: MeetingPlan, zone: ZoneInfo) -> Iterator[datetime]:
    """The same time of day, week after week, also over a change of the clocks; raises
    NoSuchTimeError. An hour that comes twice is the first."""
    for week in range(asked.weeks):
        local = datetime.combine(asked.day + timedelta(weeks=week), asked.at, zone)
        moment = local.astimezone(UTC)
        if moment.astimezone(zone).replace(fold=0) != local:
            raise NoSuchTimeError(pointer="/at")
        yield moment


async def cancel(session: AsyncSession, actor: Actor, meeting_id: UUID) -> None:
    """The meeting does not take place; once more changes nothing. Raises MeetingNotFoundError or
    MeetingHeldError."""
    meeting, _ = await access(session, actor, meeting_id, lock=True)
    if meeting.cancelled_at is not None:
        return
    connection = await db.driver(session)
    cursor = await connection.execute(_HAS_PEOPLE, (meeting_id,))
    if meeting.others_count or await cursor.fetchone() is not None:
        raise MeetingHeldError
    meeting.cancelled_at = clock.now()
    session.add(meeting)


async def access(
    session: AsyncSession, actor: Actor, meeting_id: UUID, *, lock: bool = False
) -> tuple[Meeting, Group]:
    """The meeting and its group, for those who run it; raises MeetingNotFoundError, also for
    everyone else, who need not know of it."""
    query = select(Meeting).where(col(Meeting.id) == meeting_id)
    if lock:
        query = query.with_for_update()
    meeting = (await session.execute(query)).scalar_one_or_none()
    if meeting is None:
        raise MeetingNotFoundError
    try:
        return meeting, await groups.access_to_run(session, actor, meeting.group_id)
    except HostsOnlyError as error:
        raise MeetingNotFoundError from error


async def list_(
    pool: db.Pool, group_id: UUID, *, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """A page of a group's meetings, the latest first, with how many people came."""
    at, last = after(cursor)
    return page_of(await db.fetch(pool, _LIST, {"group": group_id, "at": at, "id": last}))


def after(cursor: str | None) -> tuple[datetime, UUID]:
    """The meeting at which the page before ended; raises BadCursorError."""
    at, last = pages.decode(cursor, datetime.fromisoformat, UUID) or (_LATEST, pages.LAST_ID)
    return at, last


def page_of(rows: list[DictRow], *, key: str = "id") -> tuple[list[DictRow], str | None]:
    """At most `PAGE` of the rows, and where the next page goes on."""
    if len(rows) <= PAGE:
        return rows, None
    end = rows[PAGE - 1]
    return rows[:PAGE], pages.encode(end["starts_at"].isoformat(), end[key])
