"""`alongside serve`: the processes that visitors reach."""

import socket
from contextlib import suppress
from typing import Annotated

import typer

from app import serve as servers
from app.run import revisions
from app.run.environment import environment
from app.run.listener import open_listener
from app.run.server_pool import keep_servers

commands = typer.Typer()


@commands.command()
def serve(
    processes: Annotated[
        int, typer.Option("--workers", envvar="WORKERS", min=1, max=64, help="Server processes.")
    ] = 1,
    fd: Annotated[int, typer.Option(hidden=True, help="A listening socket to inherit.")] = -1,
) -> None:
    """Answer on ALONGSIDE_HOST and PORT, on a database that `alongside migrate` has seen."""
    with environment() as settings:
        revisions.require_current(settings.database.url)
        if fd >= 0:
            listener = socket.socket(fileno=fd)
        else:
            listener = open_listener(settings.server.host, settings.server.port)
        with listener, suppress(KeyboardInterrupt):
            if processes > 1 and fd < 0:
                keep_servers(listener, processes, say=_say)
            else:
                servers.serve(settings, listener)


def _say(words: str) -> None:
    typer.echo(words, err=True)
