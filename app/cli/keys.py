"""`alongside secret`, `alongside reseal` and `alongside code`: the key of a deployment, one
that is changed, and the codes of a demo."""

import base64
import secrets

import typer

from app.cli import acting
from app.core import clock
from app.core.db import Database
from app.core.encryption import Encryption, EncryptionError
from app.core.number_format import figure
from app.core.settings import Settings
from app.identity import resealing, second_factors
from app.research.questionnaires import contact
from app.run.errors import StartError
from app.run.start_message import DEMO_SECOND_FACTOR

commands = typer.Typer()


@commands.command()
def secret() -> None:
    """Print a fresh ALONGSIDE_SECRET_KEY; losing it makes sealed addresses unreadable."""
    typer.echo(base64.b64encode(secrets.token_bytes(32)).decode())


@commands.command()
def code() -> None:
    """Print the second-factor code that the demo's staff need right now."""
    typer.echo(second_factors.code_at(DEMO_SECOND_FACTOR, clock.now()))


@commands.command()
def reseal() -> None:
    """Seal everything under the present ALONGSIDE_SECRET_KEY, while everything goes on."""

    async def act(database: Database, settings: Settings) -> tuple[int, int]:
        encryption = Encryption(settings.secrets)
        try:
            written = await resealing.reseal(database, encryption, contact.reseal)
        except EncryptionError as error:
            raise StartError(
                "Something is sealed under a key that is not here: name it in "
                "ALONGSIDE_FORMER_KEYS, then try again. What was done so far stays done."
            ) from error
        return written, await resealing.accounts_with_old_codes(database, encryption)

    written, old_codes = acting.run_with_settings(act)
    typer.echo(f"{figure(written)} sealed again; everything is under the present key.")
    if old_codes:
        typer.echo(
            f"Recovery codes of {figure(old_codes)} accounts need a former key still: without it "
            "they "
            "stop working, until their owners make new ones."
        )
