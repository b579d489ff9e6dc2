"""Signing in: password, then code where the account has one, then a fresh sign-in."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core import db, limits
from app.core.db import Database, unit_of_work
from app.core.seal import Seal
from app.core.settings import SessionSettings
from app.identity import accounts, passwords, second_factors, sessions
from app.identity.accounts import OwnView
from app.identity.addresses import Address
from app.identity.errors import NotVerifiedError, SecondFactorNeededError, WrongSignInError
from app.identity.roles import is_staff
from app.identity.sessions import Opened

MINUTES: Final = 60
#: Wrong tries, from anywhere, on one address; a right one starts afresh.
TRIES_PER_ADDRESS: Final = 10
#: Wrong tries from one network, on any address: many people share one behind a clinic's door.
TRIES_PER_NETWORK: Final = 60
WINDOW_SECONDS: Final = 15 * MINUTES

_TOO_MANY: Final = (
    "That was a lot of tries. Please wait a little, or let us send you a link to choose a new "
    "password."
)

# Each round trip counts here: the try is spent and the account found in one. There is a row for
# each key, with the account beside it or nothing.
_TRY = f"""
    WITH spent AS ({limits.SPEND_SQL})
    SELECT spent.key, spent.spent, spent.started_at, found.*
    FROM spent LEFT JOIN (
      SELECT a.id AS account_id, a.member_id, a.password_hash, a.is_demo,
        a.verified_at IS NOT NULL AS is_verified, {accounts.OWN_SQL}
      FROM identity.accounts a LEFT JOIN identity.second_factors f ON f.account_id = a.id
      WHERE a.email_hash = ANY (%(email_hashes)s)
    ) found ON true
"""  # noqa: S608 - put together from constants


_STILL = """
    SELECT 1 FROM identity.accounts WHERE id = %s AND password_hash = %s AND closed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What someone typed, and where from."""

    address: Address
    password: str
    code: str | None
    #: Under a keyed hash, as limits store it.
    network: str
    description: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in and whose it is."""

    opened: Opened
    account_id: UUID
    member_id: UUID
    own: OwnView
    is_second_factor_passed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An account whose password was right, and what else its sign-in asks for."""

    account_id: UUID
    member_id: UUID
    password_hash: str
    is_demo: bool
    is_verified: bool
    own: OwnView


async def show_password(pool: db.Pool, seal: Seal, attempt: Attempt) -> Shown:
    """The first step: spends a try, always hashes. Raises TooManyError, WrongSignInError."""
    email_hash = attempt.address.hash(seal)
    spending = limits.Spending(
        {
            _network_key(attempt.network): TRIES_PER_NETWORK,
            _address_key(email_hash): TRIES_PER_ADDRESS,
        },
        WINDOW_SECONDS,
        _TOO_MANY,
    )
    rows = await db.fetch(
        pool, _TRY, {**spending.parameters, "email_hashes": attempt.address.hashes(seal)}
    )
    spending.judge(rows)
    row = rows[0]
    stored = row["password_hash"]
    if not await passwords.verify(attempt.password, stored) or stored is None:
        raise WrongSignInError
    return Shown(
        account_id=row["account_id"],
        member_id=row["member_id"],
        password_hash=stored,
        is_demo=row["is_demo"],
        is_verified=row["is_verified"],
        own=OwnView.of(seal, row),
    )


async def sign_in(
    database: Database,
    seal: Seal,
    settings: SessionSettings,
    *,
    shown: Shown,
    attempt: Attempt,
    is_demo_server: bool,
) -> SignedIn:
    """The rest: a code where one is asked for, which is then used up, and the sign-in. Raises
    NotVerifiedError, SecondFactorNeededError, WrongCodeError, and WrongSignInError when the
    password has just been changed."""
    is_enrolled = await _show_code(
        database, seal, shown=shown, attempt=attempt, is_demo_server=is_demo_server
    )
    opened = await sessions.open(
        database.pool,
        settings,
        account_id=shown.account_id,
        description=attempt.description,
        is_staff=is_staff(shown.own.roles),
        is_second_factor_passed=is_enrolled,
        password_hash=shown.password_hash,
        settlement=_settlement(seal, attempt),
    )
    return SignedIn(opened, shown.account_id, shown.member_id, shown.own, is_enrolled)


async def show_once(
    database: Database, seal: Seal, *, shown: Shown, attempt: Attempt, is_demo_server: bool
) -> bool:
    """The rest for one act that leaves no sign-in behind, as a command is: whether a second factor
    was shown. Raises what `sign_in` raises."""
    is_enrolled = await _show_code(
        database, seal, shown=shown, attempt=attempt, is_demo_server=is_demo_server
    )
    if not await db.fetch(database.pool, _STILL, (shown.account_id, shown.password_hash)):
        raise WrongSignInError
    await limits.settle(database.pool, _settlement(seal, attempt))
    return is_enrolled


async def _show_code(
    database: Database, seal: Seal, *, shown: Shown, attempt: Attempt, is_demo_server: bool
) -> bool:
    """Use up the code of an account that has a second factor; whether it has one."""
    if shown.is_demo and not is_demo_server:
        # Its password is printed in the documentation.
        raise WrongSignInError
    if not shown.is_verified:
        raise NotVerifiedError
    if not shown.own.is_second_factor_enrolled:
        return False
    if not attempt.code:
        raise SecondFactorNeededError
    async with unit_of_work(database) as session:
        await second_factors.check(
            session,
            seal,
            account_id=shown.account_id,
            code=attempt.code,
            may_repeat=shown.is_demo,
        )
    return True


def _settlement(seal: Seal, attempt: Attempt) -> limits.Settlement:
    """A right password gives the address a fresh start and the network its one try back."""
    return limits.Settlement(
        forgiven=_address_key(attempt.address.hash(seal)),
        given_back=_network_key(attempt.network),
    )


def _address_key(email_hash: bytes) -> str:
    return f"sign-in:address:{email_hash.hex()}"


def _network_key(network: str) -> str:
    return f"sign-in:network:{network}"
