"""`alongside worker`: the process that brings events to subscribers and runs jobs."""

import asyncio
import signal
from contextlib import suppress

import typer
import uvloop

from app.core import logs, open_files
from app.core.settings import Settings
from app.jobs import worker as workers
from app.run import revisions
from app.run.environment import environment

commands = typer.Typer()


@commands.command()
def worker() -> None:
    """Deliver events and run jobs, until told to stop."""
    with environment() as settings:
        revisions.require_current(settings.database.url)
        logs.configure()
        open_files.raise_limit()
        uvloop.run(_work(settings))


async def _work(settings: Settings) -> None:
    work = asyncio.create_task(workers.run(settings))
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, work.cancel)
    with suppress(asyncio.CancelledError):
        await work
