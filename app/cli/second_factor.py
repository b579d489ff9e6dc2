"""`alongside second-factor`: for someone who lost their phone and codes, on the server itself."""

from typing import Annotated

import typer

from app.cli import acting
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity import addresses, lost_factors
from app.identity.letters import Letterbox
from app.run.errors import StartError

commands = typer.Typer()
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
