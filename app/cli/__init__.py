"""The command line: `alongside COMMAND`. One module holds the commands of one concern."""

import sys
from importlib import import_module

import psycopg
import typer

from app.core.errors import PostgresError
from app.run.errors import StartError

#: Which module holds which command. Only the one asked for is loaded, so that a server process
#: does not carry in its memory what an export or a migration needs.
MODULES = {
    "run": "running",
    "serve": "serving",
    "worker": "working",
    "migrate": "database",
    "backup": "database",
    "restore": "database",
    "demo": "demo",
    "doctor": "doctor",
    "events": "events",
    "letters": "letters",
    "openapi": "openapi",
    "frames": "openapi",
    "create-admin": "accounts",
    "study": "research",
    "dataset": "datasets",
    "export": "datasets",
    "secret": "keys",
    "reseal": "keys",
    "code": "keys",
    "second-factor": "accounts",
}


def build(command: str | None) -> typer.Typer:
    """The command line, with this command alone when it is known, else with all of them."""
    root = typer.Typer(
        name="alongside",
        help="Alongside: a peer-support community with its evaluation built in.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    root.callback()(_nothing_in_common)
    asked_for = [MODULES[command]] if command in MODULES else MODULES.values()
    for name in dict.fromkeys(asked_for):
        root.add_typer(import_module(f"app.cli.{name}").commands)
    return root


def _nothing_in_common() -> None:
    """Alongside: a peer-support community with its evaluation built in."""


def main() -> None:
    """Run the command; what is expected to go wrong is told in one sentence."""
    command = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        build(command)(prog_name="alongside")
    except (StartError, PostgresError) as problem:
        typer.echo(str(problem), err=True)
    except Exception as problem:
        lost = problem if isinstance(problem, psycopg.Error) else getattr(problem, "orig", None)
        if not isinstance(lost, psycopg.OperationalError):
            raise
        typer.echo(_words_for(lost), err=True)
    else:
        return
    sys.exit(1)


def _words_for(lost: psycopg.OperationalError) -> str:
    """One sentence on a database that went away, or that could not do it now."""
    why = " ".join(str(lost).split())
    if lost.sqlstate is None or lost.sqlstate.startswith("57P"):
        return f"The database went away ({why}): start it, then try again."
    return f"The database could not do it now ({why}): try again in a while."
