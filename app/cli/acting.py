"""Acting on the database of this environment, signed in where the act is someone's."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from app.cli import sign_in
from app.cli.sign_in import Operator
from app.core.db import Database, unit_of_work
from app.core.errors import ProblemError
from app.core.settings import Settings
from app.research import studies
from app.research.models import Study
from app.run import revisions
from app.run.environment import environment

Found = TypeVar("Found")

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="Its id or its title.")]


def run(act: Callable[[Database], Awaitable[Found]]) -> Found:
    """Act on the database of this environment; a refusal is one sentence and exit code 1."""
    return run_with_settings(lambda database, _: act(database))


def run_as(email: str | None, act: Callable[[Database, Operator], Awaitable[Found]]) -> Found:
    """The same for acts that are someone's: they sign in first."""
    typed = sign_in.ask(email)

    async def signed_in(database: Database, settings: Settings) -> Found:
        await database.open()
        return await act(database, await sign_in.sign_in(database, settings, typed))

    return run_with_settings(signed_in)


def run_with_settings(act: Callable[[Database, Settings], Awaitable[Found]]) -> Found:
    """The same for acts that need the settings too."""
    with environment() as settings:
        revisions.require_current(settings.database.url)

        async def within() -> Found:
            database = Database(settings.database)
            try:
                return await act(database, settings)
            finally:
                await database.close()

        try:
            return asyncio.run(within())
        except ProblemError as problem:
            typer.echo(problem.words, err=True)
            raise typer.Exit(1) from problem


async def named(database: Database, name: str) -> Study:
    """The study with this id or title; raises StudyNotFoundError."""
    async with unit_of_work(database) as session:
        return await studies.named(session, name)
