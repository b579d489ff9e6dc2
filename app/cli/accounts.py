"""`alongside create-admin`: the first administrator, who appoints everyone else in the browser.
`alongside second-factor`: for someone who lost their phone and codes. Both on the server itself."""

import asyncio
import sys
from functools import partial
from typing import Annotated

import typer

from app.cli import acting
from app.community import members
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.errors import ProblemError
from app.core.settings import Settings
from app.identity import accounts, addresses, lost_factors, staff
from app.identity.accounts import Applicant
from app.identity.letters import Letterbox
from app.identity.roles import MADE_BY_COMMAND, Role
from app.run import revisions
from app.run.environment import environment
from app.run.errors import StartError

commands = typer.Typer()


@commands.command()
def create_admin(
    email: Annotated[str, typer.Option(prompt=True)],
    name: Annotated[str, typer.Option(prompt="Name that others see")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Make an account that may appoint staff; its second factor is set up at the first sign-in."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with environment() as settings:
        revisions.require_current(settings.database.url)
        try:
            asyncio.run(_make(settings, email=email, name=name, password=password))
        except ProblemError as problem:
            raise StartError(problem.words) from problem
    typer.echo(f"{name} can sign in with {email} and is asked for a second factor first.")


async def _make(settings: Settings, *, email: str, name: str, password: str) -> None:
    applicant = await accounts.prepare(
        email=email, password=password, display_name=name, is_adult=True, agrees_to_rules=True
    )
    database = Database(settings.database)
    try:
        await _write(database, settings, applicant, name)
    finally:
        await database.close()


async def _write(database: Database, settings: Settings, applicant: Applicant, name: str) -> None:
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
    async with unit_of_work(database) as session:
        email_hash = applicant.address.hash(letterbox.encryption)
        await addresses.lock(session, email_hash)
        if await addresses.is_taken(session, letterbox.encryption, applicant.address):
            raise StartError("There is an account with this address: use another.")
        account = await accounts.create(session, letterbox, applicant, is_verified=True)
        await members.enrol(session, account.member_id, display_name=name, speaks_for_us=True)
        grant = partial(staff.grant, session, account_id=account.id, granter_id=None)
        await grant(role=Role.ADMINISTRATOR, reason=MADE_BY_COMMAND)


factor_commands = typer.Typer(help="Look after second factors.", no_args_is_help=True)
commands.add_typer(factor_commands, name="second-factor")


@factor_commands.callback()
def _nothing_in_common() -> None:
    """Look after second factors."""


@factor_commands.command()
def remove(
    email: Annotated[str, typer.Option(help="Address of the account.")],
    reason: Annotated[str, typer.Option(help="Why, and how you know that it is them.")],
) -> None:
    """Take the second factor off an account. The ledger keeps it, its owner is written to."""
    if not reason.strip():
        raise StartError("Say why: it stays on record.")

    async def act(database: Database, settings: Settings) -> None:
        letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
        async with unit_of_work(database) as session:
            address = addresses.read(email)
            account_id = await addresses.find_account(session, letterbox.encryption, address)
            if account_id is None:
                raise StartError("No account has this address.")
            await lost_factors.take_off_by_command(
                session, letterbox, account_id=account_id, reason=reason.strip()
            )

    acting.run_with_settings(act)
    typer.echo("It is taken off. They can sign in with their password, and we e-mailed them.")
