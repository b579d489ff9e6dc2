"""`alongside dataset` and `export`: freezing, attacking, downloading and verifying by command."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app.cli.acting import StudyName, named, run, run_as
from app.cli.attack import attack
from app.cli.sign_in import As, Operator
from app.core.db import Database, unit_of_work
from app.identity.permissions import Permission
from app.jobs.sources import OUTSIDE_SOURCES
from app.research import datasets, downloads, releases
from app.research.dataset_models import Dataset
from app.research.errors.datasets import BadPackageError, DatasetNotFoundError
from app.research.errors.releases import NotReleasedError
from app.research.exports import freezing, package, verify
from app.research.exports.writers import Format
from app.research.models import Study
from app.research.people_thresholds import rounded
from app.research.release_models import Released
from app.research.special_codes import WITHHELD


class DownloadUnlessNamed(TyperGroup):
    """`export STUDY` means `export download STUDY`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in that was left out."""
        if args and args[0] not in {*self.commands, "--help"}:
            args.insert(0, "download")
        return super().parse_args(ctx, args)


commands = typer.Typer()
dataset_commands = typer.Typer(help="Freeze, list and attack datasets.", no_args_is_help=True)
export_commands = typer.Typer(
    help="Download what was released (export STUDY --format csv --out DIR), or verify a download.",
    cls=DownloadUnlessNamed,
    no_args_is_help=True,
)
commands.add_typer(dataset_commands, name="dataset")
commands.add_typer(export_commands, name="export")


@dataset_commands.command("freeze")
def freeze_dataset(study: StudyName, as_: As = None) -> None:
    """Cut a dataset: who consents now, and what was recorded up to now."""

    async def cut(database: Database, operator: Operator) -> None:
        by = operator.requester(Permission.RESEARCH_DATASETS_FREEZE)
        found = await named(database, study)
        made = await freezing.freeze(database, found.id, by=by, sources=OUTSIDE_SOURCES)
        typer.echo(_line(made))

    run_as(as_, cut)


@dataset_commands.command("list")
def list_datasets(study: StudyName, as_: As = None) -> None:
    """A study's datasets, the newest first."""

    async def show(database: Database, operator: Operator) -> None:
        operator.requester(Permission.RESEARCH_DATASETS_READ)
        found = await named(database, study)
        async with unit_of_work(database) as session:
            for dataset in await datasets.list_(session, found.id):
                typer.echo(_line(dataset))

    run_as(as_, show)


@dataset_commands.command("attack")
def attack_dataset(
    study: StudyName,
    file: Annotated[Released, typer.Option(help="Which file is to leave.")] = Released.PERIODS,
    dataset: Annotated[
        int | None, typer.Option(help="Its number; otherwise the newest that is open.")
    ] = None,
) -> None:
    """Play seven attacks on a file that is to leave; exit code 1 when it may not."""

    async def play(database: Database) -> None:
        found = await _numbered(database, await named(database, study), dataset)
        await attack(database, found, file)

    run(play)


@dataset_commands.command("downloads")
def list_downloads(study: StudyName, number: int, as_: As = None) -> None:
    """Who downloaded a dataset, the newest first."""

    async def show(database: Database, operator: Operator) -> None:
        operator.requester(Permission.RESEARCH_DATASETS_READ)
        found = await named(database, study)
        dataset = await _numbered(database, found, number)
        async with unit_of_work(database) as session:
            for download in await downloads.list_(session, dataset):
                by = download.operator or download.pulled_by
                typer.echo(
                    f"{download.pulled_at:%Y-%m-%d %H:%M} UTC  {download.how}  {by}"
                    f"  {download.what}"
                )

    run_as(as_, show)


@export_commands.command("download")
def download_dataset(
    study: StudyName,
    out: Annotated[Path, typer.Option(help="A folder that is empty or does not exist yet.")],
    format_: Annotated[
        Format, typer.Option("--format", help="csv, parquet, sav (SPSS) or dta (Stata).")
    ] = Format.CSV,
    dataset: Annotated[
        int | None, typer.Option(help="Its number; otherwise the newest that was released.")
    ] = None,
    file: Annotated[
        Released,
        typer.Option(help="periods; or, by agreement, acts (single acts) or answers (exact rows)."),
    ] = Released.PERIODS,
    as_: As = None,
) -> None:
    """Write what was released of STUDY into a folder. Where nothing was, the first dataset is
    frozen and its release asked for."""
    folder = _place(out)

    async def write(database: Database, operator: Operator) -> None:
        by = operator.requester(Permission.RESEARCH_DATASETS_DOWNLOAD)
        found = await named(database, study)
        if dataset is None:
            chosen = await _newest_released(database, found, file)
        else:
            chosen = await _numbered(database, found, dataset)
        if chosen is None and file is Released.PERIODS:
            chosen = await _ask(database, found, operator)
        if chosen is None:
            raise NotReleasedError
        downloaded = await package.download(
            database, chosen.id, format_=format_, folder=folder, by=by, released=file
        )
        typer.echo(f"{folder} holds {_line(downloaded)}")

    run_as(as_, write)


async def _newest_released(database: Database, study: Study, file: Released) -> Dataset | None:
    async with unit_of_work(database) as session:
        return await releases.newest(session, study.id, file)


async def _ask(database: Database, study: Study, operator: Operator) -> Dataset | None:
    """Freeze the first dataset of a study that has none, and ask for its release."""
    async with unit_of_work(database) as session:
        if await datasets.list_(session, study.id):
            return None
    by = operator.requester(Permission.RESEARCH_DATASETS_FREEZE)
    dataset = await freezing.freeze(database, study.id, by=by, sources=OUTSIDE_SOURCES)
    async with unit_of_work(database) as session:
        await releases.ask(
            session,
            dataset,
            file=Released.PERIODS,
            agreement_id=None,
            note="",
            by=by.account_id,
        )
    typer.echo(f"Frozen, and its release asked for: {_line(dataset)}")
    return dataset


@export_commands.command("verify")
def verify_downloaded(downloaded: Annotated[Path, typer.Argument(metavar="DIR|ZIP")]) -> None:
    """Check a downloaded folder or zip: files, hashes, counts and columns."""
    try:
        typer.echo(verify.check(downloaded))
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


async def _numbered(
    database: Database, study: Study, number: int | None, *, is_needed: bool = True
) -> Any:
    async with unit_of_work(database) as session:
        found = await datasets.find_numbered(session, study.id, number)
    if found is None and (is_needed or number is not None):
        which = "open dataset" if number is None else f"dataset {number}"
        raise DatasetNotFoundError(f"“{study.title}” has no {which}.")
    return found


def _line(dataset: Dataset) -> str:
    state = "closed" if dataset.closed_at else f"content {(dataset.sha256 or 'not read yet')[:12]}"
    people = rounded(dataset.participant_count)
    held = "fewer than 8" if people == WITHHELD else f"about {people}"
    return f"dataset {dataset.number} of {dataset.cut_off}: {held} participants, {state}"
