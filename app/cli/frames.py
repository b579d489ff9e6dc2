"""`alongside frames`: the front end's type map of what the live socket says."""

import typer

from app.realtime import typescript

commands = typer.Typer()


@commands.command()
def frames() -> None:
    """Write the types of live frames, for frontend/src/lib/realtime/events.ts."""
    typer.echo(typescript.render(), nl=False)
