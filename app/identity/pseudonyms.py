"""Which member, or which card, is which participant: the only place that knows.

A pseudonym is random, never derived from anything, so that a destroyed link can't be made again.
Destroying a link is what turns a participant's data from pseudonymous into anonymous.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from app.core import db, written_codes

#: For statements of the packages above that must stay one statement: the links of a member.
LINKS_OF_MEMBER: Final = (
    "SELECT study_id, participant_id FROM identity.study_links WHERE member_id = %(member_id)s"
)
#: The same of several.
LINKS_OF_MEMBERS: Final = (
    "SELECT study_id, member_id, participant_id FROM identity.study_links"
    " WHERE member_id = ANY (%(member_ids)s)"
)

#: The same for a look at a study: returns the study when it is the member's first.
NOTE_LOOK: Final = (
    "INSERT INTO identity.study_looks (study_id, member_id)"
    " VALUES (%(study_id)s, %(member_id)s) ON CONFLICT DO NOTHING RETURNING study_id"
)


_DESTROY: Final = (
    "DELETE FROM identity.study_links WHERE participant_id = %s",
    "DELETE FROM identity.study_code_links WHERE participant_id = %s",
)

_COULD: Final = """
    SELECT count(*) AS people FROM identity.accounts a
    WHERE a.verified_at < %(until)s AND (a.closed_at IS NULL OR a.closed_at > %(since)s)
      AND NOT EXISTS (SELECT FROM identity.account_roles r WHERE r.account_id = a.id)
"""


class StudyLink(SQLModel, table=True):
    """One member in one study. Deleted when the participant asks to be erased."""

    __tablename__ = "study_links"
    __table_args__ = (
        UniqueConstraint("participant_id", name="uq_study_links_participant_id"),
        Index("ix_study_links_member_id", "member_id"),
        {"schema": "identity"},
    )

    study_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=Column(Text(collation="C"), nullable=False))


class StudyCodeLink(SQLModel, table=True):
    """Somebody without an account in one study, under the code of their card. Deleted as above."""

    __tablename__ = "study_code_links"
    __table_args__ = (
        UniqueConstraint("participant_id", name="uq_study_code_links_participant_id"),
        CheckConstraint("code ~ '^C-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{2}$'", name="code"),
        {"schema": "identity"},
    )

    study_id: UUID = Field(primary_key=True)
    code: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    participant_id: str = Field(sa_column=Column(Text(collation="C"), nullable=False))


class StudyLook(SQLModel, table=True):
    """A member has looked at a study: kept so that each is counted once, and without a time."""

    __tablename__ = "study_looks"
    __table_args__ = (Index("ix_study_looks_member_id", "member_id"), {"schema": "identity"})

    study_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as other packages see it."""

    study_id: UUID
    member_id: UUID
    participant_id: str


@dataclass(frozen=True, slots=True)
class CodeLink:
    """The same of a card."""

    study_id: UUID
    code: str
    participant_id: str


def draw() -> str:
    """A fresh pseudonym such as P-7K3QF-2X."""
    return written_codes.draw("P")


async def link(
    session: AsyncSession, *, study_id: UUID, member_id: UUID, participant_id: str
) -> bool:
    """Tie a member to a participant; False when they are in this study already."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "INSERT INTO identity.study_links (study_id, member_id, participant_id)"
        " VALUES (%s, %s, %s) ON CONFLICT (study_id, member_id) DO NOTHING",
        (study_id, member_id, participant_id),
    )
    return cursor.rowcount == 1


async def link_code(
    session: AsyncSession, *, study_id: UUID, code: str, participant_id: str
) -> bool:
    """Tie the code of a card to a participant; False when it is in this study already."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "INSERT INTO identity.study_code_links (study_id, code, participant_id)"
        " VALUES (%s, %s, %s) ON CONFLICT (study_id, code) DO NOTHING",
        (study_id, code, participant_id),
    )
    return cursor.rowcount == 1


async def find_by_code(session: AsyncSession, *, study_id: UUID, code: str) -> str | None:
    """The pseudonym of a code in a study, or None."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT participant_id FROM identity.study_code_links WHERE study_id = %s AND code = %s",
        (study_id, code),
    )
    row = await cursor.fetchone()
    return None if row is None else str(row[0])


async def participants_of_codes(session: AsyncSession, codes: Iterable[str]) -> list[CodeLink]:
    """Every link of these codes, in the order of pseudonyms."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT study_id, code, participant_id FROM identity.study_code_links"
        " WHERE code = ANY (%s) ORDER BY participant_id",
        (list(codes),),
    )
    return [CodeLink(*row) for row in await cursor.fetchall()]


async def may_take_part(session: AsyncSession, member_id: UUID) -> bool:
    """Whether a study may record the member: staff are never participants.

    An appointment in the same moment waits for this unit of work, or is waited for and seen.
    """
    connection = await db.driver(session)
    await connection.execute(
        "SELECT FROM identity.accounts WHERE member_id = %s FOR SHARE", (member_id,)
    )
    cursor = await connection.execute("SELECT NOT identity.is_staff(%s)", (member_id,))
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def count_who_could(pool: db.Pool, *, since: datetime, until: datetime) -> int:
    """The members whom a study between these moments was shown to: with a confirmed account that
    was open in them, and no staff role now."""
    rows = await db.fetch(pool, _COULD, {"since": since, "until": until})
    return int(rows[0]["people"])


async def find(session: AsyncSession, *, study_id: UUID, member_id: UUID) -> str | None:
    """The member's pseudonym in a study, or None."""
    links = await participants_of(session, [member_id])
    return next((found.participant_id for found in links if found.study_id == study_id), None)


async def participants_of(session: AsyncSession, member_ids: Iterable[UUID]) -> list[Link]:
    """Every link of these members, in the order of pseudonyms."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        f"{LINKS_OF_MEMBERS} ORDER BY participant_id", {"member_ids": list(member_ids)}
    )
    return [Link(*row) for row in await cursor.fetchall()]


async def member_of(session: AsyncSession, participant_id: str) -> UUID | None:
    """The member that a participant is; None for somebody without an account, or erased."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT member_id FROM identity.study_links WHERE participant_id = %s", (participant_id,)
    )
    row = await cursor.fetchone()
    return None if row is None else UUID(str(row[0]))


async def links_of_study(session: AsyncSession, study_id: UUID) -> list[Link]:
    """Every link of a study, in the order of pseudonyms: for scoring the attacks on its files."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT study_id, member_id, participant_id FROM identity.study_links"
        " WHERE study_id = %s ORDER BY participant_id",
        (study_id,),
    )
    return [Link(*row) for row in await cursor.fetchall()]


async def destroy(session: AsyncSession, participant_id: str) -> None:
    """Forget who the participant is. There is no way back."""
    connection = await db.driver(session)
    for statement in _DESTROY:
        await connection.execute(statement, (participant_id,))


async def forget_looks(session: AsyncSession, member_id: UUID) -> None:
    """Forget which studies a member looked at: with their account closed, nobody comes twice."""
    connection = await db.driver(session)
    await connection.execute("DELETE FROM identity.study_looks WHERE member_id = %s", (member_id,))
