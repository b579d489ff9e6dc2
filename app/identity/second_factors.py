"""The second step of signing in: six digits of an authenticator app (RFC 6238), or one of ten
recovery codes, each good once."""

import hmac
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.encryption import Encryption
from app.identity import addresses, letters
from app.identity.actors import Actor
from app.identity.errors import SecondFactorRequiredError, WrongCodeError, WrongRecoveryCodeError
from app.identity.letters import Letterbox

PURPOSE: Final = "second-factor"
ISSUER: Final = "Alongside"
STEP_SECONDS: Final = 30
#: Codes of the step before and after are taken too: clocks differ, and people type slowly.
WINDOW: Final = 1

RECOVERY_CODES: Final = 10
#: 16 letters of this alphabet are 79 bits; it holds none that look alike.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH: Final = 16


class _App(pyotp.TOTP):
    """An authenticator app. Secrets we make have 160 bits; the demo's, known to all, has 80."""

    min_secret_length_bits = 80


def code_at(secret: str, moment: datetime) -> str:
    """What the app shows at that moment."""
    return _App(secret, interval=STEP_SECONDS).at(moment)


async def begin(session: AsyncSession, encryption: Encryption, *, actor: Actor) -> str:
    """A new secret that waits for its first code; a secret in use stays until then, and asks to
    have been shown on this sign-in. Raises SecondFactorRequiredError."""
    secret = pyotp.random_base32()
    connection = await db.driver(session)
    await _refuse_unshown(connection, actor)
    await connection.execute(
        """
        INSERT INTO identity.second_factors (account_id, pending_sealed, last_step)
        VALUES (%s, %s, 0)
        ON CONFLICT (account_id) DO UPDATE SET pending_sealed = excluded.pending_sealed
        """,
        (actor.account_id, encryption.close(secret, purpose=PURPOSE)),
    )
    return secret


async def _refuse_unshown(connection: db.AnyConnection, actor: Actor) -> None:
    """A stolen password must not be enough to put another app in the place of the owner's."""
    if actor.is_second_factor_passed:
        return
    cursor = await connection.execute(
        "SELECT 1 FROM identity.second_factors WHERE account_id = %s AND enrolled_at IS NOT NULL",
        (actor.account_id,),
    )
    if await cursor.fetchone() is not None:
        raise SecondFactorRequiredError


def uri(secret: str, *, name: str) -> str:
    """What an authenticator app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


async def enrol(
    session: AsyncSession, letterbox: Letterbox, *, actor: Actor, code: str
) -> list[str]:
    """Take the waiting secret into use, shown by its first code; returns the recovery codes, which
    replace any from before. Raises WrongCodeError, SecondFactorRequiredError."""
    connection = await db.driver(session)
    await _refuse_unshown(connection, actor)
    cursor = await connection.execute(
        """
        SELECT f.pending_sealed, a.email_sealed FROM identity.second_factors f
        JOIN identity.accounts a ON a.id = f.account_id
        WHERE f.account_id = %s AND f.pending_sealed IS NOT NULL FOR UPDATE OF f
        """,
        (actor.account_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise WrongCodeError("Please start again, so that we can show you a new secret.")
    step = _step_of(letterbox.encryption.open(row[0], purpose=PURPOSE), code)
    if step is None:
        raise WrongCodeError
    await _take_into_use(connection, actor.account_id, row[0], step)
    address = addresses.open_(letterbox.encryption, row[1])
    await letterbox.send(session, to=address, letter=letters.second_factor_set(letterbox))
    return await _renew_recovery_codes(connection, letterbox.encryption, actor.account_id)


async def put(
    session: AsyncSession, encryption: Encryption, *, account_id: UUID, secret: str
) -> None:
    """Give an account this very secret, for demo sign-ins."""
    connection = await db.driver(session)
    await _take_into_use(connection, account_id, encryption.close(secret, purpose=PURPOSE), step=0)


async def _take_into_use(
    connection: db.AnyConnection, account_id: UUID, sealed: bytes, step: int
) -> None:
    await connection.execute(
        """
        INSERT INTO identity.second_factors (account_id, secret_sealed, enrolled_at, last_step)
        VALUES (%s, %s, %s, %s)
        ON CONFLICT (account_id) DO UPDATE SET secret_sealed = excluded.secret_sealed,
          pending_sealed = NULL, enrolled_at = excluded.enrolled_at, last_step = excluded.last_step
        """,
        (account_id, sealed, clock.now(), step),
    )


async def check(
    session: AsyncSession,
    encryption: Encryption,
    *,
    account_id: UUID,
    code: str,
    may_repeat: bool = False,
) -> None:
    """Take a code of the app, or a recovery code; raises WrongCodeError,
    WrongRecoveryCodeError.

    A code seen over someone's shoulder is worth nothing: no step is taken twice, nor one before it
    (`may_repeat` is for demo sign-ins, whose secret is printed on the terminal anyway).
    """
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT secret_sealed, last_step FROM identity.second_factors"
        " WHERE account_id = %s AND enrolled_at IS NOT NULL FOR UPDATE",
        (account_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise WrongCodeError
    sealed, last_step = row
    step = _step_of(encryption.open(sealed, purpose=PURPOSE), code)
    if step is None:
        await _use_recovery_code(connection, encryption, account_id, code)
    elif step > last_step or may_repeat:
        await connection.execute(
            "UPDATE identity.second_factors SET last_step = %s WHERE account_id = %s",
            (step, account_id),
        )
    else:
        raise WrongCodeError


def _step_of(secret: str, code: str) -> int | None:
    """The 30-second step whose code this is, among the three that count."""
    given = "".join(code.split())
    if len(given) != 6 or not given.isascii() or not given.isdigit():
        return None
    now = int(clock.now().timestamp()) // STEP_SECONDS
    app = _App(secret, interval=STEP_SECONDS)
    for step in range(now - WINDOW, now + WINDOW + 1):
        if hmac.compare_digest(app.generate_otp(step), given):
            return step
    return None


async def _renew_recovery_codes(
    connection: db.AnyConnection, encryption: Encryption, account_id: UUID
) -> list[str]:
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    await connection.execute(
        "DELETE FROM identity.recovery_codes WHERE account_id = %s", (account_id,)
    )
    await connection.execute(
        "INSERT INTO identity.recovery_codes (account_id, key_id, code_hash)"
        " SELECT %s, %s, unnest(%s::bytea[])",
        (
            account_id,
            encryption.key_id,
            [encryption.lookup(_as_looked_up(account_id, code)) for code in codes],
        ),
    )
    return codes


async def _use_recovery_code(
    connection: db.AnyConnection, encryption: Encryption, account_id: UUID, code: str
) -> None:
    cursor = await connection.execute(
        "DELETE FROM identity.recovery_codes WHERE account_id = %s AND code_hash = ANY (%s)",
        (account_id, encryption.lookups(_as_looked_up(account_id, code))),
    )
    if cursor.rowcount != 1:
        raise WrongRecoveryCodeError if _is_recovery_code(code) else WrongCodeError


def _is_recovery_code(code: str) -> bool:
    """Whether someone meant to type one: longer than six digits, or with letters in it."""
    plain = "".join(filter(str.isalnum, code))
    return len(plain) > 8 or any(map(str.isalpha, plain))


def _new_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def _as_looked_up(account_id: UUID, code: str) -> str:
    """Keyed, so that whoever reads the table can't try codes against it."""
    plain = "".join(filter(str.isalnum, code.lower())).encode("utf-8", "replace").decode()
    return f"recovery:{account_id}:{plain}"
