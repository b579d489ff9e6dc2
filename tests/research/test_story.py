"""The whole story over HTTP: a researcher, members, an export, a withdrawal, another export."""

import asyncio
import csv
import io

import psycopg
import pytest
from fastapi import FastAPI

from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.identity import passwords
from app.identity.roles import Role
from tests.identity.factories import letters
from tests.people import PASSWORD, SignedIn, signed_in
from tests.research.over_http import (
    FIRST,
    NO,
    YES,
    archive_of,
    ask,
    deliver_all,
    open_study,
    release,
)
from tests.support.signed_off import signed_off
from tests.support.waiting import eventually, waiting


def _people(files: dict[str, bytes]) -> list[str]:
    """The codes in the file of periods."""
    rows = csv.DictReader(io.StringIO(files["periods.csv"].decode()))
    return [row["participant"] for row in rows]


async def test_from_consent_to_a_file_that_leaves_and_out_again(
    app: FastAPI, database: Database, researcher: SignedIn, members: list[SignedIn]
) -> None:
    path = await open_study(researcher)
    for member in members[:6]:
        receipt = await ask(member, "POST", f"{path}/participation", FIRST, status=201)
        assert receipt["state"] == "taking_part"
    one, other, outsider = members[0], members[1], members[6]
    post = await one.publish("A private trouble")
    await outsider.reply(post)
    await other.react(post)
    await outsider.publish("Not in any study")
    for reader in (other, outsider):
        told = {"items": [{"type": "read", "seconds": 30}]}
        await ask(reader, "POST", "/activities", told, status=204)
    await deliver_all(database)

    held = (await ask(one, "GET", "/me/data"))["studies"][0]
    counted = {kind: count for kind, count in held["counts"].items() if count}
    assert counted == {"published": 1, "received": 2}
    assert held["text_count"] == 1
    texts = await ask(one, "GET", f"/me/data/{held['study']['id']}/texts")
    assert [text["body"] for text in texts["items"]] == ["A private trouble"]
    mine = await ask(one, "GET", f"/me/data/{held['study']['id']}/activities")
    names = ("kind", "other_side", "latency_band")
    assert sorted(([row[name] for name in names] for row in mine["items"]), key=str) == [
        ["published", None, None],
        ["received", "member", "under_10_minutes"],
        ["received", "member", None],  # and not that they take part as well
    ]

    checker = await signed_in(app, roles=(Role.CHECKER,))
    async with checker.client:
        await _taken_out(path, researcher, checker, one, held["pseudonym"])


async def _taken_out(
    path: str, researcher: SignedIn, checker: SignedIn, one: SignedIn, code: str
) -> None:
    """Frozen, released, downloaded; and closed when someone in it is erased."""
    dataset = await ask(researcher, "POST", f"{path}/datasets", status=201)
    assert (dataset["state"], dataset["participants"]) == ("open", None)
    unreleased = await researcher.client.get(f"/api/v1/datasets/{dataset['id']}/archive")
    assert (unreleased.status_code, unreleased.json()["type"]) == (409, "not-released")
    await release(researcher, checker, dataset)
    files = await archive_of(researcher, dataset)
    assert code in _people(files)
    assert len(set(_people(files))) == 6
    assert b"private trouble" not in b"".join(files.values())
    assert files == await archive_of(researcher, dataset)
    for format_ in ("parquet", "sav", "dta"):
        assert f"periods.{format_}" in await archive_of(researcher, dataset, format_)

    gone = await ask(one, "POST", f"{path}/withdrawal", {"erase": True})
    assert (gone["state"], gone["pseudonym"]) == ("erased", code)
    refused = await researcher.client.get(f"/api/v1/datasets/{dataset['id']}/archive")
    assert (refused.status_code, refused.json()["type"]) == (409, "dataset-closed")
    lately = await ask(researcher, "POST", f"{path}/datasets", status=409)
    assert lately["type"] == "frozen-lately"
    why = {"reason": "Someone in the first one was erased."}
    await ask(checker, "POST", f"{path}/early-freezes", why, status=204)
    fresh = await ask(researcher, "POST", f"{path}/datasets", status=201)
    await release(researcher, checker, fresh)
    files = await archive_of(researcher, fresh)
    assert len(set(_people(files))) == 5
    assert code.encode() not in b"".join(files.values())
    listed = await ask(researcher, "GET", f"{path}/datasets")
    assert [one["state"] for one in listed["items"]] == ["open", "closed"]
    downloads = await ask(researcher, "GET", f"/datasets/{dataset['id']}/downloads")
    assert [(download["how"], download["format"]) for download in downloads["items"]] == [
        ("screen", "dta"),
        ("screen", "sav"),
        ("screen", "parquet"),
        ("screen", "csv"),
        ("screen", "csv"),
    ]
    assert downloads["items"][0]["by"] == str(researcher.account_id)


async def test_a_study_asks_for_something_and_nobody_for_more(
    researcher: SignedIn, members: list[SignedIn]
) -> None:
    asked = {"title": "Being heard", "summary": "Why."}
    for purposes in ([], ["profit"], ["activity"] * 5):
        await ask(researcher, "POST", "/studies", {**asked, "purposes": purposes}, status=422)
    study = await ask(researcher, "POST", "/studies", asked, status=201)
    path = f"/studies/{study['id']}"
    await ask(researcher, "POST", f"{path}/sheets", {"body": "Read"}, status=201)
    await signed_off(researcher.database, study["id"])
    await ask(researcher, "POST", f"{path}/opening")
    shown = await ask(members[0], "GET", path)
    assert [one["purpose"] for one in shown["purposes"]] == ["activity"]
    refused = await ask(members[0], "POST", f"{path}/participation", FIRST, status=422)
    assert refused["type"] == "purpose-not-asked"
    only = {**FIRST, "purposes": {**NO, "activity": True}}
    receipt = await ask(members[0], "POST", f"{path}/participation", only, status=201)
    assert receipt["acts"] == [{"purpose": "activity", "act": "given"}]


async def test_members_see_open_studies_with_their_own_part_only(
    researcher: SignedIn, members: list[SignedIn]
) -> None:
    one, other = members[:2]
    await ask(researcher, "POST", "/studies", {"title": "Draft", "summary": "x"}, status=201)
    taken = await ask(
        researcher, "POST", "/studies", {"title": "Draft", "summary": "x"}, status=409
    )
    assert taken["type"] == "title-taken"
    path = await open_study(researcher)
    assert [study["title"] for study in (await ask(one, "GET", "/studies"))["items"]] == [
        "Being heard"
    ]
    both = (await ask(researcher, "GET", "/studies"))["items"]
    assert {study["state"] for study in both} == {"draft", "open"}
    draft = next(study for study in both if study["state"] == "draft")
    await ask(one, "GET", f"/studies/{draft['id']}", status=404)
    unwritten = await ask(researcher, "GET", f"/studies/{draft['id']}")
    assert unwritten["sheet"] is None
    await ask(one, "POST", f"{path}/participation", FIRST, status=201)
    mine = await ask(one, "GET", path)
    assert mine["sheet"]["version"] == 1
    assert "<strong>Please</strong>" in mine["sheet"]["body_html"]
    assert {one["purpose"] for one in mine["purposes"]} == {"activity", "text", "contact"}
    assert mine["participation"]["pseudonym"].startswith("P-")
    standing = {one["purpose"]: one["in_force"] for one in mine["participation"]["consents"]}
    assert standing == {"activity": True, "questionnaires": False, "text": True, "contact": False}
    assert (await ask(other, "GET", path))["participation"] is None


async def test_what_goes_wrong_is_said_plainly(
    researcher: SignedIn, members: list[SignedIn]
) -> None:
    one = members[0]
    path = await open_study(researcher)
    await ask(researcher, "POST", f"{path}/sheets", {"body": "Newer"}, status=201)
    await signed_off(researcher.database, path.rpartition("/")[2])
    old = await ask(one, "POST", f"{path}/participation", FIRST, status=409)
    assert (old["type"], old["sheet_version"]) == ("sheet-changed", 2)
    none = {"sheet_version": 2, "purposes": NO}
    assert (await ask(one, "POST", f"{path}/participation", none, status=422))["errors"]
    absent = await ask(one, "PUT", f"{path}/participation/purposes", none, status=404)
    assert absent["type"] == "not-taking-part"
    agreed = {"sheet_version": 2, "purposes": YES, "demographics": {"age_band": "35_to_44"}}
    await ask(one, "POST", f"{path}/participation", agreed, status=201)
    fewer = {"sheet_version": 2, "purposes": {**YES, "text": False}}
    changed = await ask(one, "PUT", f"{path}/participation/purposes", fewer)
    assert changed["acts"] == [{"purpose": "text", "act": "withdrawn"}]
    too_few = await ask(researcher, "POST", f"{path}/datasets", status=409)
    assert (too_few["type"], "at least 5" in too_few["detail"]) == ("too-few-in-it", True)
    await ask(researcher, "POST", f"{path}/closing")
    closed = await ask(members[1], "POST", f"{path}/participation", agreed, status=409)
    assert closed["type"] == "study-closed"
    for path_, body in ((f"{path}/closing", None), (f"{path}/sheets", {"body": "Late"})):
        await ask(researcher, "POST", path_, body, status=409)
    await ask(one, "GET", "/me/data/not-an-id/texts", status=422)
    first = await ask(one, "POST", f"{path}/withdrawal", {"erase": False})
    again = await ask(one, "POST", f"{path}/withdrawal", {"erase": False})
    assert (first["already"], again["already"]) == (False, True)
    assert first["at"] == again["at"]


async def test_a_withdrawal_sends_its_receipt_by_mail_once(
    researcher: SignedIn, members: list[SignedIn], connection: AnyConnection, settings: Settings
) -> None:
    path = await open_study(researcher)
    one = members[0]
    await ask(one, "POST", f"{path}/participation", FIRST, status=201)
    for _ in range(2):
        await ask(one, "POST", f"{path}/withdrawal", {"erase": True})
    sent = [letter for letter in await letters(connection, settings) if "receipt" in letter.subject]
    assert len(sent) == 1
    assert "Being heard" in sent[0].text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/studies"),
        ("POST", "{study}/sheets"),
        ("POST", "{study}/opening"),
        ("POST", "{study}/closing"),
        ("POST", "{study}/datasets"),
        ("GET", "{study}/datasets"),
        ("GET", "/datasets/{id}/archive"),
        ("GET", "/datasets/{id}/files/ties.csv"),
        ("GET", "/datasets/{id}/downloads"),
    ],
)
async def test_none_of_it_is_open_to_members_or_moderators(
    app: FastAPI, researcher: SignedIn, members: list[SignedIn], method: str, path: str
) -> None:
    study = await open_study(researcher)
    study_id = study.rpartition("/")[2]
    address = path.format(study=study, id=study_id)
    moderator = await signed_in(app, roles=(Role.MODERATOR,))
    async with moderator.client:
        for browser in (members[0], moderator):
            body = {"title": "Mine", "summary": "x"} if path == "/studies" else {"body": "x"}
            refused = await ask(browser, method, address, body, status=403)
            assert refused["type"] == "forbidden"


async def test_who_closes_their_account_while_joining_is_not_left_in_the_study(
    researcher: SignedIn,
    members: list[SignedIn],
    database: Database,
    database_url: str,
    connection: AnyConnection,
) -> None:
    path = await open_study(researcher)
    member = members[0]
    await connection.execute(
        "UPDATE identity.accounts SET password_hash = %s WHERE id = %s",
        (await passwords.hash_(PASSWORD), member.account_id),
    )
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        # Of a table and not a row: it has no transaction id, which would hold events back.
        await slow.execute("LOCK TABLE research.studies IN EXCLUSIVE MODE")
        joining = asyncio.create_task(
            member.client.post(f"/api/v1{path}/participation", json=FIRST)
        )
        await eventually(lambda: waiting(connection))
        body = {"password": PASSWORD, "erase_study_data": True}
        closing = asyncio.create_task(member.client.post("/api/v1/me/closure", json=body))

        async def is_seen() -> bool:
            return closing.done() or await waiting(connection) == 2

        await eventually(is_seen)
        await deliver_all(database)
        await slow.rollback()
    assert ((await joining).status_code, (await closing).status_code) == (201, 204)
    await deliver_all(database)
    cursor = await connection.execute("SELECT state FROM research.participants")
    assert await cursor.fetchall() == [{"state": "erased"}]
