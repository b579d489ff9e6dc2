"""`alongside demo`: a synthetic community, a programme to evaluate, or a great many rows for
benchmarks."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from app.core import clock
from app.core.db import Database
from app.core.number_format import figure
from app.core.settings import Settings
from app.demo import bulk, community
from app.demo.evaluation import programme
from app.demo.evaluation.planted import Planted
from app.demo.evaluation.programme import CannotBeMadeError
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
    evaluation: Annotated[
        bool,
        typer.Option(
            "--evaluation", help="Instead: a study of nine areas over 24 months, effects planted."
        ),
    ] = False,
    people: Annotated[
        int, typer.Option(min=60, max=20_000, help="Its participants.")
    ] = Planted().people,
    activities: Annotated[
        int, typer.Option(min=1_000, max=20_000_000, help="About so many acts of theirs.")
    ] = Planted().activities,
) -> None:
    """Write a believable synthetic community, through the same functions people use."""
    with environment() as settings:
        end = (until or clock.now()).replace(tzinfo=UTC)
        if bulk_posts:
            url = settings.database.url
            count = bulk.fill(url, posts=bulk_posts, days=days, seed=seed, until=end)
            typer.echo(f"{figure(count)} posts and replies, for benchmarks.")
            return
        if evaluation:
            planted = Planted(seed=seed, people=people, activities=activities)
            asyncio.run(_make_programme(settings, planted, until=end))
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


async def _make_programme(settings: Settings, planted: Planted, *, until: datetime) -> None:
    if not settings.server.demo:
        raise StartError("A demo has sign-ins that everyone knows: set DEMO=1 for it.")
    database = Database(settings.database)
    await database.open()
    try:
        made = await programme.make(database, settings, planted, until=until)
        dataset = await programme.freeze(database, made, at=until)
    except CannotBeMadeError as problem:
        raise StartError(str(problem)) from problem
    finally:
        await database.close()
    typer.echo(
        f"The study “{made.title}”: {figure(made.people)} synthetic participants, of whom "
        f"{figure(made.stopped)} stopped and did {figure(made.afterwards)} things in the community "
        f"since; {figure(made.activities)} activities, "
        f"{figure(made.attendances)} times at meetings of {figure(made.groups)} groups, "
        f"{figure(made.responses)} responses. Dataset {dataset.number} holds all of it; from "
        f'28 days on, another comes by: alongside dataset freeze "{made.title}"'
    )
