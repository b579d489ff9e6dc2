"""`alongside events`: what could not be delivered, and subscribers that are no more."""

import asyncio
from typing import Annotated

import psycopg
import typer

from app.core.db import Database
from app.core.dead_letters import redeliver as hand_over_again
from app.core.number_format import figure
from app.core.settings import Settings
from app.jobs.subscribers import SUBSCRIBERS
from app.run import revisions
from app.run.environment import environment

commands = typer.Typer()
events_commands = typer.Typer(help="Look after events.", no_args_is_help=True)
commands.add_typer(events_commands, name="events")


@events_commands.callback()
def _nothing_in_common() -> None:
    """Look after events."""


@events_commands.command()
def redeliver() -> None:
    """Hand every dead letter to its subscriber again; safe while the worker runs."""
    with environment() as settings:
        revisions.require_current(settings.database.url)
        left = asyncio.run(_redeliver(settings))
    if left:
        raise typer.Exit(1)


@events_commands.command()
def forget(
    subscriber: Annotated[str, typer.Argument(help="Name of the subscriber, as doctor tells it.")],
) -> None:
    """Let go of a subscriber that is no more, so that events need not be kept for it."""
    with environment() as settings:
        revisions.require_current(settings.database.url)
        if subscriber in {one.name for one in SUBSCRIBERS}:
            typer.echo(f"{subscriber} is in use: run `alongside worker`.", err=True)
            raise typer.Exit(1)
        with psycopg.connect(settings.database.url) as connection:
            gone = connection.execute(
                "DELETE FROM core.cursors WHERE subscriber = %s", [subscriber]
            ).rowcount
    if not gone:
        typer.echo(f"No subscriber is called {subscriber}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{subscriber} is forgotten.")


async def _redeliver(settings: Settings) -> int:
    taken = left = 0
    database = Database(settings.database)
    await database.open()
    try:
        for subscriber in SUBSCRIBERS:
            found = await hand_over_again(database, subscriber)
            taken, left = taken + found.taken, left + found.left
            if found.taken or found.left:
                typer.echo(
                    f"{subscriber.name}: {figure(found.taken)} delivered, {figure(found.left)} "
                    "stay dead letters"
                )
    finally:
        await database.close()
    if not taken + left:
        typer.echo("There are no dead letters.")
    return left
