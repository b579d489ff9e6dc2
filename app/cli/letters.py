"""`alongside letters`: what to do with e-mails that were given up, once the mail server is back."""

import asyncio
from typing import Final, LiteralString

import typer

from app.core.db import Database, driver, unit_of_work
from app.core.settings import Settings
from app.run import revisions
from app.run.environment import environment

commands = typer.Typer()
letters_commands = typer.Typer(help="E-mails that could not be sent.", no_args_is_help=True)
commands.add_typer(letters_commands, name="letters")

_RETRY: Final = """
    UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL
    WHERE task_name = 'core:send_letter' AND status = 'failed'
"""
_DROP: Final = """
    DELETE FROM procrastinate_jobs WHERE task_name = 'core:send_letter' AND status = 'failed'
"""


@letters_commands.command()
def retry() -> None:
    """Try again what was given up. Links in old e-mails may have run out."""
    typer.echo(f"{_run(_RETRY)} will be tried again by the worker.")


@letters_commands.command()
def drop() -> None:
    """Forget what was given up."""
    typer.echo(f"{_run(_DROP)} dropped.")


def _run(statement: LiteralString) -> int:
    with environment() as settings:
        revisions.require_current(settings.database.url)
        return asyncio.run(_write(settings, statement))


async def _write(settings: Settings, statement: LiteralString) -> int:
    database = Database(settings.database)
    try:
        async with unit_of_work(database) as session:
            connection = await driver(session)
            return (await connection.execute(statement)).rowcount
    finally:
        await database.close()
