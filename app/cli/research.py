"""`alongside study`, `dataset` and `export`: research from the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from app.cli import sign_in
from app.cli.sign_in import As, Operator
from app.community import totals
from app.core.db import Database, unit_of_work
from app.core.errors import ProblemError
from app.core.settings import Settings
from app.identity.permissions import Permission
from app.research import datasets, pulls, sheets, studies
from app.research.codes import WITHHELD, rounded
from app.research.dataset_models import Dataset
from app.research.errors import BadPackageError, DatasetNotFoundError
from app.research.exports import freezing, package, verify
from app.research.exports.writers import Format
from app.research.models import Study
from app.run import revisions
from app.run.surroundings import surroundings

Found = TypeVar("Found")

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="Its id or its title.")]


class PullUnlessNamed(TyperGroup):
    """`export STUDY` means `export pull STUDY`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in that was left out."""
        if args and args[0] not in {*self.commands, "--help"}:
            args.insert(0, "pull")
        return super().parse_args(ctx, args)


commands = typer.Typer()
study_commands = typer.Typer(help="Draft, open, close and list studies.", no_args_is_help=True)
dataset_commands = typer.Typer(help="Freeze and list datasets.", no_args_is_help=True)
export_commands = typer.Typer(
    help="Pull a dataset (export STUDY --format csv --out DIR), or verify a pulled folder.",
    cls=PullUnlessNamed,
    no_args_is_help=True,
)
commands.add_typer(study_commands, name="study")
commands.add_typer(dataset_commands, name="dataset")
commands.add_typer(export_commands, name="export")


@study_commands.command("list")
def list_studies() -> None:
    """All studies, the newest first."""

    async def show(database: Database) -> None:
        async with unit_of_work(database) as session:
            for study in await studies.list_(session):
                typer.echo(f"{study.id}  {study.state:6}  {study.title}")

    _run(show)


@study_commands.command("create")
def create_study(
    title: str,
    summary: Annotated[str, typer.Option(help="What it is about, in a sentence or two.")],
    sheet: Annotated[Path, typer.Option(exists=True, help="Its information sheet (Markdown).")],
) -> None:
    """Draft a study with its information sheet."""

    async def make(database: Database) -> None:
        async with unit_of_work(database) as session:
            study = await studies.create(session, title=title, summary=summary)
            await sheets.publish(session, study, body=sheet.read_text(encoding="utf-8"))
            typer.echo(f"{study.id}  drafted. Open it with: alongside study open {study.id}")

    _run(make)


@study_commands.command("sheet")
def publish_sheet(
    study: StudyName, file: Annotated[Path, typer.Argument(exists=True, help="Markdown.")]
) -> None:
    """Put a new version of the information sheet in force."""

    async def publish(database: Database) -> None:
        async with unit_of_work(database) as session:
            found = await _locked(session, study)
            made = await sheets.publish(session, found, body=file.read_text(encoding="utf-8"))
            typer.echo(f"Version {made.version} of the sheet of “{found.title}” is in force.")

    _run(publish)


@study_commands.command("open")
def open_study(study: StudyName) -> None:
    """Let members in."""
    _turn(study, studies.open_, "is open: members can read its sheet and join.")


@study_commands.command("close")
def close_study(study: StudyName) -> None:
    """End it: nobody joins any more and nothing more is recorded."""
    _turn(study, studies.close, "is closed.")


@dataset_commands.command("freeze")
def freeze_dataset(study: StudyName, as_: As = None) -> None:
    """Cut a dataset: who consents now, and what was recorded up to now."""

    async def cut(database: Database, operator: Operator) -> None:
        by = operator.who(Permission.RESEARCH_DATASETS_FREEZE)
        found = await _named(database, study)
        made = await freezing.freeze(database, found.id, by=by, community=totals.by_period)
        typer.echo(_line(made))

    _run_as(as_, cut)


@dataset_commands.command("list")
def list_datasets(study: StudyName, as_: As = None) -> None:
    """A study's datasets, the newest first."""

    async def show(database: Database, operator: Operator) -> None:
        operator.who(Permission.RESEARCH_DATASETS_READ)
        found = await _named(database, study)
        async with unit_of_work(database) as session:
            for dataset in await datasets.list_(session, found.id):
                typer.echo(_line(dataset))

    _run_as(as_, show)


@dataset_commands.command("pulls")
def list_pulls(study: StudyName, number: int, as_: As = None) -> None:
    """Who pulled a dataset, the newest first."""

    async def show(database: Database, operator: Operator) -> None:
        operator.who(Permission.RESEARCH_DATASETS_READ)
        found = await _named(database, study)
        dataset = await _numbered(database, found, number)
        async with unit_of_work(database) as session:
            for pull in await pulls.list_(session, dataset.id):
                who = pull.operator or pull.pulled_by
                typer.echo(f"{pull.pulled_at:%Y-%m-%d %H:%M} UTC  {pull.how}  {who}  {pull.what}")

    _run_as(as_, show)


@export_commands.command("pull")
def pull_dataset(
    study: StudyName,
    out: Annotated[Path, typer.Option(help="A folder that is empty or does not exist yet.")],
    format_: Annotated[Format, typer.Option("--format", help="csv or parquet.")] = Format.CSV,
    dataset: Annotated[
        int | None, typer.Option(help="Its number; otherwise the newest that is open.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Freeze a new one first.")] = False,
    as_: As = None,
) -> None:
    """Write a dataset of STUDY into a folder; freezes the first one if there is none."""
    folder = _place(out)

    async def write(database: Database, operator: Operator) -> None:
        by = operator.who(Permission.RESEARCH_DATASETS_PULL)
        found = await _named(database, study)
        chosen = None if fresh else await _numbered(database, found, dataset, is_needed=False)
        if chosen is None:
            freezer = operator.who(Permission.RESEARCH_DATASETS_FREEZE)
            chosen = await freezing.freeze(
                database, found.id, by=freezer, community=totals.by_period
            )
        pulled = await package.pull(database, chosen.id, format_=format_, folder=folder, by=by)
        typer.echo(f"{folder} holds {_line(pulled)}")

    _run_as(as_, write)


@export_commands.command("verify")
def verify_folder(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Check a pulled folder: files, hashes, counts and columns."""
    try:
        typer.echo(verify.check(folder))
    except BadPackageError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from problem


def _place(out: Path) -> Path:
    folder = out.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        typer.echo(f"{out} is there already and not empty: choose another folder.", err=True)
        raise typer.Exit(1)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder


def _run(act: Callable[[Database], Awaitable[Found]]) -> Found:
    """Act on the database of these surroundings; a refusal is one sentence and exit code 1."""
    return _run_with(lambda database, _: act(database))


def _run_as(email: str | None, act: Callable[[Database, Operator], Awaitable[Found]]) -> Found:
    """The same for acts that are someone's: they sign in first."""
    typed = sign_in.ask(email)

    async def signed_in(database: Database, settings: Settings) -> Found:
        await database.open()
        return await act(database, await sign_in.sign_in(database, settings, typed))

    return _run_with(signed_in)


def _run_with(act: Callable[[Database, Settings], Awaitable[Found]]) -> Found:
    with surroundings() as settings:
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
            typer.echo(problem.detail, err=True)
            raise typer.Exit(1) from problem


def _turn(name: str, act: Callable[[Any, Study], Awaitable[Study]], outcome: str) -> None:
    async def turn(database: Database) -> None:
        async with unit_of_work(database) as session:
            found = await act(session, await _locked(session, name))
            typer.echo(f"“{found.title}” {outcome}")

    _run(turn)


async def _locked(session: Any, name: str) -> Study:
    found = await studies.named(session, name)
    return await studies.access(session, found.id, is_researcher=True, lock="change")


async def _named(database: Database, name: str) -> Study:
    async with unit_of_work(database) as session:
        return await studies.named(session, name)


async def _numbered(
    database: Database, study: Study, number: int | None, *, is_needed: bool = True
) -> Any:
    async with unit_of_work(database) as session:
        found = await datasets.find_numbered(session, study.id, number)
    if found is None and (is_needed or number is not None):
        raise DatasetNotFoundError(f"“{study.title}” has no dataset {number}.")
    return found


def _line(dataset: Dataset) -> str:
    state = "closed" if dataset.closed_at else f"content {(dataset.sha256 or 'not read yet')[:12]}"
    people = rounded(dataset.participant_count)
    held = "fewer than 8" if people == WITHHELD else f"about {people}"
    return f"dataset {dataset.number} of {dataset.cut_off}: {held} participants, {state}"
