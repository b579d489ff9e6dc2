"""A second factor taken off: by two administrators, by a command on the server, or by its owner.

Each act stands in a ledger that is never rewritten, and the account's address is written to.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.identity import addresses, letters, second_factors, sessions
from app.identity.actors import Actor
from app.identity.errors import (
    NoSecondFactorError,
    OwnSecondFactorError,
    SecondFactorStaysError,
    SecondPersonNeededError,
)
from app.identity.letters import Letter, Letterbox
from app.identity.roles import needs_second_factor

#: A request that nobody agreed to for so long counts no more.
WAITS: Final = timedelta(days=3)
REASON_LIMIT: Final = 500
OWNERS_REASON: Final = "Turned off by its owner."

_NOTE: Final = """
    INSERT INTO identity.second_factor_removals
      (id, account_id, act, reason, actor_id, asked_id, asker_id, created_at)
    VALUES (%(id)s, %(account_id)s, %(act)s, %(reason)s, %(actor_id)s, %(asked_id)s, %(asker_id)s,
      %(now)s)
"""
_WAITING: Final = """
    SELECT r.id, r.account_id, a.member_id, r.actor_id AS asker_id, k.member_id AS asker_member_id,
      r.reason, r.created_at
    FROM identity.second_factor_removals r
    JOIN identity.accounts a ON a.id = r.account_id AND a.closed_at IS NULL
    JOIN identity.accounts k ON k.id = r.actor_id
    JOIN identity.second_factors f ON f.account_id = a.id AND f.enrolled_at <= r.created_at
    WHERE r.act = 'asked' AND r.created_at > %(since)s AND NOT EXISTS (
      SELECT FROM identity.second_factor_removals d WHERE d.asked_id = r.id)
"""
_ACCOUNT: Final = """
    SELECT a.email_sealed, EXISTS (SELECT FROM identity.second_factors f
      WHERE f.account_id = a.id AND f.enrolled_at IS NOT NULL) AS is_enrolled
    FROM identity.accounts a WHERE a.id = %s AND a.closed_at IS NULL FOR NO KEY UPDATE
"""


async def waiting(pool: db.Pool) -> list[DictRow]:
    """What one administrator asked for and another has not agreed to yet, the newest first."""
    since = {"since": clock.now() - WAITS}
    return await db.fetch(pool, f"{_WAITING} ORDER BY r.id DESC", since)


async def ask(
    session: AsyncSession, letterbox: Letterbox, *, account_id: UUID, reason: str, actor: Actor
) -> UUID:
    """Ask that someone's second factor be taken off; its owner is told at once. Raises
    OwnSecondFactorError, NoSecondFactorError."""
    if account_id == actor.account_id:
        raise OwnSecondFactorError
    email_sealed = await _lock(session, account_id)
    asked_id = await _note(
        session, account_id=account_id, act="asked", reason=reason, actor_id=actor.account_id
    )
    await _write(session, letterbox, email_sealed, letters.second_factor_asked_off)
    return asked_id


async def agree(
    session: AsyncSession, letterbox: Letterbox, *, asked_id: UUID, reason: str, actor: Actor
) -> None:
    """Agree to what another administrator asked, and do it. Raises NotFoundError when it is not
    there or waits no more, SecondPersonNeededError, OwnSecondFactorError."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        f"{_WAITING} AND r.id = %(id)s", {"since": clock.now() - WAITS, "id": asked_id}
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFoundError
    account_id, asker_id = row[1], row[3]
    if account_id == actor.account_id:
        raise OwnSecondFactorError
    if asker_id == actor.account_id:
        raise SecondPersonNeededError
    email_sealed = await _lock(session, account_id)
    try:
        await _note(
            session,
            account_id=account_id,
            act="agreed",
            reason=reason,
            actor_id=actor.account_id,
            asked_id=asked_id,
            asker_id=asker_id,
        )
    except psycopg.errors.UniqueViolation as error:  # someone else agreed in this moment
        raise NotFoundError from error
    await _take_off(session, account_id)
    await _write(session, letterbox, email_sealed, letters.second_factor_taken_off)


async def take_off_by_command(
    session: AsyncSession, letterbox: Letterbox, *, account_id: UUID, reason: str
) -> None:
    """Take it off for whoever runs the server; raises NoSecondFactorError."""
    email_sealed = await _lock(session, account_id)
    await _note(session, account_id=account_id, act="by_command", reason=reason)
    await _take_off(session, account_id)
    await _write(session, letterbox, email_sealed, letters.second_factor_taken_off)


async def turn_off(session: AsyncSession, letterbox: Letterbox, *, actor: Actor, code: str) -> None:
    """Turn one's own off, by one of its codes; other sign-ins end. Raises SecondFactorStaysError
    for staff, NoSecondFactorError, WrongCodeError."""
    email_sealed = await _lock(session, actor.account_id)
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT role FROM identity.account_roles WHERE account_id = %s", (actor.account_id,)
    )
    if needs_second_factor(frozenset(row[0] for row in await cursor.fetchall())):
        raise SecondFactorStaysError
    await second_factors.check(
        session, letterbox.encryption, account_id=actor.account_id, code=code
    )
    await _note(
        session,
        account_id=actor.account_id,
        act="by_owner",
        reason=OWNERS_REASON,
        actor_id=actor.account_id,
    )
    await _take_off(session, actor.account_id, but=actor.session_id)
    await _write(session, letterbox, email_sealed, letters.second_factor_turned_off)


async def _lock(session: AsyncSession, account_id: UUID) -> bytes:
    """The account's sealed address; it gets no role meanwhile. Raises NoSecondFactorError."""
    connection = await db.driver(session)
    cursor = await connection.execute(_ACCOUNT, (account_id,))
    row = await cursor.fetchone()
    if row is None or not row[1]:
        raise NoSecondFactorError
    email_sealed: bytes = row[0]
    return email_sealed


async def _note(session: AsyncSession, *, account_id: UUID, act: str, **more: Any) -> UUID:
    line_id = new_id()
    connection = await db.driver(session)
    nobody = {"actor_id": None, "asked_id": None, "asker_id": None}
    line = {"id": line_id, "account_id": account_id, "act": act, "now": clock.now()}
    await connection.execute(_NOTE, {**nobody, **line, **more})
    return line_id


async def _take_off(session: AsyncSession, account_id: UUID, *, but: UUID | None = None) -> None:
    connection = await db.driver(session)
    for table in ("recovery_codes", "second_factors"):
        await connection.execute(
            f"DELETE FROM identity.{table} WHERE account_id = %s",  # noqa: S608 - two fixed names
            (account_id,),
        )
    await sessions.end_all(session, account_id=account_id, but=but)


async def _write(
    session: AsyncSession,
    letterbox: Letterbox,
    email_sealed: bytes,
    letter: Callable[[Letterbox], Letter],
) -> None:
    address = addresses.open_(letterbox.encryption, email_sealed)
    await letterbox.send(session, to=address, letter=letter(letterbox))
