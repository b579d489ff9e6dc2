"""`alongside doctor`: is everything as it should be, and if not, what to do."""

from typing import Annotated

import typer

from app.run.checkup import examine
from app.run.surroundings import surroundings

commands = typer.Typer()


@commands.command()
def doctor(
    quiet: Annotated[bool, typer.Option("--quiet", help="Only what is bad.")] = False,
) -> None:
    """Check settings, disk, database, roles, transactions, events, jobs, letters, worries, log."""
    is_bad = False
    with surroundings() as settings:
        for finding in examine(settings):
            if not quiet or finding.state == "bad":
                typer.echo(f"{finding.state:5} {finding.subject:13} {finding.words}")
            is_bad = is_bad or finding.state == "bad"
    if is_bad:
        raise typer.Exit(1)
