"""Forgotten and changed passwords."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from tests.identity.factories import PASSWORD, Person, letters, sign_in, someone
from tests.identity.work import counting
from tests.people import new_client

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = "quiet lantern meadow"


@pytest.fixture
async def rowan(database: Database, settings: Settings) -> Person:
    return await someone(database, settings, email="rowan@example.org")


async def ask(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    return await client.post("/api/v1/passwords/reset", json={"email": email})


async def reset(client: httpx2.AsyncClient, token: str, password: str = NEW) -> httpx2.Response:
    body = {"token": token, "password": password}
    return await client.put("/api/v1/passwords/reset", json=body)


async def status_with(client: httpx2.AsyncClient, person: Person, password: str) -> int:
    body = {"email": person.email, "password": password}
    return (await client.post("/api/v1/session", json=body)).status_code


async def test_a_new_password_by_letter_ends_every_sign_in(
    app: FastAPI,
    client: httpx2.AsyncClient,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
) -> None:
    async with new_client(app) as phone:
        await sign_in(phone, rowan)
        assert (await ask(client, "ROWAN@example.org")).status_code == 202
        (letter,) = await letters(connection, settings)
        assert letter.to == rowan.email
        assert (await reset(client, letter.token)).status_code == 204
        assert (await phone.get("/api/v1/me")).status_code == 401
    assert await status_with(client, rowan, PASSWORD) == 401
    assert await status_with(client, rowan, NEW) == 200
    assert (await letters(connection, settings))[-1].subject == "Your password was changed"


async def test_a_link_works_once_and_takes_the_others_with_it(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection, rowan: Person
) -> None:
    await ask(client, rowan.email)
    await ask(client, rowan.email)
    first, second = await letters(connection, settings)
    assert (await reset(client, second.token)).status_code == 204
    for letter in (first, second):
        answer = await reset(client, letter.token, "another set of words")
        assert (answer.status_code, answer.json()["type"]) == (410, "link-expired")
    assert await status_with(client, rowan, NEW) == 200


async def test_a_link_runs_out_after_two_hours(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection, rowan: Person
) -> None:
    with clock.at(NOON):
        await ask(client, rowan.email)
    (letter,) = await letters(connection, settings)
    with clock.at(NOON + timedelta(hours=2)):
        assert (await reset(client, letter.token)).status_code == 410
    with clock.at(NOON + timedelta(hours=1, minutes=59)):
        assert (await reset(client, letter.token)).status_code == 204


@pytest.mark.parametrize("password", ["short", "password123", "rowan@example.org"])
async def test_a_password_that_breaks_a_rule_leaves_the_link_good(
    client: httpx2.AsyncClient,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
    password: str,
) -> None:
    await ask(client, rowan.email)
    (letter,) = await letters(connection, settings)
    answer = await reset(client, letter.token, password)
    assert (answer.status_code, answer.json()["type"]) == (422, "bad-password")
    assert (await reset(client, letter.token)).status_code == 204


async def test_asking_costs_the_same_for_known_and_unknown_and_writes_to_the_known_alone(
    client: httpx2.AsyncClient,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await ask(client, "warm@example.org")
    answers, shapes = [], []
    for email in (rowan.email, "unknown@example.org"):
        with counting(monkeypatch) as work:
            answers.append(await ask(client, email))
        shapes.append(work.shape)
    assert shapes[0] == shapes[1]
    assert answers[0].text == answers[1].text
    assert [letter.to for letter in await letters(connection, settings)] == [rowan.email]


async def test_signing_in_costs_the_same_for_a_wrong_password_and_an_unknown_address(
    client: httpx2.AsyncClient, rowan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = []
    await status_with(client, rowan, "a first one, to warm up")
    for email in (rowan.email, "unknown@example.org"):
        with counting(monkeypatch) as work:
            body = {"email": email, "password": "not this one"}
            assert (await client.post("/api/v1/session", json=body)).status_code == 401
        shapes.append(work.shape)
    assert shapes[0] == shapes[1]
    assert shapes[0][0] == 2, "one for the account, one for a joining that nobody has confirmed"


async def test_changing_the_password_keeps_this_sign_in_and_ends_the_others(
    app: FastAPI,
    client: httpx2.AsyncClient,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
) -> None:
    await ask(client, rowan.email)
    (former,) = await letters(connection, settings)
    await sign_in(client, rowan)
    async with new_client(app) as phone:
        await sign_in(phone, rowan)
        body = {"current_password": "not this one", "new_password": NEW}
        answer = await client.put("/api/v1/me/password", json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "wrong-password")
        assert (await phone.get("/api/v1/me")).status_code == 200
        body = {"current_password": PASSWORD, "new_password": rowan.email}
        answer = await client.put("/api/v1/me/password", json=body)
        assert answer.json()["errors"][0]["pointer"] == "/new_password"
        body = {"current_password": PASSWORD, "new_password": NEW}
        assert (await client.put("/api/v1/me/password", json=body)).status_code == 204
        assert (await phone.get("/api/v1/me")).status_code == 401
    assert (await client.get("/api/v1/me")).status_code == 200
    assert await status_with(client, rowan, PASSWORD) == 401
    assert await status_with(client, rowan, NEW) == 200
    assert (await reset(client, former.token, "by an old letter")).status_code == 410
    assert (await letters(connection, settings))[-1].subject == "Your password was changed"


async def test_someone_at_an_open_screen_cannot_guess_the_password(
    client: httpx2.AsyncClient, rowan: Person
) -> None:
    await sign_in(client, rowan)
    body = {"current_password": "not this one", "new_password": NEW}
    statuses = [(await client.put("/api/v1/me/password", json=body)).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]


async def test_a_link_says_whose_password_it_is_for_and_stays_good(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection, rowan: Person
) -> None:
    await ask(client, rowan.email)
    (letter,) = await letters(connection, settings)
    path = "/api/v1/passwords/reset/account"
    for _ in range(2):
        read = await client.post(path, json={"token": letter.token})
        assert (read.status_code, read.json()) == (200, {"email": rowan.email})
    assert (await reset(client, letter.token)).status_code == 204
    expired = await client.post(path, json={"token": letter.token})
    assert (expired.status_code, expired.json()["type"]) == (410, "link-expired")
