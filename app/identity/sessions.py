"""Sign-ins: opaque tokens, kept hashed. A row is a browser that is signed in now.

A browser that an account has signed in from stays known to it by a token of its own, kept hashed
too: it signs nobody in, but strangers' wrong passwords don't shut it out (`password_tries`).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events, limits
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.limits import Settlement
from app.core.settings import SessionSettings
from app.identity.actors import Actor
from app.identity.errors import WrongSignInError
from app.identity.events import SessionEnded
from app.identity.roles import Role, permissions_now

TOKEN_BYTES = 32
#: What a token looks like (43 characters of base64url); anything else asks nothing of the database.
TOKEN_LENGTH = 43
#: How stale "last seen" may be: a write every ten minutes instead of one a request.
SEEN_EVERY = timedelta(minutes=10)

_FIND = """
    SELECT s.id AS session_id, s.last_seen_at <= %(stale)s AS is_stale,
      s.second_factor_passed_at IS NOT NULL AS is_passed,
      a.id AS account_id, a.member_id, a.verified_at IS NOT NULL AS is_verified,
      coalesce(a.suspended_until > %(now)s, false) AS is_suspended,
      (SELECT string_agg(r.role, ' ') FROM identity.account_roles r WHERE r.account_id = a.id)
        AS roles,
      EXISTS (SELECT FROM community.unseen_by(a.member_id, false)) AS has_unseen
    FROM identity.sessions s JOIN identity.accounts a ON a.id = s.account_id
    WHERE s.token_hash = %(token_hash)s AND s.ends_at > %(now)s AND a.closed_at IS NULL
"""

_SEEN = """
    UPDATE identity.sessions
    SET last_seen_at = %(now)s, ends_at = %(now)s + (ends_at - last_seen_at)
    WHERE id = %(id)s AND ends_at > %(now)s AND last_seen_at < %(now)s
    RETURNING id
"""

_OPEN = """
    INSERT INTO identity.sessions (id, token_hash, account_id, description, created_at,
      last_seen_at, ends_at, second_factor_passed_at)
    SELECT %(id)s, %(token_hash)s, a.id, %(description)s, %(now)s, %(now)s, %(ends_at)s,
      %(passed_at)s
    FROM identity.accounts a
    WHERE a.id = %(account_id)s AND a.closed_at IS NULL
      AND (%(password_hash)s::text IS NULL OR a.password_hash = %(password_hash)s)
    FOR SHARE
    ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at
    RETURNING id
"""

_SIGN_IN: LiteralString = f"""
    WITH {limits.SETTLE_SQL}, opened AS ({_OPEN}), remembered AS (
      INSERT INTO identity.known_browsers AS b (token_hash, account_id, session_id, ends_at)
      SELECT %(browser_hash)s, %(account_id)s, id, %(known_until)s FROM opened
      ON CONFLICT (token_hash) DO UPDATE
        SET session_id = excluded.session_id, ends_at = excluded.ends_at
      WHERE b.account_id = excluded.account_id)
    SELECT id FROM opened
"""  # noqa: S608 - put together from constants

_LIST = """
    SELECT id, created_at, last_seen_at, description FROM identity.sessions
    WHERE account_id = %s AND ends_at > %s
    ORDER BY last_seen_at DESC, id DESC LIMIT 100
"""

_END = """
    DELETE FROM identity.sessions s USING identity.accounts a
    WHERE a.id = s.account_id AND a.id = %(account_id)s
      AND (%(only)s::uuid IS NULL OR s.id = %(only)s)
      AND (%(but)s::uuid IS NULL OR s.id <> %(but)s)
    RETURNING s.id, a.member_id
"""

# Not the browser of a sign-in that stays, nor one whose owner has signed out there themselves.
_FORGET = """
    DELETE FROM identity.known_browsers
    WHERE account_id = %(account_id)s
      AND (%(only)s::uuid IS NULL OR session_id = %(only)s)
      AND (%(but)s::uuid IS NULL OR session_id IS DISTINCT FROM %(but)s)
"""

#: How long an account knows a browser after its last sign-in there.
KNOWN_LASTS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A fresh sign-in. The tokens are shown to the browser once and kept nowhere."""

    id: UUID
    token: str
    ends_at: datetime
    #: By which the account knows the browser from now on.
    browser: str


def hash_token(token: str) -> bytes:
    """What is stored instead of a token: random enough that a plain hash can't be searched."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """32 random bytes as a word that fits cookies and links."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(word: str) -> bool:
    """Whether a word could be a token of ours at all."""
    return len(word) == TOKEN_LENGTH and word.isascii()


async def find(pool: db.Pool, token: str) -> Actor | None:
    """Whoever holds the token; None when it is unknown, ended or has run out.

    On every request, so it is one statement by a unique index, and "last seen" is written apart.
    """
    if not is_token(token):
        return None
    now = clock.now()
    values = {"token_hash": hash_token(token), "now": now, "stale": now - SEEN_EVERY}
    rows = await db.fetch(pool, _FIND, values)
    if not rows:
        return None
    (row,) = rows
    if row["is_stale"]:
        await db.fetch(pool, _SEEN, {"id": row["session_id"], "now": now})
    return _actor(row)


def _actor(row: DictRow) -> Actor:
    roles = _roles(row["roles"])
    return Actor(
        account_id=row["account_id"],
        member_id=row["member_id"],
        session_id=row["session_id"],
        roles=roles,
        permissions=permissions_now(roles, is_passed=row["is_passed"]),
        is_second_factor_passed=row["is_passed"],
        is_verified=row["is_verified"],
        has_unseen=row["has_unseen"],
        is_suspended=row["is_suspended"],
    )


_MEMBER_ALONE = frozenset({Role.MEMBER})


def _roles(held: str | None) -> frozenset[Role]:
    return _MEMBER_ALONE.union(map(Role, held.split())) if held else _MEMBER_ALONE


async def open(  # noqa: A001 - the verb people use of a session
    pool: db.Pool,
    settings: SessionSettings,
    *,
    account_id: UUID,
    description: str,
    is_staff: bool = False,
    is_second_factor_passed: bool = False,
    password_hash: str | None = None,
    settlement: Settlement | None = None,
    browser: str | None = None,
) -> NewSignIn:
    """Sign an account in; staff sign-ins last hours where members' last days. With a settlement
    the account knows the browser from now on, by `browser` or a new token.

    One statement that commits by itself, and settles the tries that led here: after a hash that
    has emptied the processor's caches, each further round trip costs twice what it does elsewhere.
    With `password_hash` only while that is still the account's: one that was changed while we
    hashed opens nothing. Raises WrongSignInError.
    """
    now = clock.now()
    lasts = (
        timedelta(hours=settings.staff_session_hours)
        if is_staff
        else timedelta(days=settings.session_days)
    )
    opened = NewSignIn(new_id(), new_token(), now + lasts, browser or new_token())
    values = {
        "id": opened.id,
        "token_hash": hash_token(opened.token),
        "account_id": account_id,
        "description": description,
        "now": now,
        "ends_at": opened.ends_at,
        "passed_at": now if is_second_factor_passed else None,
        "password_hash": password_hash,
    }
    if settlement is None:
        rows = await db.fetch(pool, _OPEN, values)
    else:
        values |= {"browser_hash": hash_token(opened.browser), "known_until": now + KNOWN_LASTS}
        rows = await db.fetch(pool, _SIGN_IN, {**values, **settlement.parameters})
    if not rows:
        raise WrongSignInError
    return opened


async def list_own(pool: db.Pool, actor: Actor) -> list[DictRow]:
    """The actor's own sign-ins, the one used last first; no more than a hundred. Nobody has so many
    but a program, and `end_all` ends those that are not shown too."""
    return await db.fetch(pool, _LIST, (actor.account_id, clock.now()))


async def end(session: AsyncSession, *, account_id: UUID, session_id: UUID) -> None:
    """End one sign-in of an account, in whose browser it is; raises NotFoundError when it has no
    such sign-in. The browser stays known."""
    if not await _end(session, account_id=account_id, only=session_id):
        raise NotFoundError


async def end_elsewhere(session: AsyncSession, *, account_id: UUID, session_id: UUID) -> None:
    """The same from another browser: the one it was in is known no more."""
    await end(session, account_id=account_id, session_id=session_id)
    await _forget_browsers(session, account_id=account_id, only=session_id)


async def end_all(session: AsyncSession, *, account_id: UUID, but: UUID | None = None) -> None:
    """End every sign-in of an account, or all but one; no other browser is known any more."""
    await _end(session, account_id=account_id, but=but)
    await _forget_browsers(session, account_id=account_id, but=but)


async def _forget_browsers(
    session: AsyncSession, *, account_id: UUID, only: UUID | None = None, but: UUID | None = None
) -> None:
    connection = await db.driver(session)
    await connection.execute(_FORGET, {"account_id": account_id, "only": only, "but": but})


async def know_browser(session: AsyncSession, account_id: UUID) -> str:
    """Know the browser that asks from now on, as after a new password by a link; its token."""
    token = new_token()
    connection = await db.driver(session)
    await connection.execute(
        "INSERT INTO identity.known_browsers (token_hash, account_id, ends_at) VALUES (%s, %s, %s)",
        (hash_token(token), account_id, clock.now() + KNOWN_LASTS),
    )
    return token


async def _end(
    session: AsyncSession, *, account_id: UUID, only: UUID | None = None, but: UUID | None = None
) -> int:
    connection = await db.driver(session)
    cursor = await connection.execute(_END, {"account_id": account_id, "only": only, "but": but})
    ended = await cursor.fetchall()
    await events.record_all(
        session,
        [
            (SessionEnded(session_id=session_id, member_id=member_id), [f"me:{member_id}"])
            for session_id, member_id in ended
        ],
    )
    return len(ended)


async def pass_second_factor(session: AsyncSession, session_id: UUID) -> None:
    """Note that the person on this sign-in has shown their second factor."""
    connection = await db.driver(session)
    await connection.execute(
        "UPDATE identity.sessions SET second_factor_passed_at = %s WHERE id = %s",
        (clock.now(), session_id),
    )
