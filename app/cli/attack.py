"""`alongside dataset attack`: what somebody with bad intent would find in a file that may leave."""

import asyncio

import typer

from app.community import public_wall
from app.core.db import Database
from app.research.attacks import attack_input, findings
from app.research.attacks.attack_input import Sources
from app.research.dataset_models import Dataset
from app.research.release_models import Released

SOURCES = Sources(public_wall.read, public_wall.given_by)


async def attack(database: Database, dataset: Dataset, file: Released) -> None:
    """Play seven attacks, print what each came to; exit code 1 when the file may not leave."""
    found = await asyncio.to_thread(attack_input.run, database.settings, dataset.id, file, SOURCES)
    typer.echo(f"dataset {dataset.number} of {dataset.cut_off}, file “{file}”")
    for line in findings.lines(found):
        typer.echo(line)
    if findings.is_refused(found):
        typer.echo("People can be recognised in this file: it may not leave.", err=True)
        raise typer.Exit(1)
