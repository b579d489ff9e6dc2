"""`alongside secret` and `alongside code`: the key of a deployment, and the codes of a demo."""

import base64
import secrets

import typer

from app.core import clock
from app.identity import second_factors
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
