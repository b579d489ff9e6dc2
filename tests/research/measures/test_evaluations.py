"""All measures of a dataset: asked for over HTTP, computed by the job, stopped, and gone with the
dataset."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import psutil
import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import datasets, evaluation_process, inside_columns, tasks
from app.research.bands import Options
from app.research.dataset_models import Dataset
from app.research.errors.evaluations import EvaluationNotFoundError
from app.research.exports.succession import succeed
from app.research.measures import catalogue, computing
from app.research.measures.dataset_frames import Frames
from tests.people import People, SignedIn
from tests.research.factories import START, Frozen, freeze, later, opened, several, withdraw
from tests.research.over_http import Json, ask
from tests.research.recorded import context
from tests.support.waiting import ended, eventually

NAMES = [one.name for one in catalogue.ALL]


def _path(dataset: Dataset) -> str:
    return f"/datasets/{dataset.id}/evaluation"


@pytest.fixture
async def checker(people: People) -> SignedIn:
    """Decides what leaves; computes nothing."""
    return await people.member("Kit", roles=(Role.CHECKER,))


async def test_a_researcher_asks_the_job_computes_and_a_checker_reads(
    database: Database, frozen: Frozen, researcher: SignedIn, checker: SignedIn
) -> None:
    path = _path(frozen[1])
    none = await ask(checker, "GET", path, status=404)
    assert none["type"] == "evaluation-not-found"
    begun = await ask(researcher, "POST", path, status=201)
    assert (begun["state"], begun["measures"], begun["results"]) == ("waiting", NAMES, [])
    again = await ask(researcher, "POST", path, status=201)
    assert again["id"] == begun["id"], "it is under way already"
    await tasks.evaluate(context(database), begun["id"])
    found = await ask(checker, "GET", path)
    assert (found["state"], [one["measure"] for one in found["results"]]) == ("done", NAMES)
    # Six people: each figure is held back, and said to be.
    figures = [part for one in found["results"] for part in one["parts"]]
    assert figures
    assert all(part["why"] for part in figures if part["kind"] != "counts")
    await evaluation_process.evaluate(database, UUID(begun["id"]))
    assert await ask(researcher, "POST", path, status=201) == found, "the same once it is done"
    await ask(checker, "POST", path, status=403)


async def test_every_measure_is_listed_with_its_definition(researcher: SignedIn) -> None:
    listed = (await ask(researcher, "GET", "/measures"))["items"]
    assert [one["name"] for one in listed] == NAMES
    for one, declared in zip(listed, catalogue.ALL, strict=True):
        kept = asdict(declared)
        assert one == {name: kept[name] for name in one} | {"left_out": list(declared.left_out)}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the process that computes, one that finds one measure and ends."""
    line = json.dumps({"measure": NAMES[0], "parts": [], "why": "Found.", "charts": {}})
    monkeypatch.setattr(evaluation_process, "COMMAND", ("sh", "-c", f"echo '{line}'"))


async def test_what_another_version_of_the_software_computed_is_computed_again(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    at_once: None,
) -> None:
    path = _path(frozen[1])
    begun = await ask(researcher, "POST", path, status=201)
    await evaluation_process.evaluate(database, UUID(begun["id"]))
    monkeypatch.setattr(datasets, "SOFTWARE", "alongside 99")
    assert (await ask(researcher, "POST", path, status=201))["id"] != begun["id"]


async def test_it_can_be_stopped_and_begun_again(
    database: Database, frozen: Frozen, researcher: SignedIn
) -> None:
    path = _path(frozen[1])
    await ask(researcher, "POST", f"{path}/cancellation", status=404)
    begun = await ask(researcher, "POST", path, status=201)
    stopped = await ask(researcher, "POST", f"{path}/cancellation")
    assert (stopped["state"], stopped["results"]) == ("cancelled", [])
    await evaluation_process.evaluate(database, UUID(begun["id"]))
    assert await ask(researcher, "GET", path) == stopped, "a job that comes late does nothing"
    assert await ask(researcher, "POST", f"{path}/cancellation") == stopped
    assert (await ask(researcher, "POST", path, status=201))["id"] != begun["id"]


@pytest.fixture
def pid_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """In place of the process that computes, one that finds one measure and never ends by itself;
    where it writes who it is."""
    line = json.dumps({"measure": NAMES[0], "parts": [], "why": "Found.", "charts": {}})
    script = f"echo $$ > {tmp_path}/pid; echo '{line}'; exec sleep 1000"
    monkeypatch.setattr(evaluation_process, "COMMAND", ("sh", "-c", script))
    monkeypatch.setattr(evaluation_process, "LOOK", 0.05)
    return tmp_path / "pid"


def _has_ended(pid_file: Path) -> bool:
    return not psutil.pid_exists(int(pid_file.read_text()))


async def _found_one(researcher: SignedIn, path: str) -> Json | None:
    found = await ask(researcher, "GET", path)
    return found if found["results"] else None


async def test_stopping_ends_the_process_in_the_middle_of_a_measure(
    database: Database, frozen: Frozen, researcher: SignedIn, pid_file: Path
) -> None:
    path = _path(frozen[1])
    begun = UUID((await ask(researcher, "POST", path, status=201))["id"])
    running = asyncio.create_task(evaluation_process.evaluate(database, begun))
    seen = await eventually(lambda: _found_one(researcher, path))
    assert seen is not None
    assert seen["state"] == "running"
    await ask(researcher, "POST", f"{path}/cancellation")
    await ended(running)
    assert _has_ended(pid_file)
    stopped = await ask(researcher, "GET", path)
    assert (stopped["state"], len(stopped["results"])) == ("cancelled", 1)


async def test_a_result_that_comes_after_it_was_stopped_is_not_kept(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    first, second = (
        json.dumps({"measure": name, "parts": [], "why": "Found.", "charts": {}})
        for name in NAMES[:2]
    )
    script = (
        f"echo '{first}'; while [ ! -e {tmp_path}/go ]; do sleep 0.02; done;"
        f" echo '{second}'; exec sleep 1000"
    )
    monkeypatch.setattr(evaluation_process, "COMMAND", ("sh", "-c", script))
    monkeypatch.setattr(evaluation_process, "LOOK", 1_000)
    path = _path(frozen[1])
    begun = UUID((await ask(researcher, "POST", path, status=201))["id"])
    running = asyncio.create_task(evaluation_process.evaluate(database, begun))
    await eventually(lambda: _found_one(researcher, path))
    await ask(researcher, "POST", f"{path}/cancellation")
    await asyncio.to_thread((tmp_path / "go").touch)
    await ended(running)
    stopped = await ask(researcher, "GET", path)
    assert [one["measure"] for one in stopped["results"]] == NAMES[:1]


async def test_there_is_none_that_nobody_asked_for(database: Database) -> None:
    with pytest.raises(EvaluationNotFoundError):
        await evaluation_process.evaluate(database, new_id())


async def test_an_erasure_ends_the_process_and_takes_what_was_found(
    database: Database, researcher: SignedIn, pid_file: Path
) -> None:
    study = await opened(database)
    with clock.at(START):
        first, *_ = await several(database, study, 6)
    with clock.at(later(days=1)):
        dataset = await freeze(database, study)
        path = _path(dataset)
        begun = UUID((await ask(researcher, "POST", path, status=201))["id"])
        running = asyncio.create_task(evaluation_process.evaluate(database, begun))
        await eventually(lambda: _found_one(researcher, path))
        await withdraw(database, study, first, erase=True)
        await ended(running)
        assert _has_ended(pid_file)
        assert (await ask(researcher, "GET", path))["state"] == "cancelled"
        made = await succeed(database, dataset.id)
    assert made is not None
    assert (await ask(researcher, "GET", path))["results"] == []
    refused = await ask(researcher, "POST", path, status=409)
    assert refused["type"] == "dataset-closed"


async def test_a_dataset_that_closed_before_the_job_came_is_not_computed(
    database: Database, frozen: Frozen, researcher: SignedIn
) -> None:
    study, dataset, members = frozen
    begun = await ask(researcher, "POST", _path(dataset), status=201)
    with clock.at(later(days=4)):
        await withdraw(database, study, members[0], erase=True)
        await succeed(database, dataset.id)
        await evaluation_process.evaluate(database, UUID(begun["id"]))
    assert (await ask(researcher, "GET", _path(dataset)))["state"] == "cancelled"


async def test_a_process_that_fails_is_told_and_can_be_begun_again(
    database: Database, frozen: Frozen, researcher: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _path(frozen[1])
    begun = await ask(researcher, "POST", path, status=201)
    monkeypatch.setattr(evaluation_process, "COMMAND", ("false",))
    await evaluation_process.evaluate(database, UUID(begun["id"]))
    assert (await ask(researcher, "GET", path))["state"] == "failed"
    assert (await ask(researcher, "POST", path, status=201))["id"] != begun["id"]


async def test_work_that_was_cut_off_goes_on_with_what_is_missing(
    database: Database, frozen: Frozen, researcher: SignedIn, connection: AnyConnection
) -> None:
    begun = await ask(researcher, "POST", _path(frozen[1]), status=201)
    for query in (
        "UPDATE research.evaluations SET state = 'running' WHERE id = %s",
        "INSERT INTO research.measure_results (study_id, dataset_id, evaluation_id, measure, parts,"
        " why, found_at) SELECT study_id, dataset_id, id, measures[1], '[]', 'before', now()"
        " FROM research.evaluations WHERE id = %s",
    ):
        await connection.execute(query.encode(), (begun["id"],))
    await evaluation_process.evaluate(database, UUID(begun["id"]))
    found = await ask(researcher, "GET", _path(frozen[1]))
    assert [one["measure"] for one in found["results"]] == NAMES
    assert found["results"][0]["why"] == "before"


async def test_the_database_keeps_what_has_ended(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    connection: AnyConnection,
    at_once: None,
) -> None:
    begun = await ask(researcher, "POST", _path(frozen[1]), status=201)
    await evaluation_process.evaluate(database, UUID(begun["id"]))
    for query in (
        "UPDATE research.evaluations SET state = 'failed' WHERE id = %s",
        "DELETE FROM research.evaluations WHERE id = %s",
        "UPDATE research.measure_results SET why = 'No.' WHERE evaluation_id = %s",
        "INSERT INTO research.measure_results SELECT study_id, dataset_id, id, 'other', '[]', '',"
        " now() FROM research.evaluations WHERE id = %s",
    ):
        with pytest.raises(psycopg.Error, match=r"stays|append-only|while its evaluation runs"):
            async with connection.transaction():
                await connection.execute(query.encode(), (begun["id"],))


async def test_two_evaluations_of_one_dataset_never_run_beside_each_other(
    frozen: Frozen, researcher: SignedIn, connection: AnyConnection
) -> None:
    begun = await ask(researcher, "POST", _path(frozen[1]), status=201)
    with pytest.raises(psycopg.errors.UniqueViolation, match="uq_evaluations_dataset_id"):
        await connection.execute(
            "INSERT INTO research.evaluations (id, study_id, dataset_id, measures,"
            " software_version, asked_by, asked_at) SELECT gen_random_uuid(), study_id, dataset_id,"
            " measures, software_version, asked_by, now() FROM research.evaluations WHERE id = %s",
            (begun["id"],),
        )


def test_a_dataset_of_before_says_of_each_measure_what_it_lacks() -> None:
    found = list(computing.compute(Frames(Options(), {}), catalogue.ALL))
    assert [one.measure for one in found] == NAMES
    for one, declared in zip(found, catalogue.ALL, strict=True):
        assert one.parts == ()
        if set(declared.needs) <= {*inside_columns.FILES, "doses"}:
            assert "was frozen without" in one.why
