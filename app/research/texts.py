"""Copies of what consenting authors wrote. Shown to them in My data; never part of a dataset.

A text can be found again on the wall by anyone who may read the wall, whatever stands beside it,
so it can't be made safe by a pseudonym. Researchers read texts inside the product only.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.identity import pseudonyms
from app.identity.pseudonyms import LINKS_OF_MEMBERS


class TextSource(Protocol):
    """Where the present text of a post comes from; handed in, for research knows no posts."""

    async def __call__(self, session: AsyncSession, post_id: UUID, /) -> str | None:
        """The text as its author wrote it, or None when it was taken back."""
        ...


#: Everyone whom a batch may write of, locked first and in one order, before any row of theirs: an
#: erasure waits for this batch or this batch for the erasure, and nobody in a ring. By an array,
#: for with OR the whole table would be read.
_LOCK: Final = f"""
    SELECT id FROM research.participants WHERE id = ANY (ARRAY(
      SELECT participant_id FROM ({LINKS_OF_MEMBERS}) l
      UNION SELECT participant_id FROM research.texts WHERE post_id = ANY (%(posts)s)))
    ORDER BY id FOR SHARE
"""  # noqa: S608 - put together from constants

_KEEP: Final = """
    INSERT INTO research.texts (study_id, participant_id, post_id, occurred_at, body)
    SELECT p.study_id, p.id, %(post_id)s, %(at)s, %(body)s
    FROM research.participants p
    WHERE p.id = %(id)s AND research.may_record(p.id, 'text', %(at)s)
    ON CONFLICT (study_id, participant_id, post_id) DO NOTHING
"""

_DROP: Final = """
    DELETE FROM research.texts WHERE post_id = %(post_id)s RETURNING participant_id
"""


async def lock(
    session: AsyncSession, *, post_ids: Collection[UUID], author_ids: Collection[UUID]
) -> bool:
    """Before anything of a batch is written: lock the participants behind these. False when there
    is none, most often: then nothing of these is kept, and nothing will be."""
    connection = await db.driver(session)
    values = {"member_ids": list(author_ids), "posts": list(post_ids)}
    cursor = await connection.execute(_LOCK, values)
    return await cursor.fetchone() is not None


async def keep(
    session: AsyncSession, source: TextSource, *, post_id: UUID, author_id: UUID, at: datetime
) -> None:
    """Copy a new text for every study whose consent to text its author gave."""
    links = await pseudonyms.participants_of(session, [author_id])
    if links:
        body = await source(session, post_id)
        await _keep(session, [found.participant_id for found in links], post_id, at, body)


async def replace(
    session: AsyncSession, source: TextSource, *, post_id: UUID, at: datetime
) -> None:
    """After an edit: the former text goes; the new one comes where consent is still in force."""
    participants = await drop(session, post_id=post_id)
    if participants:
        body = await source(session, post_id)
        await _keep(session, participants, post_id, at, body)


async def drop(session: AsyncSession, *, post_id: UUID) -> list[str]:
    """The author took the text back: so do we. Returns whose it was."""
    connection = await db.driver(session)
    cursor = await connection.execute(_DROP, {"post_id": post_id})
    return sorted(participant for (participant,) in await cursor.fetchall())


async def _keep(
    session: AsyncSession, participants: list[str], post_id: UUID, at: datetime, body: str | None
) -> None:
    if body is None:
        return
    connection = await db.driver(session)
    for participant in participants:
        values = {"id": participant, "post_id": post_id, "at": at, "body": body}
        await connection.execute(_KEEP, values)
