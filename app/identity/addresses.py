"""E-mail addresses: one spelling each, sealed at rest, found again by a keyed hash."""

import re
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.encryption import Encryption
from app.identity import letters, links
from app.identity.errors import AddressError, LinkExpiredError
from app.identity.letters import Letterbox
from app.identity.links import LinkPurpose

PURPOSE = "email"


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the spelling we keep."""

    text: str

    @property
    def local_part(self) -> str:
        """What stands before the @."""
        return self.text.rpartition("@")[0]

    def hash(self, encryption: Encryption) -> bytes:
        """What the address is found by."""
        return encryption.lookup(self.text)

    def hashes(self, encryption: Encryption) -> list[bytes]:
        """The same under every key, to look for it."""
        return encryption.lookups(self.text)

    def encrypt(self, encryption: Encryption) -> bytes:
        """What is stored of it."""
        return encryption.close(self.text, purpose=PURPOSE)


def parse(text: str, *, pointer: str = "/email") -> Address:
    """The address in our spelling; raises AddressError.

    Lower case throughout: no provider people use tells Rowan@ from rowan@. Names under `.test`
    pass: nobody can own one, so demo and test accounts live there.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except (EmailNotValidError, UnicodeError) as error:
        raise AddressError(pointer=pointer) from error
    return Address(found.normalized.lower())


#: Of such a text, `parse` changes nothing but the case, or refuses it; then `read` does the same.
#: Names in other scripts, also those spelled xn--, and quoted ones go the long way.
_PLAIN: Final = re.compile(r"(?!.*xn--)[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,255}", re.ASCII)


def read(text: str) -> Address:
    """Any text as an address to look for: what can't be one is simply not found."""
    plain = text.strip().lower()
    if text.isascii() and _PLAIN.fullmatch(plain):
        return Address(plain)
    try:
        return parse(text)
    except AddressError:
        return Address(plain.encode("utf-8", "replace").decode()[:320])


def nowhere() -> Address:
    """An address of nobody, in a domain that can't exist (RFC 6761), as long as many are."""
    return Address(f"{secrets.token_hex(8)}@decoy.invalid")


def open_(encryption: Encryption, box: bytes) -> str:
    """A sealed address, readable again."""
    return encryption.open(box, purpose=PURPOSE)


async def lock(session: AsyncSession, email_hash: bytes) -> None:
    """Let acts on one address follow each other until the unit of work ends."""
    connection = await db.driver(session)
    key = int.from_bytes(email_hash[:8], "big", signed=True)
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (key,))


async def is_taken(session: AsyncSession, encryption: Encryption, address: Address) -> bool:
    """Whether an account has this address."""
    return await find_account(session, encryption, address) is not None


async def find_account(
    session: AsyncSession, encryption: Encryption, address: Address
) -> UUID | None:
    """The account that has this address."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT id FROM identity.accounts WHERE email_hash = ANY (%s)",
        (address.hashes(encryption),),
    )
    row = await cursor.fetchone()
    return None if row is None else row[0]


async def ask_to_change(
    session: AsyncSession, letterbox: Letterbox, *, account_id: UUID, to: Address
) -> None:
    """Write to the new address; it counts once its link is opened.

    When someone else has the address, its owner gets a letter without a link: whoever asked
    learns nothing, and the same statements run.
    """
    email_hash = to.hash(letterbox.encryption)
    is_free = not await is_taken(session, letterbox.encryption, to)
    token = await links.make(
        session,
        account_id if is_free else None,
        LinkPurpose.EMAIL,
        email_hash=email_hash,
        email_sealed=to.encrypt(letterbox.encryption),
    )
    letter = letters.change_of_address if is_free else letters.address_in_use
    await letterbox.send(session, to=to.text, letter=letter(letterbox, token))


async def confirm_change(session: AsyncSession, letterbox: Letterbox, *, token: str) -> None:
    """Take the new address, and tell the old one; raises LinkExpiredError."""
    link = await links.take(session, token, LinkPurpose.EMAIL)
    if link.email_hash is None or link.email_sealed is None:
        raise LinkExpiredError
    address = Address(open_(letterbox.encryption, link.email_sealed))
    email_hash = address.hash(letterbox.encryption)
    await lock(session, email_hash)
    if await is_taken(session, letterbox.encryption, address):
        raise LinkExpiredError
    connection = await db.driver(session)
    cursor = await connection.execute(
        """
        UPDATE identity.accounts a SET email_hash = %(hash)s, email_sealed = %(sealed)s,
          verified_at = coalesce(a.verified_at, %(now)s)
        FROM (SELECT id, email_sealed FROM identity.accounts WHERE id = %(id)s FOR UPDATE) former
        WHERE a.id = former.id
        RETURNING former.email_sealed
        """,
        {
            "id": link.account_id,
            "hash": email_hash,
            "sealed": link.email_sealed,
            "now": clock.now(),
        },
    )
    row = await cursor.fetchone()
    if row is None:
        raise LinkExpiredError
    await links.forget(session, link.account_id)
    former = open_(letterbox.encryption, row[0])
    await letterbox.send(session, to=former, letter=letters.address_changed(letterbox))
