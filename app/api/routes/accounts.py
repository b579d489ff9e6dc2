"""Joining, confirming an address, changing it, closing the account."""

from fastapi import Response

from app.api import cookies
from app.api.client_info import AppLetterbox, Network
from app.api.deps import AppSettings, CurrentActor, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.accounts import (
    ChangeEmail,
    CloseAccount,
    Message,
    NameAddress,
    OpenLink,
    Register,
)
from app.community import members
from app.community.errors import NameTakenError
from app.core import limits
from app.identity import accounts, addresses, policies, recovery
from app.identity.errors import (
    LastAdministratorError,
    LinkExpiredError,
    NameGivesAwayError,
    WrongPasswordError,
)

router = resource("accounts")

HOUR = 3600
TRIES_PER_NETWORK = 300
LETTERS_PER_NETWORK = 30
LETTERS_PER_ADDRESS = 5


@router.post("/accounts", status_code=202, responses=problems(NameTakenError, NameGivesAwayError))
async def register(
    body: Register,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
    network: Network,
) -> Message:
    """Join. The answer is the same whether the address is known here or not: an e-mail goes to it.

    A refused name spends a try, but no e-mail.
    """
    await limits.spend(pool, f"join:try:{network}", limit=TRIES_PER_NETWORK, per_seconds=HOUR)
    applicant = await accounts.prepare(
        email=body.email,
        password=body.password,
        display_name=body.display_name,
        is_adult=body.is_adult,
        agrees_to_rules=body.agrees_to_rules,
    )
    await members.join(session, letterbox, applicant, display_name=body.display_name)
    key = f"join:address:{applicant.address.hash(letterbox.encryption).hex()}"
    await limits.spend(pool, f"join:{network}", limit=LETTERS_PER_NETWORK, per_seconds=HOUR)
    await limits.spend(pool, key, limit=LETTERS_PER_ADDRESS, per_seconds=HOUR)
    return Message(
        message="Look in your e-mail: we're sending you one. It can take a while. Open the link in "
        "it, then sign in."
    )


@router.post("/accounts/verification", responses=problems(LinkExpiredError))
async def verify_address(body: OpenLink, session: WriteSession) -> Message:
    """Confirm an address by the link from an e-mail. It signs nobody in."""
    await accounts.verify(session, token=body.token)
    return Message(message="Your address is confirmed. You can sign in now.")


@router.post("/accounts/verification/again", status_code=202)
async def send_verification_again(
    body: NameAddress,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
    network: Network,
) -> Message:
    """Send the first e-mail once more. The answer is always the same."""
    address = addresses.parse(body.email)
    key = f"verify:address:{address.hash(letterbox.encryption).hex()}"
    await limits.spend(pool, f"verify:{network}", limit=LETTERS_PER_NETWORK, per_seconds=HOUR)
    await limits.spend(pool, key, limit=LETTERS_PER_ADDRESS, per_seconds=HOUR)
    await accounts.send_verification_again(session, letterbox, address)
    return Message(message="If this address is waiting for an e-mail, we're sending it again.")


@router.put(
    "/me/email", status_code=202, responses=problems(WrongPasswordError, NameGivesAwayError)
)
async def change_email(
    body: ChangeEmail,
    actor: CurrentActor,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
) -> Message:
    """Ask for another address; it counts once the link in its e-mail is opened."""
    address = addresses.parse(body.email)
    member = await members.show_own(pool, actor.member_id)
    policies.check_new_address(member["display_name"], address)
    await recovery.confirm(pool, actor.account_id, body.password)
    key = f"address:{actor.account_id}"
    await limits.spend(pool, key, limit=LETTERS_PER_ADDRESS, per_seconds=HOUR)
    await addresses.ask_to_change(session, letterbox, account_id=actor.account_id, to=address)
    return Message(
        message=(
            "We're sending an e-mail to your new address. It counts once you open the link in the "
            "e-mail."
        )
    )


@router.post("/me/email/confirmation", status_code=204, responses=problems(LinkExpiredError))
async def confirm_email(body: OpenLink, session: WriteSession, letterbox: AppLetterbox) -> None:
    """Take the new address, by the link from its e-mail; any browser will do."""
    await addresses.confirm_change(session, letterbox, token=body.token)


@router.post(
    "/me/closure",
    status_code=204,
    responses=problems(WrongPasswordError, LastAdministratorError),
)
async def close_account(
    body: CloseAccount,
    actor: CurrentActor,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
    settings: AppSettings,
    response: Response,
) -> None:
    """Close the account for good. Its address and password are destroyed at once."""
    await recovery.confirm(pool, actor.account_id, body.password)
    await accounts.close(
        session,
        letterbox,
        account_id=actor.account_id,
        erase_study_data=body.erase_study_data,
    )
    cookies.forget(response, settings)
