"""Members: joining, the name and words they show, and what stays when they leave."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import blocks, names, visibility
from app.community.choices import ABOUT_LIMIT, NEW_DAYS, SOMEONE_WHO_LEFT
from app.community.errors import MemberNotFoundError, NameTakenError
from app.community.names import Looks
from app.community.visibility import READER, VIEWER, is_apart
from app.core import clock, db, text
from app.identity import accounts
from app.identity.accounts import Applicant
from app.identity.actors import Actor
from app.identity.letters import Letterbox

_ENROL = """
    INSERT INTO community.members (id, display_name, display_key, look, folded_look, name_words,
      about, show_notes_open, joined_at)
    VALUES (%s, %s, %s, %s, %s, array_to_tsvector(%s::text[]), '', false, %s)
    ON CONFLICT DO NOTHING
    RETURNING id
"""
_CHANGE = """
    UPDATE community.members SET
      display_name = coalesce(%(display_name)s, display_name),
      display_key = coalesce(%(display_key)s, display_key),
      look = coalesce(%(look)s, look),
      folded_look = coalesce(%(folded_look)s, folded_look),
      name_words = coalesce(array_to_tsvector(%(name_words)s::text[]), name_words),
      about = coalesce(%(about)s, about),
      show_notes_open = coalesce(%(show_notes_open)s, show_notes_open)
    WHERE id = %(id)s AND left_at IS NULL
    RETURNING id
"""
_LEAVE = """
    UPDATE community.members SET display_name = %s, display_key = NULL, look = NULL,
      folded_look = NULL, name_words = NULL, about = '', left_at = %s, show_notes_open = false,
      notifications_seen_id = NULL
    WHERE id = %s AND left_at IS NULL
    RETURNING id
"""
_SHOWN = """
    SELECT m.id, display_name, about, joined_at, left_at IS NOT NULL AS has_left, left_at IS NULL
        AND joined_at > %(now)s - make_interval(days => %(new_days)s) AS is_new, show_notes_open,
      staff_role
"""
_SHOW = f"""
    WITH {VIEWER} {_SHOWN}, EXISTS (SELECT FROM community.mutes u
      WHERE u.muter_id = %(viewer)s AND u.muted_id = m.id) AS is_muted FROM community.members m
    WHERE m.id = %(member_id)s AND {READER} IS NOT NULL
      AND NOT ({is_apart("m.id")})
"""  # noqa: S608 - put together from constants
_NAMES_MET = f"""
    SELECT id, display_name FROM community.members m
    WHERE id = ANY (%(ids)s) AND left_at IS NULL AND NOT ({is_apart("m.id")})
"""  # noqa: S608 - put together from constants
# The bounds are one value, so that only the index by author and id gives the order, and the walk
# ends at the first post that began a thread: else all that a member wrote is looked up.
_OWN_WORDS = """
    EXISTS (SELECT FROM (
      SELECT p.parent_id FROM community.posts p
      WHERE p.author_id BETWEEN m.id AND m.id ORDER BY p.author_id, p.id) own
      WHERE own.parent_id IS NULL) AS has_posted,
    m.welcomed_at IS NULL AND NOT EXISTS (SELECT FROM community.posts p
      WHERE p.author_id = m.id) AS is_newcomer
"""
_SHOW_OWN = f"""
    {_SHOWN}, b.ends_at AS break_ends_at, {_OWN_WORDS}, m.no_posting_until, m.read_first_until,
      acc.suspended_until
    FROM community.members m JOIN identity.accounts acc ON acc.member_id = m.id
    LEFT JOIN community.breaks b
      ON b.member_id = m.id AND b.ended_at IS NULL AND b.ends_at > %(now)s
    WHERE m.id = %(member_id)s
"""


async def join(
    session: AsyncSession, letterbox: Letterbox, applicant: Applicant, *, display_name: str
) -> None:
    """Register an account and its member in one; raises NameTakenError or BadNameError.

    For an address that is known nobody joins, and its owner gets a letter.
    """
    shown = names.clean(display_name)

    async def enrol_once(member_id: UUID, earlier: list[UUID]) -> None:
        if not await _has_name(session, earlier, shown):
            await enrol(session, member_id, display_name=shown)

    await accounts.register(session, letterbox, applicant, enrol=enrol_once)


async def _has_name(session: AsyncSession, member_ids: list[UUID], name: str) -> bool:
    """Whether one of them has the name: whoever joins again, as their first e-mail was lost."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT 1 FROM community.members WHERE id = ANY (%s) AND display_key = %s",
        (member_ids, names.key_of(name)),
    )
    return await cursor.fetchone() is not None


async def enrol(
    session: AsyncSession, member_id: UUID, *, display_name: str, speaks_for_us: bool = False
) -> None:
    """Make the member of an account that stands; raises NameTakenError or BadNameError."""
    shown = names.clean(display_name, speaks_for_us=speaks_for_us)
    connection = await db.driver(session)
    look = Looks.of(shown)
    cursor = await connection.execute(
        _ENROL,
        (
            member_id,
            shown,
            names.key_of(shown),
            look.written,
            look.folded,
            names.words_of(shown),
            clock.now(),
        ),
    )
    if await cursor.fetchone() is None:
        raise _taken()


async def change(
    session: AsyncSession,
    member_id: UUID,
    *,
    display_name: str | None = None,
    about: str | None = None,
    show_notes_open: bool | None = None,
    speaks_for_us: bool = False,
) -> None:
    """Change what is given and leave the rest; raises NameTakenError or InvalidError."""
    connection = await db.driver(session)
    if display_name is not None and await _is_own(connection, member_id, display_name):
        display_name = None
    shown = None if display_name is None else names.clean(display_name, speaks_for_us=speaks_for_us)
    look = None if shown is None else Looks.of(shown)
    values: dict[str, Any] = {
        "id": member_id,
        "display_name": shown,
        "display_key": None if shown is None else names.key_of(shown),
        "look": look and look.written,
        "folded_look": look and look.folded,
        "name_words": None if shown is None else names.words_of(shown),
        "about": _clean_about(about),
        "show_notes_open": show_notes_open,
    }
    if shown is not None:
        for decoy in await accounts.own_decoys(session, member_id):
            if await _has_name(session, [decoy], shown):
                await leave(session, decoy)
    try:
        cursor = await connection.execute(_CHANGE, values)
    except psycopg.errors.UniqueViolation as error:
        raise _taken() from error
    if await cursor.fetchone() is None:
        raise MemberNotFoundError


async def _is_own(connection: db.AnyConnection, member_id: UUID, name: str) -> bool:
    """Whether this is the name they have: it stays theirs whatever rules came after it."""
    cursor = await connection.execute(
        "SELECT display_name FROM community.members WHERE id = %s", (member_id,)
    )
    row = await cursor.fetchone()
    return row is not None and row[0] == name.strip()


def _taken() -> NameTakenError:
    return NameTakenError(errors=[{"pointer": "/display_name", "detail": NameTakenError().words}])


def _clean_about(about: str | None) -> str | None:
    if about is None or not about.strip():
        return about and ""
    return text.clean(about, limit=ABOUT_LIMIT, pointer="/about")


async def leave(session: AsyncSession, member_id: UUID) -> None:
    """Take the name and the words about oneself away. Posts stay, under no name; again is fine."""
    connection = await db.driver(session)
    await connection.execute(_LEAVE, (SOMEONE_WHO_LEFT, clock.now(), member_id))
    for table in ("notifications", "thread_seen", "space_seen", "breaks"):
        await connection.execute(
            f"DELETE FROM community.{table} WHERE member_id = %s",  # noqa: S608 - four fixed names
            (member_id,),
        )
    await blocks.end_all(session, member_id)


async def limit(
    session: AsyncSession,
    member_id: UUID,
    *,
    no_posting_until: datetime | None,
    read_first_until: datetime | None,
) -> None:
    """Until when they don't write, and until when a moderator reads first; None lifts it."""
    connection = await db.driver(session)
    await connection.execute(
        "UPDATE community.members SET no_posting_until = %s, read_first_until = %s WHERE id = %s",
        (no_posting_until, read_first_until, member_id),
    )


async def show(pool: db.Pool, actor: Actor, member_id: UUID) -> DictRow:
    """A member as everyone of the community sees them; raises MemberNotFoundError, also where one
    has blocked the other."""
    viewer = visibility.parameters(actor)
    return await _show(pool, _SHOW, {"member_id": member_id, **viewer})


async def show_own(pool: db.Pool, member_id: UUID) -> DictRow:
    """The same with what is nobody else's to know: a break, if the member is on one; whether they
    have posted; whether they are still to be welcomed."""
    return await _show(pool, _SHOW_OWN, {"member_id": member_id})


async def _show(pool: db.Pool, query: LiteralString, asked: dict[str, Any]) -> DictRow:
    rows = await db.fetch(pool, query, {**asked, "now": clock.now(), "new_days": NEW_DAYS})
    if not rows:
        raise MemberNotFoundError
    return rows[0]


async def display_names(pool: db.Pool, member_ids: Collection[UUID]) -> dict[UUID, str]:
    """Display names by member."""
    rows = await db.fetch(
        pool,
        "SELECT id, display_name FROM community.members WHERE id = ANY (%s)",
        (list(member_ids),),
    )
    return {row["id"]: row["display_name"] for row in rows}


async def names_met(pool: db.Pool, actor: Actor, member_ids: Collection[UUID]) -> dict[UUID, str]:
    """The same without those whom the actor does not meet, or who have left."""
    rows = await db.fetch(
        pool,
        _NAMES_MET,
        {"ids": list(member_ids), **visibility.parameters(actor)},
    )
    return {row["id"]: row["display_name"] for row in rows}


async def find_by_name(pool: db.Pool, name: str) -> UUID | None:
    """The member of that name, however it is spaced or cased."""
    rows = await db.fetch(
        pool, "SELECT id FROM community.members WHERE display_key = %s", (names.key_of(name),)
    )
    return rows[0]["id"] if rows else None
