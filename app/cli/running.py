"""`alongside run`: everything on one machine."""

from typing import Annotated

import typer

from app.run.supervisor import RunPlan, Supervisor

commands = typer.Typer()


@commands.command()
def run(
    port: Annotated[int, typer.Option(envvar="PORT", min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option(envvar="ALONGSIDE_HOST")] = "127.0.0.1",
    demo: Annotated[bool, typer.Option(envvar="DEMO", help="Fill an empty database.")] = True,
    servers: Annotated[int, typer.Option(envvar="WORKERS", min=1, max=64)] = 1,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Database, migrations, demo community, servers and worker, until Ctrl-C."""
    plan = RunPlan(host=host, port=port, is_demo=demo, servers=servers)
    Supervisor(plan, say=_say).run(with_parent=with_parent)


def _say(words: str) -> None:
    typer.echo(words)
