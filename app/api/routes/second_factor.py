"""Setting up the second step of signing in."""

from app.api.client_info import AppLetterbox
from app.api.deps import AppEncryption, Confirmed, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.second_factors import (
    BeginSecondFactor,
    EnrolSecondFactor,
    RecoveryCodes,
    SecondFactorBegun,
    TurnOffSecondFactor,
)
from app.core import limits
from app.identity import addresses, lost_factors, recovery, second_factors, sessions
from app.identity.errors import (
    NoSecondFactorError,
    SecondFactorRequiredError,
    SecondFactorStaysError,
    WrongCodeError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)

router = resource("second factor", prefix="/me/second-factor")

TRIES = 10
TRIES_SECONDS = 15 * 60


@router.post("", responses=problems(WrongPasswordError, SecondFactorRequiredError))
async def begin_second_factor(
    body: BeginSecondFactor,
    actor: Confirmed,
    pool: ReadPool,
    session: WriteSession,
    encryption: AppEncryption,
) -> SecondFactorBegun:
    """Get a secret for an authenticator app; it counts once its first code is shown."""
    known = await recovery.confirm(pool, actor.account_id, body.password)
    secret = await second_factors.begin(session, encryption, actor=actor)
    email = addresses.open_(encryption, known.email_sealed)
    return SecondFactorBegun(secret=secret, uri=second_factors.uri(secret, name=email))


@router.put("", responses=problems(WrongCodeError, SecondFactorRequiredError))
async def enrol_second_factor(
    body: EnrolSecondFactor,
    actor: Confirmed,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
) -> RecoveryCodes:
    """Show the app's first code; this sign-in has passed its second step then."""
    key = f"enrol:{actor.account_id}"
    await limits.spend(pool, key, limit=TRIES, per_seconds=TRIES_SECONDS)
    codes = await second_factors.enrol(session, letterbox, actor=actor, code=body.code)
    await sessions.pass_second_factor(session, actor.session_id)
    return RecoveryCodes(recovery_codes=codes)


@router.post(
    "/removal",
    status_code=204,
    responses=problems(
        WrongPasswordError,
        WrongCodeError,
        WrongRecoveryCodeError,
        NoSecondFactorError,
        SecondFactorStaysError,
    ),
)
async def turn_off_second_factor(
    body: TurnOffSecondFactor,
    actor: Confirmed,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
) -> None:
    """Turn one's own off, by the password and a code. Staff keep theirs."""
    key = f"turn-off:{actor.account_id}"
    await limits.spend(pool, key, limit=TRIES, per_seconds=TRIES_SECONDS)
    await recovery.confirm(pool, actor.account_id, body.password)
    await lost_factors.turn_off(session, letterbox, actor=actor, code=body.code)
