"""Links in letters: a random token, kept hashed, for one purpose and a while."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.identity import sessions
from app.identity.errors import LinkExpiredError


class LinkPurpose(StrEnum):
    """What opening the link does."""

    VERIFICATION = "verification"
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    EMAIL = "email"


LASTS: Final = {
    LinkPurpose.VERIFICATION: timedelta(days=3),
    LinkPurpose.PASSWORD: timedelta(hours=2),
    LinkPurpose.EMAIL: timedelta(days=1),
}

_MAKE = """
    INSERT INTO identity.mailed_links
      (token_hash, account_id, purpose, email_hash, email_sealed, expires_at)
    SELECT %(token_hash)s, a.id, %(purpose)s, %(email_hash)s, %(email_sealed)s, %(expires_at)s
    FROM identity.accounts a WHERE a.id = %(account_id)s
"""

_LOOK = """
    SELECT account_id, email_hash, email_sealed FROM identity.mailed_links
    WHERE token_hash = %s AND purpose = %s AND expires_at > %s
"""

_TAKE = """
    WITH taken AS (
      SELECT account_id FROM identity.mailed_links
      WHERE token_hash = %(token_hash)s AND purpose = %(purpose)s AND expires_at > %(now)s
    ), gone AS (
      DELETE FROM identity.mailed_links l USING taken
      WHERE l.account_id = taken.account_id AND l.purpose = %(purpose)s
      RETURNING l.token_hash, l.account_id, l.email_hash, l.email_sealed
    )
    SELECT account_id, email_hash, email_sealed FROM gone WHERE token_hash = %(token_hash)s
"""


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """What a link stands for."""

    account_id: UUID
    email_hash: bytes | None
    email_sealed: bytes | None


async def make(
    session: AsyncSession,
    account_id: UUID | None,
    purpose: LinkPurpose,
    *,
    email_hash: bytes | None = None,
    email_sealed: bytes | None = None,
) -> str:
    """A new token. Without an account the same statement runs, and the token opens nothing."""
    token = sessions.new_token()
    connection = await db.driver(session)
    await connection.execute(
        _MAKE,
        {
            "token_hash": sessions.hash_token(token),
            "account_id": account_id,
            "purpose": purpose,
            "email_hash": email_hash,
            "email_sealed": email_sealed,
            "expires_at": clock.now() + LASTS[purpose],
        },
    )
    return token


async def look(session: AsyncSession, token: str, purpose: LinkPurpose) -> LinkTarget:
    """What the link stands for, leaving it good; raises LinkExpiredError."""
    connection = await db.driver(session)
    cursor = await connection.execute(_LOOK, (_hash(token), purpose, clock.now()))
    return _link(await cursor.fetchone())


async def take(session: AsyncSession, token: str, purpose: LinkPurpose) -> LinkTarget:
    """Use the link up, and with it its account's others of the kind; raises LinkExpiredError."""
    connection = await db.driver(session)
    parameters = {"token_hash": _hash(token), "purpose": purpose, "now": clock.now()}
    cursor = await connection.execute(_TAKE, parameters)
    return _link(await cursor.fetchone())


def _hash(token: str) -> bytes:
    if not sessions.is_token(token):
        raise LinkExpiredError
    return sessions.hash_token(token)


def _link(row: tuple[UUID, bytes | None, bytes | None] | None) -> LinkTarget:
    if row is None:
        raise LinkExpiredError
    return LinkTarget(*row)


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Let no letter from before work after password or address have changed: neither one that a
    thief asked for, nor one in a mailbox that is no longer theirs."""
    connection = await db.driver(session)
    await connection.execute(
        "DELETE FROM identity.mailed_links WHERE account_id = %s", (account_id,)
    )
