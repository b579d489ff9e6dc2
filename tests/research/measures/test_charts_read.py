"""Charts of an evaluation as they are read: by the team, while their dataset is open."""

import asyncio
import json
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.identity.roles import Role
from app.research import evaluation_process
from app.research.dataset_models import Dataset
from app.research.exports.succession import succeed
from tests.people import People, SignedIn
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told
from tests.research.factories import Frozen, later, withdraw
from tests.research.over_http import ask
from tests.support.waiting import ended, eventually

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>60%</text></svg>'
PARTS = [made.curve("retention", 0, 28), told.share("stayed_84", 60, 100, "Stayed")]
LINE = {
    "measure": "retention",
    "parts": PARTS,
    "why": "",
    "charts": {"retention": SVG, "gone": SVG},
}


def _path(dataset: Dataset, name: str = "retention", measure: str = "retention") -> str:
    return f"/datasets/{dataset.id}/evaluation/charts/{measure}/{name}"


def _address(path: str) -> str:
    return f"/api/v1{path}"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In place of the process that computes, one that finds one measure with its chart."""
    (tmp_path / "line").write_text(json.dumps(LINE) + "\n")
    monkeypatch.setattr(evaluation_process, "COMMAND", ("sh", "-c", f"cat {tmp_path}/line"))


@pytest.fixture
async def computed(
    database: Database, frozen: Frozen, researcher: SignedIn, at_once: None
) -> Dataset:
    """A dataset whose evaluation has one measure with a chart."""
    path = f"/datasets/{frozen[1].id}/evaluation"
    begun = await ask(researcher, "POST", path, status=201)
    await evaluation_process.evaluate(database, UUID(begun["id"]))
    return frozen[1]


async def test_the_team_reads_a_chart_that_runs_nothing_and_asks_for_nothing(
    computed: Dataset, researcher: SignedIn
) -> None:
    read = await researcher.client.get(_address(_path(computed)))
    assert (read.status_code, read.text) == (200, SVG)
    assert read.headers["content-type"].startswith("image/svg+xml")
    assert read.headers["cache-control"] == "private, no-cache"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert read.headers["content-security-policy"] == policy
    assert read.headers["x-content-type-options"] == "nosniff"
    again = await researcher.client.get(
        _address(_path(computed)), headers={"If-None-Match": read.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_a_result_names_its_charts_and_says_them_in_words(
    computed: Dataset, researcher: SignedIn
) -> None:
    found = await ask(researcher, "GET", f"/datasets/{computed.id}/evaluation")
    [chart] = found["results"][0]["charts"]
    assert (chart["name"], chart["parts"]) == ("retention", ["retention"])
    assert "of about 501 people at the beginning, 99.0% are still there" in chart["alternative"]
    assert "charts" not in found["results"][0]["parts"][0]


@pytest.mark.parametrize(
    ("measure", "name"), [("retention", "stayed_84"), ("reach", "retention"), ("x", "y")]
)
async def test_there_is_none_of_what_was_not_drawn(
    computed: Dataset, researcher: SignedIn, measure: str, name: str
) -> None:
    refused = await ask(researcher, "GET", _path(computed, name, measure), status=404)
    assert refused["type"] == "chart-not-found"


async def test_there_is_none_before_anything_was_computed(
    frozen: Frozen, researcher: SignedIn
) -> None:
    refused = await ask(researcher, "GET", _path(frozen[1]), status=404)
    assert refused["type"] == "chart-not-found"


@pytest.mark.parametrize("role", [Role.MODERATOR, None])
async def test_nobody_else_reads_one(computed: Dataset, people: People, role: Role | None) -> None:
    other = await people.member("Rowan", roles=(role,) if role else ())
    await ask(other, "GET", _path(computed), status=403)


async def test_a_chart_goes_with_its_dataset_in_the_moment_of_an_erasure(
    database: Database, frozen: Frozen, computed: Dataset, researcher: SignedIn
) -> None:
    study, _, members = frozen
    with clock.at(later(days=4)):
        await withdraw(database, study, members[0], erase=True)
        await ask(researcher, "GET", _path(computed), status=404)
        await succeed(database, computed.id)
        await ask(researcher, "GET", _path(computed), status=404)


async def test_what_was_drawn_before_it_was_stopped_stays(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    at_once: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evaluation_process, "LOOK", 0.05)
    command = f"{evaluation_process.COMMAND[-1]}; exec sleep 1000"
    monkeypatch.setattr(evaluation_process, "COMMAND", ("sh", "-c", command))
    path = f"/datasets/{frozen[1].id}/evaluation"
    begun = UUID((await ask(researcher, "POST", path, status=201))["id"])
    running = asyncio.create_task(evaluation_process.evaluate(database, begun))

    async def found() -> bool:
        return bool((await ask(researcher, "GET", path))["results"])

    await eventually(found)
    await ask(researcher, "POST", f"{path}/cancellation")
    await ended(running)
    read = await researcher.client.get(_address(_path(frozen[1])))
    assert read.text == SVG


async def test_a_result_of_before_there_were_charts_has_none(
    frozen: Frozen, researcher: SignedIn, connection: AnyConnection
) -> None:
    path = f"/datasets/{frozen[1].id}/evaluation"
    begun = await ask(researcher, "POST", path, status=201)
    await connection.execute(
        "UPDATE research.evaluations SET state = 'running' WHERE id = %s", (begun["id"],)
    )
    await connection.execute(_PUT, (json.dumps(PARTS), begun["id"]))
    found = await ask(researcher, "GET", path)
    assert [one["charts"] for one in found["results"]] == [[]]
    await ask(researcher, "GET", _path(frozen[1]), status=404)


_PUT = (
    "INSERT INTO research.measure_results (study_id, dataset_id, evaluation_id, measure, parts,"
    " why, found_at) SELECT study_id, dataset_id, id, 'retention', %s, '', now()"
    " FROM research.evaluations WHERE id = %s"
)
_PUT_CHARTS = _PUT.replace("found_at)", "found_at, charts)").replace("now()", "now(), %s")


@pytest.mark.parametrize(
    "charts", ["[]", '{"retention": 1}', json.dumps({"retention": "x" * 8_000_000})]
)
async def test_the_database_refuses_what_is_no_chart_and_what_is_too_long(
    frozen: Frozen, researcher: SignedIn, connection: AnyConnection, charts: str
) -> None:
    begun = await ask(researcher, "POST", f"/datasets/{frozen[1].id}/evaluation", status=201)
    await connection.execute(
        "UPDATE research.evaluations SET state = 'running' WHERE id = %s", (begun["id"],)
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_measure_results_charts"):
        await connection.execute(_PUT_CHARTS, ("[]", charts, begun["id"]))
