"""Signing in: password, then code where the account has one, then a fresh sign-in."""

from dataclasses import dataclass
from uuid import UUID

from app.core import db, limits
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import SessionSettings
from app.identity import accounts, password_tries, passwords, second_factors, sessions
from app.identity.accounts import OwnView
from app.identity.addresses import Address
from app.identity.errors import NotVerifiedError, SecondFactorNeededError, WrongSignInError
from app.identity.password_tries import Tries
from app.identity.roles import needs_second_factor
from app.identity.sessions import NewSignIn

# Each round trip counts here: the try is spent and the account found in one. There is a row for
# each key, with the account beside it or nothing, and the password of the newest joining with this
# address that nobody has confirmed: an account that waits, or a decoy.
_TRY = f"""
    WITH {password_tries.SQL}
    SELECT spent.key, spent.spent, spent.started_at, {password_tries.COLUMNS}, found.*,
      joining.joining_hash
    FROM spent LEFT JOIN (
      SELECT a.id AS account_id, a.member_id, a.password_hash, a.is_demo, {accounts.OWN_SQL}
      FROM identity.accounts a LEFT JOIN identity.second_factors f ON f.account_id = a.id
      WHERE a.email_hash = ANY (%(email_hashes)s) AND a.verified_at IS NOT NULL
    ) found ON true
    LEFT JOIN (
      SELECT j.password_hash AS joining_hash FROM identity.accounts j
      WHERE (j.email_hash = ANY (%(email_hashes)s) OR j.decoy_of = ANY (%(email_hashes)s))
        AND j.verified_at IS NULL
      ORDER BY j.created_at DESC, j.id DESC LIMIT 1
    ) joining ON true
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
    #: The token by which an account may know the browser.
    browser: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in and whose it is."""

    opened: NewSignIn
    account_id: UUID
    member_id: UUID
    own: OwnView
    is_second_factor_passed: bool


@dataclass(frozen=True, slots=True)
class CheckedPassword:
    """An account whose password was right, and what else its sign-in asks for."""

    account_id: UUID
    member_id: UUID
    password_hash: str
    is_demo: bool
    own: OwnView
    #: Whether the account knows the browser that asks.
    is_known: bool


async def check_password(
    pool: db.Pool, encryption: Encryption, attempt: Attempt
) -> CheckedPassword:
    """The first step: spends a try, always hashes, twice unless it is right. Raises TooManyError,
    WrongSignInError, and NotVerifiedError for the password of a joining, whether the address was
    known before or not."""
    counted = _tries(encryption, attempt)
    rows = await db.fetch(
        pool, _TRY, {**counted.parameters, "email_hashes": attempt.address.hashes(encryption)}
    )
    is_shut = counted.judge(rows)
    row = rows[0]
    stored, joining = row["password_hash"], row["joining_hash"]
    is_right = await passwords.verify(attempt.password, stored)
    # A wrong password costs two hashes whatever stands there.
    has_joined = not is_right and await passwords.verify(attempt.password, joining)
    if is_shut and not (is_right and row["is_freed"]):
        raise is_shut
    if has_joined:
        raise NotVerifiedError
    if not is_right or stored is None:
        raise WrongSignInError
    return CheckedPassword(
        account_id=row["account_id"],
        member_id=row["member_id"],
        password_hash=stored,
        is_demo=row["is_demo"],
        own=OwnView.of(encryption, row),
        is_known=row["is_known"],
    )


async def sign_in(
    database: Database,
    encryption: Encryption,
    settings: SessionSettings,
    *,
    checked: CheckedPassword,
    attempt: Attempt,
    is_demo_server: bool,
) -> SignedIn:
    """The rest: a code where one is asked for, which is then used up, and the sign-in, after which
    the account knows the browser. Raises SecondFactorNeededError, WrongCodeError, and
    WrongSignInError when the password has just been changed."""
    is_enrolled = await _show_code(
        database, encryption, checked=checked, attempt=attempt, is_demo_server=is_demo_server
    )
    opened = await sessions.open(
        database.pool,
        settings,
        account_id=checked.account_id,
        description=attempt.description,
        is_staff=needs_second_factor(checked.own.roles),
        is_second_factor_passed=is_enrolled,
        password_hash=checked.password_hash,
        settlement=_settlement(encryption, checked, attempt),
        browser=attempt.browser if checked.is_known else None,
    )
    return SignedIn(opened, checked.account_id, checked.member_id, checked.own, is_enrolled)


async def show_once(
    database: Database,
    encryption: Encryption,
    *,
    checked: CheckedPassword,
    attempt: Attempt,
    is_demo_server: bool,
) -> bool:
    """The rest for one act that leaves no sign-in behind, as a command is: whether a second factor
    was checked. Raises what `sign_in` raises."""
    is_enrolled = await _show_code(
        database, encryption, checked=checked, attempt=attempt, is_demo_server=is_demo_server
    )
    if not await db.fetch(database.pool, _STILL, (checked.account_id, checked.password_hash)):
        raise WrongSignInError
    await limits.settle(database.pool, _settlement(encryption, checked, attempt))
    return is_enrolled


async def _show_code(
    database: Database,
    encryption: Encryption,
    *,
    checked: CheckedPassword,
    attempt: Attempt,
    is_demo_server: bool,
) -> bool:
    """Use up the code of an account that has a second factor; whether it has one."""
    if checked.is_demo and not is_demo_server:
        # Its password is printed in the documentation.
        raise WrongSignInError
    if not checked.own.is_second_factor_enrolled:
        return False
    if not attempt.code:
        # Nothing was guessed: the password was right, and the code is asked for in a second try.
        await limits.settle(database.pool, _settlement(encryption, checked, attempt))
        raise SecondFactorNeededError
    async with unit_of_work(database) as session:
        await second_factors.check(
            session,
            encryption,
            account_id=checked.account_id,
            code=attempt.code,
            may_repeat=checked.is_demo,
        )
    return True


def _tries(encryption: Encryption, attempt: Attempt) -> Tries:
    return Tries.of(encryption, attempt.address, network=attempt.network, browser=attempt.browser)


def _settlement(
    encryption: Encryption, checked: CheckedPassword, attempt: Attempt
) -> limits.Settlement:
    return _tries(encryption, attempt).settlement(is_known=checked.is_known)
