"""Participation codes: a card in place of a name, for people who have no account."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, written_codes
from app.identity.actors import Actor
from app.programme import groups
from app.programme.errors import BadCodeError

PREFIX: Final = "C"

_KEEP: Final = """
    INSERT INTO programme.participation_codes (code, group_id, created_at) VALUES (%s, %s, %s)
    ON CONFLICT DO NOTHING
"""


async def give(session: AsyncSession, actor: Actor, group_id: UUID) -> str:
    """A fresh code for somebody in this group; raises GroupNotFoundError, HostsOnlyError or
    GroupClosedError."""
    group = await groups.access_to_change(session, actor, group_id)
    connection = await db.driver(session)
    while True:
        code = written_codes.draw(PREFIX)
        cursor = await connection.execute(_KEEP, (code, group.id, clock.now()))
        if cursor.rowcount:
            return code


async def read(session: AsyncSession, typed: str, *, pointer: str) -> str:
    """The code that was typed; raises BadCodeError for one that can't be or was never given."""
    code = written_codes.read(PREFIX, typed)
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT 1 FROM programme.participation_codes WHERE code = %s", (code or "",)
    )
    if code is None or await cursor.fetchone() is None:
        raise BadCodeError(pointer=pointer)
    return code


async def count_given(pool: db.Pool, *, until: datetime) -> int:
    """How many cards were given out by then; a card once given holds for good."""
    sql = "SELECT count(*) AS cards FROM programme.participation_codes WHERE created_at < %s"
    return int((await db.fetch(pool, sql, (until,)))[0]["cards"])
