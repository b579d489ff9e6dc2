"""Changing one's address: by a letter to the new one, telling nobody who has it already."""

import httpx2
import pytest

from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from tests.identity.factories import Sent, letters
from tests.identity.work import counting
from tests.people import PASSWORD, Person, sign_in, someone

NEW = "rowan.new@example.org"


@pytest.fixture
async def rowan(client: httpx2.AsyncClient, database: Database, settings: Settings) -> Person:
    person = await someone(database, settings, email="rowan@example.org")
    await sign_in(client, person)
    return person


async def ask(
    client: httpx2.AsyncClient, email: str = NEW, password: str = PASSWORD
) -> httpx2.Response:
    return await client.put("/api/v1/me/email", json={"email": email, "password": password})


async def confirm(client: httpx2.AsyncClient, letter: Sent) -> int:
    body = {"token": letter.token}
    return (await client.post("/api/v1/me/email/confirmation", json=body)).status_code


async def test_the_new_address_counts_once_its_letter_is_opened(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection, rowan: Person
) -> None:
    assert (await ask(client, "Rowan.New@Example.org")).status_code == 202
    assert (await client.get("/api/v1/me")).json()["email"] == rowan.email
    (letter,) = await letters(connection, settings)
    assert letter.to == NEW
    assert await confirm(client, letter) == 204
    assert (await client.get("/api/v1/me")).json()["email"] == NEW
    assert await confirm(client, letter) == 410
    _, told = await letters(connection, settings)
    assert (told.to, told.subject) == (rowan.email, "Your e-mail address was changed")
    assert "reply to this e-mail" in told.text, "no page tells how to reach us"
    for email, status in ((rowan.email, 401), (NEW, 200)):
        body = {"email": email, "password": PASSWORD}
        assert (await client.post("/api/v1/session", json=body)).status_code == status


async def test_it_takes_the_password(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection, rowan: Person
) -> None:
    answer = await ask(client, password="not this one")
    assert (answer.status_code, answer.json()["type"]) == (403, "wrong-password")
    assert (await ask(client, "no address")).status_code == 422
    assert await letters(connection, settings) == []


async def test_an_address_of_someone_else_is_not_given_away_and_not_taken(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await someone(database, settings, email="sky@example.org")
    await ask(client, "warm@example.org")
    answers, shapes = [], []
    for email in ("sky@example.org", "free@example.org"):
        with counting(monkeypatch) as work:
            answers.append(await ask(client, email))
        shapes.append(work.shape)
    assert answers[0].text == answers[1].text
    assert shapes[0] == shapes[1]
    _, to_sky, _ = await letters(connection, settings)
    assert (to_sky.to, to_sky.subject) == ("sky@example.org", "This address already has an account")
    assert "#token=" not in to_sky.text
    cursor = await connection.execute("SELECT count(*) FROM identity.mailed_links")
    assert await cursor.fetchone() == {"count": 2}, "for the addresses that are free"


async def test_of_two_who_want_one_address_the_first_to_confirm_has_it(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
) -> None:
    await ask(client)
    (letter,) = await letters(connection, settings)
    await someone(database, settings, email=NEW)
    assert await confirm(client, letter) == 410
    assert (await client.get("/api/v1/me")).json()["email"] == rowan.email


async def test_a_new_name_must_not_show_the_address_either(
    client: httpx2.AsyncClient, rowan: Person
) -> None:
    answer = await client.patch("/api/v1/me", json={"display_name": "Rowan"})
    assert (answer.status_code, answer.json()["type"]) == (422, "name-gives-away")
    body = {
        "display_name": "Hillside",
        "about": "I like maps.",
        "settings": {"show_notes_open": True},
    }
    answer = await client.patch("/api/v1/me", json=body)
    assert answer.status_code == 200
    assert answer.json() == (await client.get("/api/v1/me")).json()
    me = answer.json()
    assert (me["display_name"], me["about"]) == ("Hillside", "I like maps.")
    assert me["settings"] == {"show_notes_open": True}
    assert (await client.patch("/api/v1/me", json={})).json() == me


async def test_an_address_that_the_name_would_show_is_refused(
    client: httpx2.AsyncClient, rowan: Person
) -> None:
    await client.patch("/api/v1/me", json={"display_name": "Hillside"})
    answer = await ask(client, "hill.side@example.org")
    assert (answer.status_code, answer.json()["type"]) == (422, "name-gives-away")
    assert answer.json()["errors"][0]["pointer"] == "/email"


async def test_a_letter_in_the_former_mailbox_opens_nothing_any_more(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection, rowan: Person
) -> None:
    await client.post("/api/v1/passwords/reset", json={"email": rowan.email})
    await ask(client)
    old, new = await letters(connection, settings)
    assert await confirm(client, new) == 204
    body = {"token": old.token, "password": "from the old mailbox"}
    assert (await client.put("/api/v1/passwords/reset", json=body)).status_code == 410


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_a_new_password_undoes_a_change_of_address_that_a_thief_asked_for(
    client: httpx2.AsyncClient,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
    way: str,
) -> None:
    await ask(client, "thief@example.org")
    (stolen,) = await letters(connection, settings)
    words = "violet harbour again"
    if way == "change":
        body = {"current_password": PASSWORD, "new_password": words}
        answer = await client.put("/api/v1/me/password", json=body)
    else:
        await client.post("/api/v1/passwords/reset", json={"email": rowan.email})
        token = (await letters(connection, settings))[-1].token
        answer = await client.put(
            "/api/v1/passwords/reset", json={"token": token, "password": words}
        )
    assert answer.status_code == 204
    assert await confirm(client, stolen) == 410
