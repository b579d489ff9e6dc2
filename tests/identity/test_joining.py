"""Joining over HTTP: the promises, the name, the letter, and one answer for every address."""

import asyncio
import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.encryption import Encryption
from app.core.settings import SecretSettings, Settings
from tests.identity.factories import letters, send
from tests.identity.work import counting
from tests.people import PASSWORD, sign_in, someone
from tests.support.settings import ORIGIN

STANDING = "SELECT 1 FROM identity.accounts WHERE decoy_of IS NULL"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

ROWAN = {
    "email": "rowan.tree@example.org",
    "password": PASSWORD,
    "display_name": "Rowan of the hills",
    "is_adult": True,
    "agrees_to_rules": True,
}


async def join(client: httpx2.AsyncClient, **changes: object) -> httpx2.Response:
    return await send(client, "POST", "/api/v1/accounts", {**ROWAN, **changes})


async def rows(connection: AnyConnection, query: str) -> list[dict[str, Any]]:
    cursor = await connection.execute(query)
    return await cursor.fetchall()


async def test_someone_joins_confirms_and_signs_in(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection
) -> None:
    answer = await join(client)
    assert answer.status_code == 202
    assert "set-cookie" not in answer.headers
    body = {"email": ROWAN["email"], "password": PASSWORD}
    answer = await client.post("/api/v1/session", json=body)
    assert (answer.status_code, answer.json()["type"]) == (403, "address-not-verified")

    (letter,) = await letters(connection, settings)
    assert letter.to == ROWAN["email"]
    assert f"{ORIGIN}/verify#token=" in letter.text
    assert str(ROWAN["display_name"]) not in letter.text
    for _ in range(2):
        answer = await client.post("/api/v1/accounts/verification", json={"token": letter.token})
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    answer = await client.post("/api/v1/session", json=body)
    assert answer.status_code == 200
    assert answer.json()["display_name"] == ROWAN["display_name"]


async def test_address_and_password_cannot_be_read_in_the_database(
    client: httpx2.AsyncClient, connection: AnyConnection
) -> None:
    await join(client)
    (account,) = await rows(connection, "SELECT * FROM identity.accounts")
    assert account["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    stored = repr(account) + repr(await rows(connection, "SELECT * FROM core.events"))
    stored += repr(await rows(connection, "SELECT args FROM procrastinate_jobs"))
    assert "rowan.tree" not in stored.casefold()
    assert PASSWORD not in stored


async def test_no_key_of_a_limit_can_be_made_from_an_address_or_a_network(
    app: FastAPI, client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection
) -> None:
    async def keys(name: str) -> set[bytes]:
        email = {"email": ROWAN["email"]}
        for answer in (
            await join(client, display_name=name),
            await client.post("/api/v1/accounts/verification/again", json=email),
            await client.post("/api/v1/passwords/reset", json=email),
            await client.put(
                "/api/v1/passwords/reset", json={"token": "x" * 43, "password": PASSWORD}
            ),
            await client.post("/api/v1/session", json={**email, "password": "not this one"}),
        ):
            assert answer.status_code in {202, 401, 410}, answer.text
        return {row["key"] for row in await rows(connection, "SELECT key FROM core.rate_limits")}

    ours = await keys("Rowan of the hills")
    assert len(ours) == 10
    another_key = base64.b64encode(hashlib.sha256(b"another").digest()).decode()
    app.state.encryption = Encryption(SecretSettings.model_validate({"secret_key": another_key}))
    theirs = await keys("Rowan of the sea") - ours
    assert len(theirs) == len(ours), "under another secret none is the same"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"is_adult": False}, "/is_adult"),
        ({"agrees_to_rules": False}, "/agrees_to_rules"),
        ({"is_adult": "true"}, "/is_adult"),
        ({"agrees_to_rules": 1}, "/agrees_to_rules"),
        ({"is_adult": None}, "/is_adult"),
        ({"email": "nowhere"}, "/email"),
        ({"email": "half\ud800@example.org"}, "/email"),
        ({"email": "nul\x00@example.org"}, "/email"),
        ({"password": "short"}, "/password"),
        ({"password": "rowan.tree@example.org"}, "/password"),
        ({"display_name": "rowan.tree@example.org"}, "/display_name"),
        ({"display_name": "Rowan Tree"}, "/display_name"),
        ({"display_name": "rowan\u200b.\u200btree"}, "/display_name"),
        ({"display_name": "rowan\u3164.\ufe0ftree"}, "/display_name"),
        ({"display_name": "Rowan at Alongside"}, "/display_name"),
        ({"display_name": ""}, "/display_name"),
        ({"display_name": " \u200b\u2060 "}, "/display_name"),
        ({"display_name": "x" * 31}, "/display_name"),
        ({"display_name": "half \ud800"}, "/display_name"),
        ({"display_name": "nul \x00"}, "/display_name"),
        ({"display_name": ["Rowan"]}, "/display_name"),
        ({"is_administrator": True}, "/is_administrator"),
    ],
)
async def test_what_breaks_a_rule_names_its_field_and_leaves_nothing(
    client: httpx2.AsyncClient,
    connection: AnyConnection,
    changes: dict[str, object],
    pointer: str,
) -> None:
    answer = await join(client, **changes)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await rows(connection, "SELECT 1 FROM identity.accounts") == []
    assert await rows(connection, "SELECT 1 FROM procrastinate_jobs") == []


@pytest.mark.parametrize("missing", ["is_adult", "agrees_to_rules"])
async def test_neither_promise_is_made_for_anyone(client: httpx2.AsyncClient, missing: str) -> None:
    body = {key: value for key, value in ROWAN.items() if key != missing}
    answer = await client.post("/api/v1/accounts", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{missing}"


async def test_a_known_address_gets_the_same_answer_and_another_letter(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    fresh = await join(client, email="new@example.org", display_name="Newcomer")
    sky = await someone(database, settings, email="sky@example.org")
    known = await join(client, email="sky@example.org", password="some other words")
    assert (known.status_code, known.json()) == (fresh.status_code, fresh.json())
    _, letter = await letters(connection, settings)
    assert (letter.to, letter.subject) == ("sky@example.org", "You already have an account")
    assert "/reset-password#token=" in letter.text
    assert len(await rows(connection, STANDING)) == 2
    assert (await sign_in(client, sky)).status_code == 200, "and the password is the old one"


async def test_joining_again_before_the_first_letter_is_opened_leads_to_one_account(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection
) -> None:
    """Whoever joined first with someone else's address does not keep its password."""
    await join(client, password="words of a stranger")
    await join(client, display_name="The owner")
    _, letter = await letters(connection, settings)
    assert letter.subject == "Finish joining Alongside"
    body = {"token": letter.token, "password": "words of the owner"}
    assert (await client.put("/api/v1/passwords/reset", json=body)).status_code == 204
    for password, status in (("words of a stranger", 401), ("words of the owner", 200)):
        body = {"email": str(ROWAN["email"]), "password": password}
        assert (await client.post("/api/v1/session", json=body)).status_code == status
    assert len(await rows(connection, STANDING)) == 1
    changed = await client.patch("/api/v1/me", json={"display_name": "The owner"})
    assert changed.status_code == 200, "the name they asked for is kept for them alone"


@pytest.mark.parametrize("is_verified", [True, False])
async def test_joining_costs_the_same_for_known_and_unknown(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    is_verified: bool,
) -> None:
    await someone(database, settings, email="known@example.org", is_verified=is_verified)
    await join(client, email="warm@example.org", display_name="Warming up")
    shapes: list[tuple[int, int, list[str]]] = []
    for email in ("known@example.org", "unknown@example.org"):
        with counting(monkeypatch) as work:
            name = f"Name {len(shapes)}"
            assert (await join(client, email=email, display_name=name)).status_code == 202
        shapes.append(work.shape)
    assert shapes[0] == shapes[1]
    assert shapes[0][0] == 1
    assert shapes[0][1] > 8


@pytest.mark.parametrize("state", ["unknown", "waiting", "confirmed"])
async def test_a_name_that_is_taken_is_said_whatever_the_address(
    client: httpx2.AsyncClient, database: Database, settings: Settings, state: str
) -> None:
    await someone(database, settings, name="Rowan of the hills")
    if state != "unknown":
        email = str(ROWAN["email"])
        await someone(database, settings, email=email, is_verified=state == "confirmed")
    answer = await join(client, display_name="rowan OF the hills")
    assert (answer.status_code, answer.json()["type"]) == (409, "name-taken")


async def test_of_two_hundred_who_want_one_name_exactly_one_gets_it(
    app: FastAPI, connection: AnyConnection
) -> None:
    async def one(number: int) -> httpx2.Response:
        network = (f"2001:db8:0:{number:x}::1", 1)
        transport = httpx2.ASGITransport(app=app, client=network)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await join(client, email=f"person{number}@example.org", display_name="Sky")

    answers = await asyncio.gather(*map(one, range(200)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [202] + [409] * 199
    assert {a.json()["type"] for a in answers if a.status_code == 409} == {"name-taken"}
    assert len(await rows(connection, "SELECT 1 FROM identity.accounts")) == 1
    assert len(await rows(connection, "SELECT 1 FROM community.members")) == 1


async def test_of_twenty_who_join_with_one_address_one_does_and_none_can_tell(
    app: FastAPI, connection: AnyConnection
) -> None:
    async def one(number: int) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app, client=(f"2001:db8:0:{number:x}::1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await join(client, display_name=f"Number {number}")

    answers = await asyncio.gather(*map(one, range(5)))
    assert [answer.status_code for answer in answers] == [202] * 5
    assert len(await rows(connection, STANDING)) == 1
    assert len(await rows(connection, "SELECT 1 FROM community.members")) == 5, "and five names"


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800" * 43, "A" * 201])
async def test_a_forged_link_confirms_nothing(client: httpx2.AsyncClient, token: str) -> None:
    answer = await send(client, "POST", "/api/v1/accounts/verification", {"token": token})
    assert answer.status_code in {410, 422}


async def test_a_link_runs_out_and_opens_nothing_else(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection
) -> None:
    with clock.at(NOON):
        await join(client)
    (letter,) = await letters(connection, settings)
    with clock.at(NOON + timedelta(hours=1)):
        body = {"token": letter.token, "password": "entirely new words"}
        answer = await client.put("/api/v1/passwords/reset", json=body)
        assert (answer.status_code, answer.json()["type"]) == (410, "link-expired")
    with clock.at(NOON + timedelta(days=3)):
        body = {"token": letter.token}
        answer = await client.post("/api/v1/accounts/verification", json=body)
        assert (answer.status_code, answer.json()["type"]) == (410, "link-expired")


async def test_the_letter_is_sent_again_to_who_waits_and_nothing_to_a_stranger(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await someone(database, settings, email="waiting@example.org", is_verified=False)
    await someone(database, settings, email="confirmed@example.org")
    answers, shapes = [], []
    for name in ("warm", "waiting", "confirmed", "unknown"):
        with counting(monkeypatch) as work:
            body = {"email": f"{name}@example.org"}
            answers.append(await client.post("/api/v1/accounts/verification/again", json=body))
        shapes.append(work.shape)
    assert {(a.status_code, a.text) for a in answers} == {(202, answers[0].text)}
    assert shapes[1] == shapes[2] == shapes[3]
    sent = [(one.to, one.subject) for one in await letters(connection, settings)]
    assert sent == [
        ("waiting@example.org", "Please confirm your e-mail address"),
        ("confirmed@example.org", "Your address is already confirmed"),
    ]
