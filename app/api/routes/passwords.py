"""Forgotten and changed passwords."""

from fastapi import Response

from app.api import cookies
from app.api.client_info import AppLetterbox, Network
from app.api.deps import AppEncryption, AppSettings, CurrentActor, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.accounts import (
    ChangePassword,
    Message,
    NameAddress,
    OpenLink,
    ResetPassword,
    ResetRead,
)
from app.core import limits
from app.identity import addresses, recovery
from app.identity.errors import LinkExpiredError, PasswordRuleError, WrongPasswordError

router = resource("passwords")

HOUR = 3600
LETTERS_PER_ADDRESS = 5
LETTERS_PER_NETWORK = 30
TRIES_PER_NETWORK = 60


@router.post("/passwords/reset", status_code=202)
async def ask_for_password_reset(
    body: NameAddress,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
    network: Network,
) -> Message:
    """Write to an address with a link to choose a new password. The answer is always the same."""
    address = addresses.parse(body.email)
    key = f"reset:address:{address.hash(letterbox.encryption).hex()}"
    await limits.spend(pool, f"reset:{network}", limit=LETTERS_PER_NETWORK, per_seconds=HOUR)
    await limits.spend(pool, key, limit=LETTERS_PER_ADDRESS, per_seconds=HOUR)
    await recovery.send_link(session, letterbox, address)
    return Message(
        message="If this address has an account, we're sending it an e-mail. It can take a while; "
        "look in the spam folder too. Its link works for two hours."
    )


@router.post("/passwords/reset/account", responses=problems(LinkExpiredError))
async def read_password_reset(
    body: OpenLink,
    pool: ReadPool,
    session: WriteSession,
    encryption: AppEncryption,
    network: Network,
) -> ResetRead:
    """Whose password the link is for, so that a password manager knows. Whoever holds the link
    reads that address's e-mail. The link stays good."""
    await limits.spend(pool, f"reset-by-link:{network}", limit=TRIES_PER_NETWORK, per_seconds=HOUR)
    return ResetRead(email=await recovery.address_of_link(session, encryption, token=body.token))


@router.put(
    "/passwords/reset", status_code=204, responses=problems(LinkExpiredError, PasswordRuleError)
)
async def reset_password(
    body: ResetPassword,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
    network: Network,
    settings: AppSettings,
    response: Response,
) -> None:
    """Choose a new password by a link from an e-mail. Every sign-in ends. The account knows this
    browser from now on: nobody's wrong passwords shut it out."""
    await limits.spend(pool, f"reset-by-link:{network}", limit=TRIES_PER_NETWORK, per_seconds=HOUR)
    token = await recovery.reset(session, letterbox, token=body.token, password=body.password)
    cookies.know(response, settings, token)


@router.put(
    "/me/password", status_code=204, responses=problems(WrongPasswordError, PasswordRuleError)
)
async def change_password(
    body: ChangePassword,
    actor: CurrentActor,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
) -> None:
    """Change one's own password. Every other sign-in ends."""
    known = await recovery.confirm(pool, actor.account_id, body.current_password)
    await recovery.change(
        session,
        letterbox,
        known=known,
        session_id=actor.session_id,
        new_password=body.new_password,
    )
