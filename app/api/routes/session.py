"""Signing in and out, and one's own sign-ins."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from app.api import client_info, cookies
from app.api.deps import (
    AppSettings,
    CurrentActor,
    ReadPool,
    WriteSession,
)
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes import me
from app.api.schemas.me import Me
from app.api.schemas.sessions import SessionList, SessionRead, SignIn
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.errors import NotFoundError
from app.core.settings import Settings
from app.identity import addresses, sessions, signing_in
from app.identity.errors import (
    NotVerifiedError,
    SecondFactorNeededError,
    WrongCodeError,
    WrongRecoveryCodeError,
    WrongSignInError,
)

router = resource("sessions")


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """All that signing in needs of the request, in one dependency: each costs, and many people
    come at once."""

    database: Database
    encryption: Encryption
    settings: Settings
    network: str
    browser: str
    #: Of what this browser was signed in as before.
    former: str | None
    #: The token by which an account may know it.
    known: str | None


async def asked(request: Request) -> SignInRequest:
    """Whoever stands before it."""
    state = request.app.state
    return SignInRequest(
        database=state.database,
        encryption=state.encryption,
        settings=state.settings,
        network=await client_info.network_key(request),
        browser=await client_info.browser(request),
        former=request.cookies.get(state.settings.server.cookie_name),
        known=request.cookies.get(state.settings.server.known_cookie_name),
    )


@router.post(
    "/session",
    response_model=Me,
    responses=problems(
        WrongSignInError,
        SecondFactorNeededError,
        WrongCodeError,
        WrongRecoveryCodeError,
        NotVerifiedError,
    ),
)
async def sign_in(body: SignIn, asked: Annotated[SignInRequest, Depends(asked)]) -> Response:
    """Sign in; sets the cookie, and another by which the account knows this browser. One answer for
    a wrong password and an unknown address."""
    attempt = signing_in.Attempt(
        address=addresses.read(body.email),
        password=body.password,
        code=body.code,
        network=asked.network,
        description=asked.browser,
        browser=asked.known,
    )
    checked = await signing_in.check_password(asked.database.pool, asked.encryption, attempt)
    signed_in = await signing_in.sign_in(
        asked.database,
        asked.encryption,
        asked.settings.sessions,
        checked=checked,
        attempt=attempt,
        is_demo_server=asked.settings.server.demo,
    )
    await _leave_former(asked)
    shown_me = await me.show(
        asked.database.pool,
        signed_in.own,
        account_id=signed_in.account_id,
        member_id=signed_in.member_id,
        is_second_factor_passed=signed_in.is_second_factor_passed,
    )
    response = Response(shown_me.model_dump_json(), media_type="application/json")
    cookies.keep_signed_in(response, asked.settings, signed_in.opened.token)
    cookies.know(response, asked.settings, signed_in.opened.browser)
    return response


async def _leave_former(asked: SignInRequest) -> None:
    """A browser holds one sign-in: what it was signed in as before ends with the new one."""
    database = asked.database
    former = None if asked.former is None else await sessions.find(database.pool, asked.former)
    if former is not None:
        async with unit_of_work(database) as session:
            await sessions.end(session, account_id=former.account_id, session_id=former.session_id)


@router.delete("/session", status_code=204)
async def sign_out(
    actor: CurrentActor, session: WriteSession, settings: AppSettings, response: Response
) -> None:
    """Sign out of this browser."""
    await sessions.end(session, account_id=actor.account_id, session_id=actor.session_id)
    cookies.forget(response, settings)


@router.get("/sessions")
async def list_sessions(actor: CurrentActor, pool: ReadPool) -> SessionList:
    """Where one is signed in, the one used last first."""
    rows = await sessions.list_own(pool, actor)
    return SessionList(
        items=[SessionRead(**row, is_current=row["id"] == actor.session_id) for row in rows]
    )


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(NotFoundError))
async def end_session(session_id: UUID, actor: CurrentActor, session: WriteSession) -> None:
    """End one of one's own sign-ins. The account knows that browser no more."""
    await sessions.end_elsewhere(session, account_id=actor.account_id, session_id=session_id)


@router.delete("/sessions", status_code=204)
async def end_other_sessions(actor: CurrentActor, session: WriteSession) -> None:
    """End all of one's sign-ins but this one. The account knows no other browser any more."""
    await sessions.end_all(session, account_id=actor.account_id, but=actor.session_id)
