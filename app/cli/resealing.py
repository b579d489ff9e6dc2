"""`alongside reseal`: after the key was changed, before the former one goes."""

import typer

from app.cli import acting
from app.core.db import Database
from app.core.encryption import Encryption, EncryptionError
from app.core.number_format import figure
from app.core.settings import Settings
from app.identity import resealing
from app.run.errors import StartError

commands = typer.Typer()


@commands.command()
def reseal() -> None:
    """Seal everything under the present ALONGSIDE_SECRET_KEY, while everything goes on."""

    async def act(database: Database, settings: Settings) -> tuple[int, int]:
        encryption = Encryption(settings.secrets)
        try:
            written = await resealing.reseal(database, encryption)
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
