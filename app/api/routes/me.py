"""The signed-in person, their breaks and their welcome."""

from datetime import datetime
from uuid import UUID

from fastapi import Response
from psycopg.rows import DictRow

from app.api.deps import (
    AppDatabase,
    AppEncryption,
    Confirmed,
    CurrentActor,
    Member,
    ProfileEditor,
    ReadPool,
    Rester,
    WriteSession,
)
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.me import (
    Break,
    ChangeMe,
    Me,
    MySettings,
    MyStanding,
    Restriction,
    SecondFactorState,
    TakeBreak,
    Welcome,
    WelcomingHost,
)
from app.community import breaks, members, welcome
from app.community.errors import BadNameError, NameTakenError
from app.core import clock
from app.core.db import Pool, unit_of_work
from app.core.encryption import Encryption
from app.identity import accounts, addresses, policies
from app.identity.accounts import OwnView
from app.identity.actors import Actor
from app.identity.errors import NameGivesAwayError
from app.identity.roles import Role, is_staff, needs_second_factor, permissions_now
from app.moderation.sanction_rule import FOR_GOOD
from app.research import browser_acts

router = resource("me")


@router.get("/me", response_model=Me)
async def read_me(actor: CurrentActor, pool: ReadPool, encryption: AppEncryption) -> Response:
    """Everything about oneself that pages need."""
    me = await show_to(actor, pool, encryption)
    return Response(me.model_dump_json(), media_type="application/json")


async def show_to(actor: Actor, pool: Pool, encryption: Encryption) -> Me:
    """The person behind a request."""
    return await show(
        pool,
        await accounts.show(pool, encryption, actor.account_id),
        account_id=actor.account_id,
        member_id=actor.member_id,
        is_second_factor_passed=actor.is_second_factor_passed,
    )


@router.patch("/me", responses=problems(NameTakenError, BadNameError, NameGivesAwayError))
async def change_me(
    body: ChangeMe,
    actor: ProfileEditor,
    database: AppDatabase,
    pool: ReadPool,
    encryption: AppEncryption,
) -> Me:
    """Change what is given about oneself, and leave the rest."""
    if body.display_name is not None:
        account = await accounts.show(pool, encryption, actor.account_id)
        policies.check_display_name(body.display_name, addresses.read(account.email))
    async with unit_of_work(database) as session:
        await members.change(
            session,
            actor.member_id,
            display_name=body.display_name,
            about=body.about,
            show_notes_open=None if body.settings is None else body.settings.show_notes_open,
            speaks_for_us=is_staff(actor.roles),
        )
    return await show_to(actor, pool, encryption)


async def show(
    pool: Pool,
    account: OwnView,
    *,
    account_id: UUID,
    member_id: UUID,
    is_second_factor_passed: bool,
) -> Me:
    """The person, put together from what each package knows of them."""
    member = await members.show_own(pool, member_id)
    is_newcomer = member["is_newcomer"] and account.roles <= {Role.MEMBER, Role.ADVISER}
    permissions = permissions_now(account.roles, is_passed=is_second_factor_passed)
    return Me(
        account_id=account_id,
        member_id=member_id,
        display_name=member["display_name"],
        about=member["about"],
        email=account.email,
        roles=sorted(account.roles),
        permissions=sorted(permissions),
        second_factor=SecondFactorState(
            is_required=needs_second_factor(account.roles),
            is_enrolled=account.is_second_factor_enrolled,
            is_passed=is_second_factor_passed,
        ),
        takes_part=account.takes_part,
        is_recorded=account.takes_part and await browser_acts.is_recorded(pool, member_id),
        joined_at=member["joined_at"],
        standing=_standing(member),
        has_posted=member["has_posted"],
        welcome=await _welcome(pool, member_id) if is_newcomer else None,
        on_break=Break(ends_at=member["break_ends_at"]) if member["break_ends_at"] else None,
        settings=MySettings(show_notes_open=member["show_notes_open"]),
    )


def _standing(member: DictRow) -> MyStanding:
    return MyStanding(
        suspended=_in_force(member["suspended_until"]),
        no_posting=_in_force(member["no_posting_until"]),
        read_first=_in_force(member["read_first_until"]),
    )


def _in_force(until: datetime | None) -> Restriction | None:
    if until is None or until <= clock.now():
        return None
    return Restriction(until=None if until == FOR_GOOD else until)


async def _welcome(pool: Pool, member_id: UUID) -> Welcome:
    host = await welcome.find_host(pool, member_id)
    if host is None:
        return Welcome(host=None)
    return Welcome(host=WelcomingHost(id=host.id, display_name=host.display_name))


@router.put("/me/break", responses=OF_THE_COMMUNITY)
async def take_break(body: TakeBreak, actor: Rester, session: WriteSession) -> Break:
    """Rest for a day, a week or a month. Whoever does already gets another end."""
    return Break(ends_at=await breaks.take(session, actor.member_id, body.length))


@router.delete("/me/break", status_code=204, responses=OF_THE_COMMUNITY)
async def end_break(actor: Confirmed, session: WriteSession) -> None:
    """Come back. Without a break this changes nothing."""
    await breaks.end(session, actor.member_id)


@router.delete("/me/welcome", status_code=204, responses=OF_THE_COMMUNITY)
async def close_welcome(actor: Member, session: WriteSession) -> None:
    """Close the welcome. It does not come back; once more changes nothing."""
    await welcome.close(session, actor.member_id)
