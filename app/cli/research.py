"""`alongside study`: studies from the command line."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.acting import StudyName, run
from app.core.db import Database, unit_of_work
from app.research import sheets, studies
from app.research.models import Purpose, Study

CoversActs = Annotated[
    bool,
    typer.Option(
        "--covers-acts", help="Rows of single acts may leave under an agreement; it says so."
    ),
]
CoversAnswers = Annotated[
    bool,
    typer.Option(
        "--covers-answers", help="Rows of answers may leave under an agreement; it says so."
    ),
]

commands = typer.Typer()
study_commands = typer.Typer(help="Draft, open, close and list studies.", no_args_is_help=True)
commands.add_typer(study_commands, name="study")


@study_commands.command("list")
def list_studies() -> None:
    """All studies, the newest first."""

    async def show(database: Database) -> None:
        async with unit_of_work(database) as session:
            for study in await studies.list_(session):
                typer.echo(f"{study.id}  {study.state:6}  {study.title}")

    run(show)


@study_commands.command("create")
def create_study(
    title: str,
    summary: Annotated[str, typer.Option(help="What it is about, in a sentence or two.")],
    sheet: Annotated[Path, typer.Option(exists=True, help="Its information sheet (Markdown).")],
    purpose: Annotated[
        list[Purpose], typer.Option(help="What it asks people for; again for each.")
    ] = [Purpose.ACTIVITY],  # noqa: B006 - typer copies it
    wave_week: Annotated[
        list[int],
        typer.Option(
            help="A week since joining in which questions come, the first 0; again for each."
            " Periods lie between them; without any they are of 12 weeks."
        ),
    ] = [],  # noqa: B006 - typer copies it
    covers_acts: CoversActs = False,
    covers_answers: CoversAnswers = False,
) -> None:
    """Draft a study with its information sheet."""

    async def make(database: Database) -> None:
        async with unit_of_work(database) as session:
            study = await studies.create(
                session, title=title, summary=summary, asks=purpose, wave_weeks=wave_week
            )
            await sheets.publish(
                session,
                study,
                body=sheet.read_text(encoding="utf-8"),
                covers_acts=covers_acts,
                covers_answers=covers_answers,
            )
            typer.echo(f"{study.id}  drafted. Open it with: alongside study open {study.id}")

    run(make)


@study_commands.command("sheet")
def publish_sheet(
    study: StudyName,
    file: Annotated[Path, typer.Argument(exists=True, help="Markdown.")],
    covers_acts: CoversActs = False,
    covers_answers: CoversAnswers = False,
) -> None:
    """Write a new version of the information sheet."""

    async def publish(database: Database) -> None:
        async with unit_of_work(database) as session:
            found = await _locked(session, study)
            made = await sheets.publish(
                session,
                found,
                body=file.read_text(encoding="utf-8"),
                covers_acts=covers_acts,
                covers_answers=covers_answers,
            )
            state = "waits for an adviser" if made.needs_sign_off else "is in use"
            typer.echo(f"Version {made.version} of the sheet of “{found.title}” {state}.")

    run(publish)


@study_commands.command("open")
def open_study(study: StudyName) -> None:
    """Let members in."""
    _turn(study, studies.open_, "is open: members can read its sheet and join.")


@study_commands.command("close")
def close_study(study: StudyName) -> None:
    """End it: nobody joins any more and nothing more is recorded."""
    _turn(study, studies.close, "is closed.")


def _turn(name: str, act: Callable[[Any, Study], Awaitable[Study]], outcome: str) -> None:
    async def turn(database: Database) -> None:
        async with unit_of_work(database) as session:
            found = await act(session, await _locked(session, name))
            typer.echo(f"“{found.title}” {outcome}")

    run(turn)


async def _locked(session: Any, name: str) -> Study:
    found = await studies.named(session, name)
    return await studies.access(session, found.id, is_researcher=True, lock="change")
