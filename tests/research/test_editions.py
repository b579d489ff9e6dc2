"""Editions: asked for, rendered by a job in a process of its own, followed, stopped."""

import asyncio
import json
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import edition_making, tasks
from app.research.documents.edition_kinds import EditionKind
from app.research.edition_models import FileName
from app.research.errors.editions import EditionNotFoundError
from app.research.exports.succession import succeed
from tests.people import People, SignedIn
from tests.research.factories import Frozen, later, opened, withdraw
from tests.research.made_editions import AT_ONCE, KIND, computed, make, write
from tests.research.over_http import Json, ask
from tests.research.recorded import context
from tests.support.waiting import ended, eventually


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition_making, "COMMAND", AT_ONCE)


@pytest.fixture
async def adviser(people: People) -> SignedIn:
    return await people.member("Linden", roles=(Role.ADVISER,))


async def _begin(researcher: SignedIn, frozen: Frozen, *, status: int = 201) -> Json:
    asked = {"kind": KIND, "dataset_id": str(frozen[1].id)}
    return await ask(researcher, "POST", f"/studies/{frozen[0].id}/editions", asked, status=status)


async def test_an_edition_is_made_with_the_newest_text_and_its_files_are_read(
    database: Database, frozen: Frozen, researcher: SignedIn, adviser: SignedIn, at_once: None
) -> None:
    early = await _begin(researcher, frozen, status=409)
    assert early["type"] == "measures-not-computed"
    await computed(database, frozen[1])
    await write(researcher, frozen[1], "Of all, [[retention.kept_84]] stayed.")
    begun = await _begin(researcher, frozen)
    assert (begun["number"], begun["state"], begun["text_version"]) == (1, "waiting", 1)
    assert (await _begin(researcher, frozen))["id"] == begun["id"], "it is under way already"
    await ask(adviser, "GET", f"/editions/{begun['id']}/files/html", status=404)
    await tasks.make_edition(context(database), begun["id"])
    made = await ask(adviser, "GET", f"/editions/{begun['id']}")
    assert (made["state"], made["done"], made["of"], made["is_mine"]) == ("ready", 2, 2, False)
    assert [one["what"] for one in made["steps"]] == ["made", "ready"]
    assert [one["name"] for one in made["files"]] == ["html", "pdf"]
    page = await adviser.client.get(f"/api/v1/editions/{begun['id']}/files/html")
    material = json.loads(page.text)
    assert material["results"][0]["measure"] == "retention"
    assert list(material["texts"].values()) == ["Of all, [[retention.kept_84]] stayed."]
    assert material["plan"]["version"] == 1
    assert page.headers["content-disposition"] == 'inline; filename="early-findings-1.html"'
    await tasks.make_edition(context(database), begun["id"])
    assert await ask(adviser, "GET", f"/editions/{begun['id']}") == made, "made once"
    assert (await _begin(researcher, frozen))["number"] == 2, "the next one is another"


async def test_only_researchers_have_editions_made(
    frozen: Frozen, people: People, adviser: SignedIn, researcher: SignedIn
) -> None:
    checker = await people.member(roles=(Role.CHECKER,))
    for one in (checker, adviser, await people.member()):
        await _begin(one, frozen, status=403)
    await ask(checker, "GET", f"/studies/{frozen[0].id}/editions")
    await ask(adviser, "GET", f"/studies/{frozen[0].id}/editions", status=403)
    await ask(researcher, "GET", f"/editions/{new_id()}", status=404)


async def test_a_dataset_of_another_study_gives_no_edition(
    database: Database, frozen: Frozen, researcher: SignedIn
) -> None:
    other = await opened(database)
    asked = {"kind": KIND, "dataset_id": str(frozen[1].id)}
    await ask(researcher, "POST", f"/studies/{other.id}/editions", asked, status=404)


async def test_there_is_none_that_nobody_asked_for(database: Database) -> None:
    with pytest.raises(EditionNotFoundError):
        await edition_making.make(database, new_id())


@pytest.fixture
def pid_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """In place of the process that renders, one that never ends by itself; where it writes who it
    is."""
    script = f'echo $$ > {tmp_path}/pid; echo \'{{"done": 1, "of": 9}}\'; exec sleep 1000'
    monkeypatch.setattr(edition_making, "COMMAND", ("sh", "-c", script))
    monkeypatch.setattr(edition_making, "LOOK", 0.05)
    return tmp_path / "pid"


def _has_ended(pid_file: Path) -> bool:
    return not psutil.pid_exists(int(pid_file.read_text()))


async def _rendering(researcher: SignedIn, edition: Json) -> Json | None:
    found = await ask(researcher, "GET", f"/editions/{edition['id']}")
    return found if found["done"] else None


async def test_stopping_ends_the_process_and_leaves_no_file(
    database: Database, frozen: Frozen, researcher: SignedIn, pid_file: Path
) -> None:
    await computed(database, frozen[1])
    begun = await _begin(researcher, frozen)
    running = asyncio.create_task(edition_making.make(database, UUID(begun["id"])))
    seen = await eventually(lambda: _rendering(researcher, begun))
    assert seen is not None
    assert (seen["state"], seen["done"], seen["of"]) == ("rendering", 1, 9)
    path = f"/editions/{begun['id']}/cancellation"
    stopped = await ask(researcher, "POST", path)
    await ended(running)
    assert _has_ended(pid_file)
    assert (stopped["state"], stopped["files"]) == ("cancelled", [])
    assert await ask(researcher, "POST", path) == stopped, "what has ended stays"
    assert [one["what"] for one in stopped["steps"]] == ["made", "cancelled"]


async def test_an_edition_that_was_stopped_while_its_files_were_read_keeps_none(
    database: Database, frozen: Frozen, researcher: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await computed(database, frozen[1])
    begun = await _begin(researcher, frozen)
    script = 'cp "$1/material.json" "$1/edition.html"; cp "$1/material.json" "$1/edition.pdf"'
    monkeypatch.setattr(edition_making, "COMMAND", ("sh", "-c", script, "sh"))
    kept = edition_making._keep

    async def late(*given: object) -> None:
        await ask(researcher, "POST", f"/editions/{begun['id']}/cancellation")
        await kept(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(edition_making, "_keep", late)
    await edition_making.make(database, UUID(begun["id"]))
    found = await ask(researcher, "GET", f"/editions/{begun['id']}")
    assert (found["state"], found["files"]) == ("cancelled", [])


async def test_an_erasure_in_the_middle_ends_the_process_and_withdraws_the_edition(
    database: Database, frozen: Frozen, researcher: SignedIn, pid_file: Path
) -> None:
    study, dataset, members = frozen
    await computed(database, dataset)
    begun = await _begin(researcher, frozen)
    running = asyncio.create_task(edition_making.make(database, UUID(begun["id"])))
    await eventually(lambda: _rendering(researcher, begun))
    with clock.at(later(days=4)):
        await withdraw(database, study, members[0], erase=True)
    await ended(running)
    assert _has_ended(pid_file)
    found = await ask(researcher, "GET", f"/editions/{begun['id']}")
    assert (found["state"], found["files"]) == ("withdrawn", [])
    refused = await _begin(researcher, frozen, status=409)
    assert refused["type"] == "dataset-closed"


async def test_an_erasure_withdraws_what_is_ready_and_its_files_are_gone_at_once(
    database: Database, frozen: Frozen, researcher: SignedIn, at_once: None
) -> None:
    study, dataset, members = frozen
    await computed(database, dataset)
    made = await make(database, researcher, dataset)
    with clock.at(later(days=4)):
        await withdraw(database, study, members[0], erase=True)
        found = await ask(researcher, "GET", f"/editions/{made['id']}")
        assert (found["state"], found["files"]) == ("withdrawn", [])
        await ask(researcher, "GET", f"/editions/{made['id']}/files/pdf", status=404)
        made_again = await succeed(database, dataset.id)
    assert made_again is not None


async def test_a_process_that_fails_is_told_and_can_be_begun_again(
    database: Database, frozen: Frozen, researcher: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await computed(database, frozen[1])
    begun = await _begin(researcher, frozen)
    monkeypatch.setattr(edition_making, "COMMAND", ("false",))
    await edition_making.make(database, UUID(begun["id"]))
    found = await ask(researcher, "GET", f"/editions/{begun['id']}")
    assert (found["state"], found["steps"][-1]["what"]) == ("failed", "failed")
    assert found["why"] == found["steps"][-1]["note"] == edition_making.FAILED
    assert (await _begin(researcher, frozen))["id"] != begun["id"]


async def test_a_process_that_was_killed_is_begun_once_more(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    await computed(database, frozen[1])
    begun = await _begin(researcher, frozen)
    killed = f"if mkdir {tmp_path}/once; then kill -9 $$; fi; {AT_ONCE[2]}"
    monkeypatch.setattr(edition_making, "COMMAND", ("sh", "-c", killed, "sh"))
    await edition_making.make(database, UUID(begun["id"]))
    assert (await ask(researcher, "GET", f"/editions/{begun['id']}"))["state"] == "ready"
    again = await _begin(researcher, frozen)
    monkeypatch.setattr(edition_making, "COMMAND", ("sh", "-c", "kill -9 $$"))
    await edition_making.make(database, UUID(again["id"]))
    assert (await ask(researcher, "GET", f"/editions/{again['id']}"))["state"] == "failed"


async def test_work_that_was_cut_off_by_a_power_cut_is_done_again(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    connection: AnyConnection,
    at_once: None,
) -> None:
    await computed(database, frozen[1])
    begun = await _begin(researcher, frozen)
    await connection.execute(
        "UPDATE research.editions SET state = 'rendering', done = 1, parts = 9 WHERE id = %s",
        (begun["id"],),
    )
    await edition_making.make(database, UUID(begun["id"]))
    found = await ask(researcher, "GET", f"/editions/{begun['id']}")
    assert (found["state"], found["done"], found["of"]) == ("ready", 2, 2)


async def test_the_real_process_renders_and_after_a_power_cut_the_same_bytes(
    database: Database, frozen: Frozen, researcher: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await computed(database, frozen[1])
    await write(researcher, frozen[1], "[[retention.kept_84]] #panic() <b>bold</b>")
    begun = await _begin(researcher, frozen)
    rendered: dict[FileName, bytes] = {}

    async def lost(_database: Database, _id: UUID, folder: Path) -> None:
        rendered.update(edition_making._read(folder))

    with monkeypatch.context() as patch:
        patch.setattr(edition_making, "_keep", lost)
        await edition_making.make(database, UUID(begun["id"]))
    cut_off = await ask(researcher, "GET", f"/editions/{begun['id']}")
    assert (cut_off["state"], cut_off["files"]) == ("rendering", []), "nothing half is there"
    await edition_making.make(database, UUID(begun["id"]))
    made = await ask(researcher, "GET", f"/editions/{begun['id']}")
    assert made["state"] == "ready", made["why"]
    assert 0 < made["done"] == made["of"]
    path = f"/api/v1/editions/{made['id']}/files"
    page = await researcher.client.get(f"{path}/html")
    assert "#panic() &lt;b&gt;bold&lt;/b&gt;" in page.text, "shown as it was typed"
    assert "<script" not in page.text
    pdf = await researcher.client.get(f"{path}/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"
    assert page.content == rendered[FileName.HTML]
    assert pdf.content == rendered[FileName.PDF]


#: How the kinds say that nothing can be shown, each in its own words.
SAYS_SO = ("oo few people", "held back", "about a few people only")


async def test_every_kind_is_made_of_figures_that_are_all_held_back_and_says_so(
    database: Database, frozen: Frozen, researcher: SignedIn
) -> None:
    """Six people: nothing may be told of so few."""
    dataset = frozen[1]
    begun = await ask(researcher, "POST", f"/datasets/{dataset.id}/evaluation", status=201)
    await tasks.evaluate(context(database), begun["id"])
    silent = []
    for kind in EditionKind:
        made = await make(database, researcher, dataset, kind)
        assert made["state"] == "ready", (kind, made["why"])
        path = f"/api/v1/editions/{made['id']}/files"
        page = (await researcher.client.get(f"{path}/html")).text
        assert b"pdfuaid" in (await researcher.client.get(f"{path}/pdf")).content, kind
        if not any(words in page for words in SAYS_SO):
            silent.append(str(kind))
    assert silent == []


async def test_the_whole_road_from_a_frozen_dataset_to_the_public_page(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    adviser: SignedIn,
    people: People,
) -> None:
    study, dataset, _ = frozen
    begun = await ask(researcher, "POST", f"/datasets/{dataset.id}/evaluation", status=201)
    await tasks.evaluate(context(database), begun["id"])
    figures = (await ask(researcher, "GET", f"/datasets/{dataset.id}/figures"))["items"]
    name = next(one["name"] for one in figures if one["kind"] == "share")
    await write(researcher, dataset, f"Before. [[{name}]] After.\n\n[[{name}]]")
    made = await make(database, researcher, dataset)
    assert made["state"] == "ready", made["why"]
    signed = {"verdict": "signed_off"}
    await ask(adviser, "POST", f"/editions/{made['id']}/reviews", signed, status=204)
    checker = await people.member(roles=(Role.CHECKER,))
    said = {"decision": "released", "note": "Every page was looked at."}
    await ask(checker, "POST", f"/editions/{made['id']}/decision", said, status=201)
    visitor = await people.member()
    visitor.client.cookies.clear()
    page = await visitor.client.get(f"/api/v1/projects/{study.id}/editions/1/html")
    assert page.status_code == 200
    assert "Before." in page.text
    assert f"[[{name}]]" not in page.text, "the figure stands in its place"
