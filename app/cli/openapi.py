"""`alongside openapi` and `alongside frames`: what the browser's client is made from."""

import base64
import json
import secrets
from pathlib import Path
from typing import Annotated

import typer

from app.core.settings import (
    DatabaseSettings,
    MailSettings,
    SecretSettings,
    ServerSettings,
    SessionSettings,
    Settings,
)
from app.main import create_app
from app.realtime import typescript

commands = typer.Typer()


@commands.command()
def openapi(
    out: Annotated[Path | None, typer.Option(help="Write here instead of printing.")] = None,
) -> None:
    """Describe the API as JSON; needs neither database nor settings."""
    text = description()
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text)


def description() -> str:
    """The description, the same bytes for the same code whatever the environment says."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    app = create_app(
        Settings(
            database=DatabaseSettings(url="postgresql://nowhere/none"),
            server=ServerSettings(demo=False, public_url="http://127.0.0.1:8000"),
            secrets=SecretSettings.model_validate({"secret_key": key}),
            mail=MailSettings(),
            sessions=SessionSettings(),
        )
    )
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


@commands.command()
def frames() -> None:
    """Write the types of live frames, for frontend/src/lib/realtime/events.ts."""
    typer.echo(typescript.render(), nl=False)
