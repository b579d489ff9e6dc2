"""`alongside migrate`, `backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from app.core import logins, migrations
from app.run import backups, revisions
from app.run.environment import environment

commands = typer.Typer()


@commands.command()
def migrate(quiet: Annotated[bool, typer.Option("--quiet")] = False) -> None:
    """Bring the database up to this version, and give its logins their rights; safe to run again,
    and while others run it."""
    with environment(as_owner=True) as settings:
        migrations.upgrade(settings.database.owner)
        are_apart = logins.prepare(settings.database)
        if not quiet:
            typer.echo(f"The database is at {revisions.of_database(settings.database.owner)}.")
            if are_apart:
                typer.echo("Its logins have what they need and no more.")


@commands.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write the whole database to FILE, while everything goes on."""
    with environment(as_owner=True) as settings:
        size = backups.write(settings.database.owner, file)
        typer.echo(
            f"{file} holds the database ({size / 1_000_000:.1f} MB). It names people: keep it as "
            "safe as the database, and ALONGSIDE_SECRET_KEY apart from it, for neither is of use "
            "without the other."
        )


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what is there; it is backed up first.")
    ] = False,
) -> None:
    """Put the database back as it was in FILE. Servers and workers must be stopped."""
    with environment(as_owner=True) as settings:
        kept = backups.restore(settings.database.owner, file, replace=replace)
        migrations.upgrade(settings.database.owner)
        logins.prepare(settings.database)
        if kept:
            typer.echo(f"What was there before is in {kept}.")
        typer.echo(f"The database is as it was in {file}.")
