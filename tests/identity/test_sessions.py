"""One's own sign-ins: seen, ended, and told to sockets."""

from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from app.core import events
from app.core.db import AnyConnection, Database
from app.core.events import START, Recorded
from app.core.settings import Settings
from tests.identity.factories import Person, sign_in, someone
from tests.people import new_client

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
async def rowan(database: Database, settings: Settings) -> Person:
    return await someone(database, settings)


async def ended(connection: AnyConnection) -> list[Recorded]:
    return await events.read(connection, START, limit=100, types=["session.ended"])


async def test_one_sees_where_one_is_signed_in(
    app: FastAPI, client: httpx2.AsyncClient, rowan: Person
) -> None:
    await sign_in(client, rowan)
    async with new_client(app) as phone:
        phone.headers["User-Agent"] = FIREFOX
        await sign_in(phone, rowan)
        found = (await phone.get("/api/v1/sessions")).json()["items"]
    assert [one["is_current"] for one in found] == [True, False]
    assert found[0]["description"] == "Firefox on Windows"
    assert set(found[0]) == {"id", "created_at", "last_seen_at", "description", "is_current"}


async def test_very_many_sign_ins_are_not_all_listed_and_all_end(
    client: httpx2.AsyncClient, connection: AnyConnection, rowan: Person
) -> None:
    await sign_in(client, rowan)
    await connection.execute(
        "INSERT INTO identity.sessions"
        " (id, token_hash, account_id, description, created_at, last_seen_at, ends_at)"
        " SELECT gen_random_uuid(), sha256(n::text::bytea), account_id, description, created_at,"
        " last_seen_at, ends_at FROM identity.sessions, generate_series(1, 120) n"
    )
    assert len((await client.get("/api/v1/sessions")).json()["items"]) == 100
    assert (await client.delete("/api/v1/sessions")).status_code == 204
    cursor = await connection.execute("SELECT count(*) AS left FROM identity.sessions")
    assert await cursor.fetchone() == {"left": 1}


async def test_signing_out_ends_this_browser_alone(
    app: FastAPI, client: httpx2.AsyncClient, connection: AnyConnection, rowan: Person
) -> None:
    await sign_in(client, rowan)
    async with new_client(app) as phone:
        await sign_in(phone, rowan)
        kept = client.cookies["session"]
        answer = await client.delete("/api/v1/session")
        assert answer.status_code == 204
        assert 'session=""' in answer.headers["set-cookie"]
        client.cookies.set("session", kept)
        assert (await client.get("/api/v1/me")).status_code == 401
        assert (await client.delete("/api/v1/session")).status_code == 401
        assert (await phone.get("/api/v1/me")).status_code == 200
    (event,) = await ended(connection)
    assert event.topics == (f"me:{rowan.member_id}",)
    assert event.payload["member_id"] == str(rowan.member_id)


async def test_one_ends_a_lost_phone_and_nobody_elses(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
) -> None:
    sky = await someone(database, settings)
    await sign_in(client, rowan)
    async with new_client(app) as phone, new_client(app) as other:
        await sign_in(phone, rowan)
        await sign_in(other, sky)
        foreign = (await other.get("/api/v1/sessions")).json()["items"][0]["id"]
        for unknown in (foreign, str(uuid4())):
            answer = await client.delete(f"/api/v1/sessions/{unknown}")
            assert (answer.status_code, answer.json()["type"]) == (404, "not-found")
        assert (await client.delete("/api/v1/sessions/not-an-id")).status_code == 422
        lost = next(
            one["id"]
            for one in (await client.get("/api/v1/sessions")).json()["items"]
            if not one["is_current"]
        )
        assert (await client.delete(f"/api/v1/sessions/{lost}")).status_code == 204
        assert (await phone.get("/api/v1/me")).status_code == 401
        assert (await other.get("/api/v1/me")).status_code == 200
        assert (await client.get("/api/v1/me")).status_code == 200
    assert [event.payload["session_id"] for event in await ended(connection)] == [lost]


async def test_one_ends_all_others_at_once(
    app: FastAPI, client: httpx2.AsyncClient, connection: AnyConnection, rowan: Person
) -> None:
    async with new_client(app) as phone, new_client(app) as tablet:
        for browser in (client, phone, tablet):
            await sign_in(browser, rowan)
        assert (await client.delete("/api/v1/sessions")).status_code == 204
        assert (await client.get("/api/v1/me")).status_code == 200
        assert (await phone.get("/api/v1/me")).status_code == 401
        assert (await tablet.get("/api/v1/me")).status_code == 401
    assert len(await ended(connection)) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/sessions"),
        ("DELETE", "/api/v1/sessions"),
        ("DELETE", "/api/v1/session"),
        ("PUT", "/api/v1/me/password"),
        ("PUT", "/api/v1/me/email"),
        ("POST", "/api/v1/me/closure"),
        ("POST", "/api/v1/me/second-factor"),
        ("PUT", "/api/v1/me/second-factor"),
        ("GET", "/api/v1/staff"),
    ],
)
async def test_without_a_sign_in_nothing_of_this_is_open(
    client: httpx2.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")
