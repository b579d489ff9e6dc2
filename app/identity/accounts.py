"""Accounts: joining, confirming the address, closing. Known and unknown addresses cost the same."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final, LiteralString, Self
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events
from app.core.encryption import Encryption
from app.core.errors import NotSignedInError
from app.core.ids import new_id
from app.identity import addresses, letters, links, passwords, policies, sessions, staff
from app.identity.addresses import Address
from app.identity.events import AccountClosed
from app.identity.letters import Letterbox
from app.identity.links import LinkPurpose
from app.identity.models import Account
from app.identity.roles import Role

#: Makes the member of a new account; raises when the display name can't be had. The members of
#: earlier joinings with the same address come along: a name that one of them holds is theirs.
Enrol = Callable[[UUID, list[UUID]], Awaitable[object]]


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

    For a known address it is a decoy, which no letter leads to, and its owner is told. It holds the
    name and answers to the password as an unconfirmed account does, and for as long: whoever asks
    learns nothing, then or later. `enrol` comes from the community, which is above.
    """
    await addresses.lock(session, applicant.address.hash(letterbox.encryption))
    standing = await _standing(session, applicant.address.hashes(letterbox.encryption))
    known = next((one for one in standing if not one.is_decoy), None)
    account = await create(session, letterbox, applicant, is_decoy=known is not None)
    await enrol(account.member_id, [one.member_id for one in standing if not one.is_verified])
    if known is None:
        token = await links.make(session, account.id, LinkPurpose.VERIFICATION)
        letter = letters.verification(letterbox, token)
    else:
        token = await links.make(session, known.id, LinkPurpose.PASSWORD)
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
    """Write the account's row. A decoy stands beside the account of a known address, under an
    address of its own that leads nowhere."""
    now = clock.now()
    encryption = letterbox.encryption
    address = addresses.nowhere() if is_decoy else applicant.address
    account = Account(
        id=new_id(),
        member_id=new_id(),
        email_hash=address.hash(encryption),
        email_sealed=address.encrypt(encryption),
        decoy_of=applicant.address.hash(encryption) if is_decoy else None,
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
    member_id: UUID
    is_verified: bool
    is_decoy: bool


async def _standing(session: AsyncSession, email_hashes: list[bytes]) -> list[_Known]:
    """The account of an address, and the decoys beside it."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT id, member_id, verified_at IS NOT NULL, decoy_of IS NOT NULL"
        " FROM identity.accounts WHERE email_hash = ANY (%(hashes)s) OR decoy_of = ANY (%(hashes)s)"
        " ORDER BY created_at, id",
        {"hashes": email_hashes},
    )
    return [_Known(*row) for row in await cursor.fetchall()]


async def own_decoys(session: AsyncSession, member_id: UUID) -> list[UUID]:
    """Members that only hold names which someone asked for with this member's own address."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT d.member_id FROM identity.accounts a"
        " JOIN identity.accounts d ON d.decoy_of = a.email_hash WHERE a.member_id = %s",
        (member_id,),
    )
    return [row[0] for row in await cursor.fetchall()]


async def verify(session: AsyncSession, *, token: str) -> None:
    """Confirm the address; again is fine while the link lasts. Raises LinkExpiredError."""
    link = await links.look(session, token, LinkPurpose.VERIFICATION)
    connection = await db.driver(session)
    await connection.execute(
        "UPDATE identity.accounts SET verified_at = coalesce(verified_at, %s) WHERE id = %s",
        (clock.now(), link.account_id),
    )


async def send_verification_again(
    session: AsyncSession, letterbox: Letterbox, address: Address
) -> None:
    """Write once more to an address that is waiting; to an unknown one nothing leaves."""
    standing = await _standing(session, address.hashes(letterbox.encryption))
    known = next((one for one in standing if not one.is_decoy), None)
    async with session.begin_nested() as attempt:
        is_waiting = known is not None and not known.is_verified
        token = await links.make(
            session, known.id if known and is_waiting else None, LinkPurpose.VERIFICATION
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
      password_hash = NULL, staff_family = NULL, decoy_of = NULL
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
        address = addresses.open_(letterbox.encryption, email_sealed)
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
    def of(cls, encryption: Encryption, row: DictRow) -> Self:
        """From the columns of `OWN_SQL`."""
        return cls(
            email=addresses.open_(encryption, row["email_sealed"]),
            roles=frozenset({Role.MEMBER, *map(Role, row["roles"])}),
            is_second_factor_enrolled=row["is_enrolled"],
            takes_part=row["takes_part"],
        )


async def show(pool: db.Pool, encryption: Encryption, account_id: UUID) -> OwnView:
    """The account for its owner's eyes; raises NotSignedInError when it was just closed."""
    rows = await db.fetch(pool, _SHOW, (account_id,))
    if not rows:
        raise NotSignedInError
    return OwnView.of(encryption, rows[0])


_REACHABLE: Final = """
    SELECT member_id, email_sealed FROM identity.accounts
    WHERE member_id = ANY (%(members)s) AND verified_at IS NOT NULL AND closed_at IS NULL
      AND email_sealed IS NOT NULL AND decoy_of IS NULL
      AND (suspended_until IS NULL OR suspended_until <= %(now)s)
"""


async def reachable(
    session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
) -> dict[UUID, str]:
    """The confirmed addresses of those of these members whose accounts are open and not suspended:
    for letters that they agreed to and could do without."""
    asked = {"members": list(member_ids), "now": clock.now()}
    return {
        row["member_id"]: addresses.open_(encryption, row["email_sealed"])
        for row in await db.fetch_within(session, _REACHABLE, asked)
    }


async def lock_open(session: AsyncSession, account_id: UUID) -> None:
    """Keep the account from being closed until the unit of work ends; raises NotSignedInError
    when it was closed already. For acts whose trace a closing account must find."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT 1 FROM identity.accounts WHERE id = %s AND closed_at IS NULL FOR SHARE",
        (account_id,),
    )
    if await cursor.fetchone() is None:
        raise NotSignedInError
