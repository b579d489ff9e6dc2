"""Breaks: a member rests from the community for a while. The account stays as it is."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.community.choices import BreakLength
from app.community.events import BreakEnded, BreakTaken
from app.core import clock, db, events

DAYS_OF: Final = {BreakLength.DAY: 1, BreakLength.WEEK: 7, BreakLength.MONTH: 30}

#: A break that ran out by itself is only marked as ended when the next one begins: until then its
#: end is known anyway.
_CLOSE_RUN_OUT = """
    UPDATE community.breaks SET ended_at = ends_at
    WHERE member_id = %(member_id)s AND ended_at IS NULL AND ends_at <= %(now)s
"""
_TAKE = """
    INSERT INTO community.breaks (id, member_id, started_at, ends_at)
    VALUES (%(id)s, %(member_id)s, %(now)s, %(ends_at)s)
    ON CONFLICT (member_id) WHERE ended_at IS NULL DO UPDATE SET ends_at = excluded.ends_at
    RETURNING id = %(id)s
"""
_END = """
    UPDATE community.breaks SET ended_at = %(now)s
    WHERE member_id = %(member_id)s AND ended_at IS NULL AND ends_at > %(now)s
    RETURNING id
"""


async def take(session: AsyncSession, member_id: UUID, length: BreakLength) -> datetime:
    """Begin a break; returns when it will be over.

    Whoever is on a break already gets another end, and no second break.
    """
    now = clock.now()
    ends_at = now + timedelta(days=DAYS_OF[length])
    values = {"id": uuid4(), "member_id": member_id, "now": now, "ends_at": ends_at}
    connection = await db.driver(session)
    await connection.execute(_CLOSE_RUN_OUT, values)
    cursor = await connection.execute(_TAKE, values)
    if await cursor.fetchone() == (True,):
        await _record(session, BreakTaken(member_id=member_id, length=length))
    return ends_at


async def end(session: AsyncSession, member_id: UUID) -> None:
    """Come back before the break is over. Without a break this changes nothing."""
    connection = await db.driver(session)
    cursor = await connection.execute(_END, {"member_id": member_id, "now": clock.now()})
    if await cursor.fetchone() is not None:
        await _record(session, BreakEnded(member_id=member_id))


async def resting(session: AsyncSession, member_ids: Collection[UUID]) -> set[UUID]:
    """Those of these members who are on a break now."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT member_id FROM community.breaks WHERE member_id = ANY (%s)"
        " AND ended_at IS NULL AND ends_at > %s",
        (list(member_ids), clock.now()),
    )
    return {member_id for (member_id,) in await cursor.fetchall()}


async def _record(session: AsyncSession, event: BreakTaken | BreakEnded) -> None:
    await events.record(session, event, topics=event.topics)
