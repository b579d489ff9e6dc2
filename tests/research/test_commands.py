"""The commands as they are typed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.core import clock
from app.core.db import Database
from app.identity.roles import Role
from app.research.models import Study
from tests.people import PASSWORD, Person, code_soon, someone
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import START, freeze, later, opened, release, several, withdraw
from tests.support.settings import environment_for, settings_for
from tests.support.signed_off import signed_off
from tests.support.signed_plans import signed_plan

Run = Callable[..., str]


@pytest.fixture
async def researcher(database: Database) -> Person:
    """Of the demo, whose codes work more than once."""
    return await someone(
        database,
        settings_for(database.settings.url),
        roles=(Role.RESEARCHER,),
        has_second_factor=True,
        is_demo=True,
    )


@pytest.fixture
def run(database_url: str, researcher: Person, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `alongside ...` in a thread with a loop of its own; returns what it said."""
    for name, value in environment_for(database_url, 8000, DEMO="1").items():
        monkeypatch.setenv(name, value)

    def invoke(*words: object, code: int = 0, **env: str) -> str:
        told = {
            "ALONGSIDE_EMAIL": researcher.email,
            "ALONGSIDE_PASSWORD": PASSWORD,
            "ALONGSIDE_CODE": code_soon(),
        }
        with ThreadPoolExecutor(1) as pool:
            line = list(map(str, words))
            runner = CliRunner(env={**told, **env})
            result = pool.submit(runner.invoke, build(line[0]), line).result(60)
        assert result.exit_code == code, (result.output, result.exception)
        return result.output

    return invoke


@pytest.fixture
async def study(database: Database) -> Study:
    """Six people who have each published once."""
    made = await opened(database, "Being heard")
    with clock.at(START):
        members = await several(database, made, 6)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member) for member in members])
    return made


async def test_a_study_is_drafted_opened_and_closed(
    run: Run, tmp_path: Path, database: Database
) -> None:
    sheet = tmp_path / "sheet.md"
    sheet.write_text("Please **read**.")
    made = run("study", "create", "Evenings", "--summary", "How they go.", "--sheet", sheet)
    assert "drafted" in made
    assert (
        "another study has this title"
        in run("study", "create", "Evenings", "--summary", "x", "--sheet", sheet, code=1).lower()
    )
    assert "Only an open study" in run("study", "close", "Evenings", code=1)
    assert "its information sheet" in run("study", "open", "evenings", code=1)
    await signed_off(database, made.split()[0])
    assert "is open" in run("study", "open", "evenings")
    assert "says exactly this already" in run("study", "sheet", "Evenings", sheet, code=1)
    sheet.write_text("Please **read** this.")
    later_sheet = run("study", "sheet", "Evenings", sheet)
    assert "Version 2 of the sheet of “Evenings” waits for an adviser" in later_sheet
    assert "is closed" in run("study", "close", made.split()[0])
    assert "closed  Evenings" in run("study", "list")
    assert "no study with the id or title" in run("study", "open", "Mornings", code=1)
    assert "isn't signed yet" in run("dataset", "freeze", "Evenings", code=1)
    await signed_plan(database, made.split()[0])
    assert "too few people in this study" in run("dataset", "freeze", "Evenings", code=1)


@pytest.mark.parametrize("format_", ["csv", "parquet", "sav", "dta"])
async def test_a_dataset_is_downloaded_and_verified(
    run: Run, study: Study, database: Database, researcher: Person, tmp_path: Path, format_: str
) -> None:
    await release(database, await freeze(database, study))
    folder = tmp_path / "deep" / "out"
    said = run("export", study.title, "--format", format_, "--out", folder)
    assert "dataset 1" in said
    assert run("export", "verify", folder).startswith("Whole and untouched: dataset 1")
    again = tmp_path / "again"
    run("export", study.id, "--format", format_, "--out", again, "--dataset", 1)
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()
    (folder / f"periods.{format_}").unlink()
    assert f"periods.{format_} is missing." in run("export", "verify", folder, code=1)
    log = run("dataset", "downloads", study.title, 1)
    assert log.count(f"command_line  {researcher.account_id}  all") == 2


async def test_where_nothing_was_released_the_first_export_asks_for_it(
    run: Run, study: Study, database: Database, tmp_path: Path
) -> None:
    for _ in range(2):
        refused = run("export", study.title, "--out", tmp_path / "out", code=1)
        assert "A checker who did not ask for it" in refused
    assert not (tmp_path / "out").exists()
    assert len(run("dataset", "list", study.id).splitlines()) == 1
    acts = run("export", study.title, "--file", "acts", "--out", tmp_path / "out", code=1)
    assert "checker" in acts


async def test_what_goes_wrong_is_one_sentence(run: Run, study: Study, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("keep me")
    assert "not empty" in run("export", study.title, "--out", full, code=1)
    assert (full / "mine.txt").read_text() == "keep me"
    missing = run("export", study.title, "--out", tmp_path / "a", "--dataset", 7, code=1)
    assert "has no dataset 7" in missing
    assert "has no dataset 7" in run("dataset", "downloads", study.title, 7, code=1)
    assert "no study" in run("export", "Nothing", "--out", tmp_path / "b", code=1)
    assert "is neither a folder nor a zip" in run("export", "verify", tmp_path / "c", code=1)


async def test_after_an_erasure_what_was_released_before_is_downloaded_no_more(
    run: Run, database: Database, tmp_path: Path
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 6)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member) for member in members])
    await release(database, await freeze(database, study))
    run("export", study.id, "--out", tmp_path / "first")
    await withdraw(database, study, members[0], erase=True)
    closed = run("export", study.id, "--out", tmp_path / "x", "--dataset", 1, code=1)
    assert "This dataset is closed. Someone in it has had everything erased" in closed
    listed = run("dataset", "list", study.id).splitlines()
    assert "closed" in listed[-1]
