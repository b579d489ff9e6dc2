"""A new password: by a link in a letter, or by whoever is signed in and knows the old one."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, limits
from app.core.encryption import Encryption
from app.identity import addresses, letters, links, password_tries, passwords, sessions
from app.identity.addresses import Address
from app.identity.errors import LinkExpiredError, WrongPasswordError
from app.identity.letters import Letterbox
from app.identity.links import LinkPurpose

#: Wrong passwords on one signed-in account before we ask for a pause.
TRIES: Final = 10
TRIES_SECONDS: Final = 15 * 60


async def send_link(session: AsyncSession, letterbox: Letterbox, address: Address) -> None:
    """Write to the address. For an unknown one the same is written and undone: nothing leaves,
    and whoever asked can't tell."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT id FROM identity.accounts WHERE email_hash = ANY (%s)",
        (address.hashes(letterbox.encryption),),
    )
    row = await cursor.fetchone()
    async with session.begin_nested() as attempt:
        token = await links.make(session, row[0] if row else None, LinkPurpose.PASSWORD)
        letter = letters.new_password(letterbox, token)
        await letterbox.send(session, to=address.text, letter=letter)
        if row is None:
            await attempt.rollback()


async def address_of_link(session: AsyncSession, encryption: Encryption, *, token: str) -> str:
    """Whose password a link is for; raises LinkExpiredError. The link stays good."""
    link = await links.look(session, token, LinkPurpose.PASSWORD)
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT email_sealed FROM identity.accounts WHERE id = %s AND closed_at IS NULL",
        (link.account_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise LinkExpiredError
    return addresses.open_(encryption, row[0])


async def reset(session: AsyncSession, letterbox: Letterbox, *, token: str, password: str) -> str:
    """Choose a new password by a link; raises LinkExpiredError, PasswordRuleError.

    The letter reached them, so the address is confirmed too. Every sign-in ends. However many
    wrong passwords strangers tried, the owner gets in: the account knows this browser from now on
    by the token that is returned, and in any other a few right answers count.
    """
    passwords.check(password, email="")
    password_hash = await passwords.hash_(password)
    link = await links.take(session, token, LinkPurpose.PASSWORD)
    connection = await db.driver(session)
    cursor = await connection.execute(
        """
        UPDATE identity.accounts
        SET password_hash = %s, verified_at = coalesce(verified_at, %s)
        WHERE id = %s AND closed_at IS NULL RETURNING email_sealed
        """,
        (password_hash, clock.now(), link.account_id),
    )
    row = await cursor.fetchone()
    if row is None:
        raise LinkExpiredError
    address = addresses.open_(letterbox.encryption, row[0])
    passwords.check(password, email=address)
    await links.forget(session, link.account_id)
    await sessions.end_all(session, account_id=link.account_id)
    await letterbox.send(session, to=address, letter=letters.password_changed(letterbox))
    await password_tries.free(session, letterbox.encryption, Address(address))
    return await sessions.know_browser(session, link.account_id)


@dataclass(frozen=True, slots=True)
class ConfirmedAccount:
    """Someone signed in who has shown their password."""

    account_id: UUID
    password_hash: str
    email_sealed: bytes


async def confirm(pool: db.Pool, account_id: UUID, password: str) -> ConfirmedAccount:
    """Ask someone signed in to show that it is still them; raises WrongPasswordError.

    Reads on its own connection, so that none is held while we hash.
    """
    key = f"password:{account_id}"
    await limits.spend(pool, key, limit=TRIES, per_seconds=TRIES_SECONDS)
    rows = await db.fetch(
        pool,
        "SELECT password_hash, email_sealed FROM identity.accounts WHERE id = %s",
        (account_id,),
    )
    stored = rows[0]["password_hash"] if rows else None
    if not await passwords.verify(password, stored) or stored is None:
        raise WrongPasswordError
    await limits.forgive(pool, key)
    return ConfirmedAccount(account_id, stored, rows[0]["email_sealed"])


async def change(
    session: AsyncSession,
    letterbox: Letterbox,
    *,
    known: ConfirmedAccount,
    session_id: UUID,
    new_password: str,
) -> None:
    """Change it knowing the old one; every other sign-in ends. Raises PasswordRuleError, and
    WrongPasswordError when another change came first."""
    address = addresses.open_(letterbox.encryption, known.email_sealed)
    passwords.check(new_password, email=address, pointer="/new_password")
    password_hash = await passwords.hash_(new_password)
    connection = await db.driver(session)
    cursor = await connection.execute(
        "UPDATE identity.accounts SET password_hash = %s WHERE id = %s AND password_hash = %s",
        (password_hash, known.account_id, known.password_hash),
    )
    if cursor.rowcount != 1:
        raise WrongPasswordError
    await links.forget(session, known.account_id)
    await sessions.end_all(session, account_id=known.account_id, but=session_id)
    await letterbox.send(session, to=address, letter=letters.password_changed(letterbox))
