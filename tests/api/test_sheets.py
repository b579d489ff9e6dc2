"""Versions of a sheet, its preview, and the people of a study as counts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.core.db import Database
from app.core.settings import Settings
from app.identity.roles import Role
from tests.people import code_now, new_client, sign_in, someone
from tests.support.signed_off import signed_off

STUDY = {
    "title": "Evenings",
    "summary": "How evenings go here.",
    "purposes": ["activity", "text", "contact"],
}


@pytest.fixture
async def browsers() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def _enter(
    app: FastAPI,
    database: Database,
    settings: Settings,
    browsers: AsyncExitStack,
    *roles: Role,
) -> httpx2.AsyncClient:
    person = await someone(database, settings, roles=roles, has_second_factor=bool(roles))
    browser = await browsers.enter_async_context(new_client(app))
    answer = await sign_in(browser, person, code=code_now() if roles else None)
    assert answer.status_code == 200, answer.text
    return browser


async def _study(researcher: httpx2.AsyncClient, *bodies: str) -> str:
    made = await researcher.post("/api/v1/studies", json=STUDY)
    assert made.status_code == 201, made.text
    study_id = str(made.json()["id"])
    for body in bodies:
        sent = await researcher.post(f"/api/v1/studies/{study_id}/sheets", json={"body": body})
        assert sent.status_code == 201, sent.text
    return study_id


async def test_every_version_is_there_with_its_source(
    app: FastAPI, database: Database, settings: Settings, browsers: AsyncExitStack
) -> None:
    researcher = await _enter(app, database, settings, browsers, Role.RESEARCHER)
    study_id = await _study(researcher, "First **words**.", "Second words.")
    answer = await researcher.get(f"/api/v1/studies/{study_id}/sheets")
    found = [(one["version"], one["body_source"]) for one in answer.json()["items"]]
    assert found == [(2, "Second words."), (1, "First **words**.")]
    assert "<strong>words</strong>" in answer.json()["items"][1]["body_html"]


@pytest.mark.parametrize(
    "again",
    ["Read **this**.", "Read **this**.\n\n ", "Read  __this__.", "Re\u00adad **th\u200bis**."],
)
async def test_what_reads_as_the_version_in_force_does_not_become_a_new_one(
    app: FastAPI,
    database: Database,
    settings: Settings,
    browsers: AsyncExitStack,
    again: str,
) -> None:
    researcher = await _enter(app, database, settings, browsers, Role.RESEARCHER)
    study_id = await _study(researcher, "Read **this**.")
    path = f"/api/v1/studies/{study_id}/sheets"
    refused = await researcher.post(path, json={"body": again})
    assert refused.status_code == 409, refused.text
    assert (refused.json()["type"], refused.json()["sheet_version"]) == ("same-sheet", 1)
    assert refused.json()["detail"].startswith("Version 1, the newest, says exactly")
    assert len((await researcher.get(path)).json()["items"]) == 1
    # What people agree to differs, or an older version returns: both are new to who reads.
    for number, body in enumerate(
        ({"body": again, "covers_acts": True}, {"body": again}, {"body": "Read this."}), start=2
    ):
        sent = await researcher.post(path, json=body)
        assert (sent.status_code, sent.json()["version"]) == (201, number)


async def test_a_preview_is_rendered_as_members_would_read_it_and_not_kept(
    app: FastAPI, database: Database, settings: Settings, browsers: AsyncExitStack
) -> None:
    researcher = await _enter(app, database, settings, browsers, Role.RESEARCHER)
    study_id = await _study(researcher)
    body = {"body": "Read **this** <script>alert(1)</script>"}
    answer = await researcher.post("/api/v1/sheets/preview", json=body)
    assert answer.status_code == 200
    assert "<strong>this</strong>" in answer.json()["body_html"]
    assert "<script" not in answer.json()["body_html"]
    kept = await researcher.get(f"/api/v1/studies/{study_id}/sheets")
    assert kept.json() == {"items": []}


@pytest.mark.parametrize("covered", [("acts",), ("answers",), ("acts", "answers")])
async def test_the_words_on_what_may_leave_are_ours_in_the_preview_and_the_sheet_alone(
    app: FastAPI,
    database: Database,
    settings: Settings,
    browsers: AsyncExitStack,
    covered: tuple[str, ...],
) -> None:
    researcher = await _enter(app, database, settings, browsers, Role.RESEARCHER)
    study_id = await _study(researcher, "Please read.")
    said = {"acts": "Single acts may leave", "answers": "Your answers may leave"}
    body = {"body": "Please read."} | {f"covers_{what}": True for what in covered}
    preview = await researcher.post("/api/v1/sheets/preview", json=body)
    await researcher.post(f"/api/v1/studies/{study_id}/sheets", json=body)
    newer, older = (await researcher.get(f"/api/v1/studies/{study_id}/sheets")).json()["items"]
    for what, words in said.items():
        assert (words in preview.json()["body_html"]) == (what in covered)
        assert words not in older["body_html"]
        assert (newer[f"covers_{what}"], older[f"covers_{what}"]) == (what in covered, False)
    assert newer["body_html"] == preview.json()["body_html"]
    assert newer["body_source"] == older["body_source"] == "Please read."


async def test_people_are_counted_by_how_they_stand_and_what_they_agree_to(
    app: FastAPI, database: Database, settings: Settings, browsers: AsyncExitStack
) -> None:
    researcher = await _enter(app, database, settings, browsers, Role.RESEARCHER)
    study_id = await _study(researcher, "Please read.")
    await signed_off(database, study_id)
    await researcher.post(f"/api/v1/studies/{study_id}/opening")
    joined = []
    for number in range(12):
        shown = None if number < 10 else 10
        assert await _count(researcher, study_id) == _counted(shown, text=shown)
        joined.append(await _enter(app, database, settings, browsers))
        await _join(joined[-1], study_id, text=True)
    for browser, erase in ((joined[2], False), (joined[3], True)):
        path = f"/api/v1/studies/{study_id}/withdrawal"
        assert (await browser.post(path, json={"erase": erase})).status_code == 200
    assert await _count(researcher, study_id) == _counted(10, text=10)
    for browser in joined[4:6]:
        await _join(browser, study_id, text=False)
    assert await _count(researcher, study_id) == _counted(10, text=None)


async def test_neither_members_nor_moderators_are_told_any_of_it(
    app: FastAPI, database: Database, settings: Settings, browsers: AsyncExitStack
) -> None:
    researcher = await _enter(app, database, settings, browsers, Role.RESEARCHER)
    study_id = await _study(researcher, "Please read.")
    for roles in ((), (Role.MODERATOR,)):
        browser = await _enter(app, database, settings, browsers, *roles)
        for path in (f"studies/{study_id}/sheets", f"studies/{study_id}/participants"):
            assert (await browser.get(f"/api/v1/{path}")).status_code == 403
        refused = await browser.post("/api/v1/sheets/preview", json={"body": "Words."})
        assert refused.status_code == 403


async def _join(browser: httpx2.AsyncClient, study_id: str, *, text: bool) -> None:
    purposes = {"activity": True, "text": text, "contact": False}
    body = {"sheet_version": 1, "purposes": purposes}
    answer = await browser.post(f"/api/v1/studies/{study_id}/participation", json=body)
    assert answer.status_code == 201, answer.text


async def _count(researcher: httpx2.AsyncClient, study_id: str) -> Any:
    return (await researcher.get(f"/api/v1/studies/{study_id}/participants")).json()


def _counted(taking_part: int | None, *, text: int | None) -> Any:
    """Nobody is seen to come or go: too few are None."""
    return {
        "taking_part": taking_part,
        "stopped": None,
        "erased": None,
        "agreeing": {
            "activity": taking_part,
            "questionnaires": None,
            "text": text,
            "contact": None,
        },
    }
