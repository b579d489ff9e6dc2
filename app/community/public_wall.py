"""The wall as any member can read it, whole and without a word: who wrote when, answering whom.

For asking how much of a study's file could be recognised by someone who reads here too. A text
taken back stands as a placeholder while answers hang on it, so its author and time are told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import spaces, visibility
from app.core import db


@dataclass(frozen=True, slots=True)
class PublicPost:
    """A post or reply; `target` says which of the two it answers, `answered_id` whose."""

    author_id: UUID
    joined_at: datetime
    at: datetime
    answered_id: UUID | None
    target: str | None
    intent: str | None
    length: int
    has_note: bool
    #: How many kinds of reaction can be seen on it; from whom is shown to its author alone.
    reactions: int


@dataclass(frozen=True, slots=True)
class OwnAct:
    """What a member knows of their own doing towards another: a reply, or a reaction."""

    at: datetime
    to_id: UUID
    reaction: str | None


#: The rule that every read of the wall asks, for a reader who has written nothing.
_SEEN: Final = visibility.sees_as(
    "p",
    "r",
    reader="'00000000-0000-0000-0000-000000000000'",
    spaces=f"ARRAY[{spaces.WALL}]",
    unseen="'{}'::uuid[]",
    sees_hidden="false",
)
_WALL: Final = f"""
    SELECT p.author_id, m.joined_at, p.created_at, a.author_id,
      CASE WHEN a.id IS NULL THEN NULL WHEN a.parent_id IS NULL THEN 'post' ELSE 'reply' END,
      p.intent, CASE WHEN p.withdrawn_at IS NULL THEN char_length(p.body_source) ELSE 0 END,
      p.withdrawn_at IS NULL AND p.note_by IS NOT DISTINCT FROM 'author',
      (p.thinking_of_you_count > 0)::int + (p.i_hear_you_count > 0)::int
        + (p.i_like_this_count > 0)::int + (p.this_helped_me_count > 0)::int
    FROM community.posts p
    JOIN community.members m ON m.id = p.author_id
    JOIN community.posts r ON r.id = p.thread_id
    LEFT JOIN community.posts a ON a.id = p.parent_id
    WHERE {_SEEN}
"""  # noqa: S608 - put together from constants
_GIVEN: Final = """
    SELECT created_at, author_id, reaction FROM (
      SELECT p.created_at, a.author_id, NULL AS reaction FROM community.posts p
        JOIN community.posts a ON a.id = p.parent_id WHERE p.author_id = %(member_id)s
      UNION ALL
      SELECT x.created_at, p.author_id, x.kind FROM community.reactions x
        JOIN community.posts p ON p.id = x.post_id WHERE x.member_id = %(member_id)s) own
    WHERE author_id <> %(member_id)s ORDER BY created_at
"""


async def read(session: AsyncSession) -> list[PublicPost]:
    """Everything that can be read now."""
    connection = await db.driver(session)
    cursor = await connection.execute(_WALL)
    return [PublicPost(*row) for row in await cursor.fetchall()]


async def given_by(session: AsyncSession, member_id: UUID) -> list[OwnAct]:
    """What this member did towards others, in order: as they would remember it."""
    connection = await db.driver(session)
    cursor = await connection.execute(_GIVEN, {"member_id": member_id})
    return [OwnAct(*row) for row in await cursor.fetchall()]
