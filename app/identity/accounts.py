"""Accounts: joining, confirming the address, closing. Known and unknown addresses cost the same."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, LiteralString, Self
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events
from app.core.errors import NotSignedInError
from app.core.ids import new_id
from app.core.seal import Seal
from app.identity import addresses, letters, links, passwords, policies, sessions, staff
from app.identity.addresses import Address
from app.identity.events import AccountClosed
from app.identity.letters import Letterbox
from app.identity.links import Purpose
from app.identity.models import Account
from app.identity.roles import Role

#: Makes the member of a new account; raises when the display name can't be had.
Enrol = Callable[[UUID], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Applicant:
    """Someone who meets the rules for joining, their password already hashed."""

    address: Address
    password_hash: str


async def prepare(
    *, email: str, password: str, display_name: str, is_adult: bool, agrees_to_rules: bool
) -> Applicant:
    """Check the rules and hash the password, before any row is touched; raises InvalidError."""
    policies.check_promises(is_adult=is_adult, agrees_to_rules=agrees_to_rules)
    address = addresses.parse(email)
    policies.check_display_name(display_name, address)
    passwords.check(password, email=address.text, display_name=display_name)
    return Applicant(address, await passwords.hash_(password))


async def register(
    session: AsyncSession, letterbox: Letterbox, applicant: Applicant, *, enrol: Enrol
) -> None:
    """Make an unconfirmed account with its member, and write to the address.

    For a known address the same statements run and are undone, and its owner is told: whoever
    asks learns nothing, by answer or by effort. `enrol` comes from the community, which is above.
    """
    email_hash = applicant.address.hash(letterbox.seal)
    await addresses.lock(session, email_hash)
    known = await _find(session, applicant.address.hashes(letterbox.seal))
    async with session.begin_nested() as attempt:
        account = await create(session, letterbox, applicant, is_decoy=known is not None)
        await enrol(account.member_id)
        if known is not None:
            await attempt.rollback()
    if known is None:
        token = await links.make(session, account.id, Purpose.VERIFICATION)
        letter = letters.verification(letterbox, token)
    else:
        token = await links.make(session, known.id, Purpose.PASSWORD)
        write = letters.already_joined if known.is_verified else letters.finish_joining
        letter = write(letterbox, token)
    await letterbox.send(session, to=applicant.address.text, letter=letter)


async def create(
    session: AsyncSession,
    letterbox: Letterbox,
    applicant: Applicant,
    *,
    is_verified: bool = False,
    is_demo: bool = False,
    is_decoy: bool = False,
) -> Account:
    """Write the account's row. A decoy stands in for a known address until it is undone."""
    now = clock.now()
    email_hash = applicant.address.hash(letterbox.seal)
    account = Account(
        id=new_id(),
        member_id=new_id(),
        email_hash=secrets.token_bytes(32) if is_decoy else email_hash,
        email_sealed=applicant.address.seal(letterbox.seal),
        password_hash=applicant.password_hash,
        is_demo=is_demo,
        adult_affirmed_at=now,
        rules_agreed_at=now,
        created_at=now,
        verified_at=now if is_verified else None,
    )
    session.add(account)
    await session.flush()
    return account


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    is_verified: bool


async def _find(session: AsyncSession, email_hashes: list[bytes]) -> _Known | None:
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT id, verified_at IS NOT NULL FROM identity.accounts WHERE email_hash = ANY (%s)",
        (email_hashes,),
    )
    row = await cursor.fetchone()
    return None if row is None else _Known(*row)


async def verify(session: AsyncSession, *, token: str) -> None:
    """Confirm the address; again is fine while the link lasts. Raises LinkExpiredError."""
    link = await links.look(session, token, Purpose.VERIFICATION)
    connection = await db.driver(session)
    await connection.execute(
        "UPDATE identity.accounts SET verified_at = coalesce(verified_at, %s) WHERE id = %s",
        (clock.now(), link.account_id),
    )


async def send_verification_again(
    session: AsyncSession, letterbox: Letterbox, address: Address
) -> None:
    """Write once more to an address that is waiting; to an unknown one nothing leaves."""
    known = await _find(session, address.hashes(letterbox.seal))
    async with session.begin_nested() as attempt:
        is_waiting = known is not None and not known.is_verified
        token = await links.make(
            session, known.id if known and is_waiting else None, Purpose.VERIFICATION
        )
        write = letters.verification if is_waiting else letters.already_verified
        await letterbox.send(session, to=address.text, letter=write(letterbox, token))
        if known is None:
            await attempt.rollback()


_FORGET: Final[tuple[LiteralString, ...]] = (
    "DELETE FROM identity.mailed_links WHERE account_id = %s",
    "DELETE FROM identity.recovery_codes WHERE account_id = %s",
    "DELETE FROM identity.second_factors WHERE account_id = %s",
)


_CLOSE: Final = """
    UPDATE identity.accounts SET closed_at = %s, email_hash = NULL, email_sealed = NULL,
      password_hash = NULL, staff_family = NULL
    WHERE id = %s
"""


async def close(
    session: AsyncSession,
    letterbox: Letterbox,
    *,
    account_id: UUID,
    erase_study_data: bool,
    is_told: bool = True,
) -> None:
    """Destroy address and credentials for good; the packages above react to AccountClosed.

    The account is locked before its sign-ins end: one that opens at this moment ends with them, or
    finds it closed. Links go first, as whoever opens one takes it before the account.
    """
    await links.forget(session, account_id)
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT member_id, email_sealed FROM identity.accounts"
        " WHERE id = %s AND closed_at IS NULL FOR UPDATE",
        (account_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        return
    member_id, email_sealed = row
    await sessions.end_all(session, account_id=account_id)
    await staff.leave(session, account_id=account_id)
    for forget in _FORGET:
        await connection.execute(forget, (account_id,))
    await connection.execute(_CLOSE, (clock.now(), account_id))
    event = AccountClosed(
        account_id=account_id, member_id=member_id, erase_study_data=erase_study_data
    )
    await events.record(session, event, topics=[f"me:{member_id}"])
    if is_told:
        address = addresses.open_(letterbox.seal, email_sealed)
        await letterbox.send(session, to=address, letter=letters.closed(letterbox))


#: What `OwnView.of` reads of `identity.accounts a` and `identity.second_factors f`.
OWN_SQL: Final = """
    a.email_sealed, f.enrolled_at IS NOT NULL AS is_enrolled,
    ARRAY(SELECT r.role FROM identity.account_roles r WHERE r.account_id = a.id ORDER BY r.role)
      AS roles,
    EXISTS (SELECT FROM identity.study_links l WHERE l.member_id = a.member_id) AS takes_part
"""

_SHOW = f"""
    SELECT {OWN_SQL}
    FROM identity.accounts a LEFT JOIN identity.second_factors f ON f.account_id = a.id
    WHERE a.id = %s AND a.closed_at IS NULL
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class OwnView:
    """An account as its owner sees it."""

    email: str
    roles: frozenset[Role]
    is_second_factor_enrolled: bool
    #: Whether some study knows the member, under a pseudonym.
    takes_part: bool

    @classmethod
    def of(cls, seal: Seal, row: DictRow) -> Self:
        """From the columns of `OWN_SQL`."""
        return cls(
            email=addresses.open_(seal, row["email_sealed"]),
            roles=frozenset({Role.MEMBER, *map(Role, row["roles"])}),
            is_second_factor_enrolled=row["is_enrolled"],
            takes_part=row["takes_part"],
        )


async def show(pool: db.Pool, seal: Seal, account_id: UUID) -> OwnView:
    """The account for its owner's eyes; raises NotSignedInError when it was just closed."""
    rows = await db.fetch(pool, _SHOW, (account_id,))
    if not rows:
        raise NotSignedInError
    return OwnView.of(seal, rows[0])


async def hold_open(session: AsyncSession, account_id: UUID) -> None:
    """Keep the account from being closed until the unit of work ends; raises NotSignedInError
    when it was closed already. For acts whose trace a closing account must find."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT 1 FROM identity.accounts WHERE id = %s AND closed_at IS NULL FOR SHARE",
        (account_id,),
    )
    if await cursor.fetchone() is None:
        raise NotSignedInError
