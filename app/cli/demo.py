"""`alongside demo`: a synthetic community, or a great many rows for benchmarks."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from app.core import clock
from app.core.db import Database
from app.core.number_format import figure
from app.core.settings import Settings
from app.demo import bulk, community
from app.run.environment import environment
from app.run.errors import StartError

commands = typer.Typer()


@commands.command()
def demo(
    members: Annotated[int, typer.Option(min=20, max=5_000, help="How many people.")] = 300,
    days: Annotated[int, typer.Option(min=2, max=1_000, help="How long it has lived.")] = 120,
    seed: Annotated[int, typer.Option(help="The same seed gives the same community.")] = 1,
    until: Annotated[
        datetime | None, typer.Option(help="The last day, for repeating one exactly (UTC).")
    ] = None,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing if there are members already.")
    ] = False,
    bulk_posts: Annotated[
        int, typer.Option(min=0, help="Instead: about so many rows, for benchmarks alone.")
    ] = 0,
) -> None:
    """Write a believable synthetic community, through the same functions people use."""
    with environment() as settings:
        end = (until or clock.now()).replace(tzinfo=UTC)
        if bulk_posts:
            url = settings.database.url
            count = bulk.fill(url, posts=bulk_posts, days=days, seed=seed, until=end)
            typer.echo(f"{figure(count)} posts and replies, for benchmarks.")
            return
        asyncio.run(_make(settings, if_empty, members=members, days=days, seed=seed, until=end))


async def _make(
    settings: Settings, if_empty: bool, *, members: int, days: int, seed: int, until: datetime
) -> None:
    if not settings.server.demo:
        raise StartError("A demo community has sign-ins that everyone knows: set DEMO=1 for it.")
    database = Database(settings.database)
    await database.open()
    try:
        if not await community.is_empty(database):
            if if_empty:
                return
            raise StartError("This community has members already: use an empty database.")
        made = await community.make(
            database, settings, members=members, days=days, seed=seed, until=until
        )
    finally:
        await database.close()
    typer.echo(
        f"A synthetic community of {figure(made.members)} members: {figure(made.posts)} posts, "
        f"{figure(made.replies)} replies, {figure(made.reactions)} reactions, "
        f"{figure(made.participants)} in a study."
    )
