"""`alongside doctor`: is everything as it should be, and if not, what to do."""

import os
from typing import Annotated

import typer

from app.run.doctor import examine
from app.run.environment import environment

commands = typer.Typer()


@commands.command()
def doctor(
    quiet: Annotated[bool, typer.Option("--quiet", help="Only what is bad.")] = False,
) -> None:
    """Check settings, disk, files, database, logins, transactions, events, jobs, e-mails, log."""
    is_bad = False
    is_embedded = not os.environ.get("DATABASE_URL")
    with environment() as settings:
        for finding in examine(settings, is_embedded=is_embedded):
            if not quiet or finding.state == "bad":
                typer.echo(f"{finding.state:5} {finding.subject:13} {finding.words}")
            is_bad = is_bad or finding.state == "bad"
    if is_bad:
        raise typer.Exit(1)
