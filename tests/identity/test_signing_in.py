"""Signing in over HTTP: what is answered, what the cookie is, what is stored."""

import asyncio
import hashlib
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.identity import addresses, password_tries, signing_in
from app.identity.errors import WrongSignInError
from app.identity.roles import Role
from app.identity.signing_in import Attempt
from app.main import create_app
from tests.identity.factories import NOBODY, PASSWORD, code_now, send, sign_in, someone
from tests.people import new_client
from tests.support.settings import settings_for

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_the_right_password_signs_in_and_gives_me(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings, email="rowan@example.org", display_name="Rowan")
    answer = await sign_in(client, rowan)
    assert answer.status_code == 200
    me = answer.json()
    assert (me["display_name"], me["email"]) == ("Rowan", "rowan@example.org")
    assert (me["account_id"], me["member_id"]) == (str(rowan.account_id), str(rowan.member_id))
    assert (me["roles"], me["permissions"]) == (["member"], [])
    assert me["second_factor"] == {"is_required": False, "is_enrolled": False, "is_passed": False}
    assert (await client.get("/api/v1/me")).json() == me


async def test_the_cookie_is_closed_to_scripts_and_other_sites_and_kept_hashed(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    answer = await sign_in(client, await someone(database, settings))
    name, _, rest = answer.headers["set-cookie"].partition("=")
    token, *attributes = rest.split("; ")
    assert name == "session"
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(attributes)
    assert "Secure" not in attributes
    assert len(token) == 43
    cursor = await connection.execute("SELECT token_hash FROM identity.sessions")
    assert await cursor.fetchall() == [{"token_hash": hashlib.sha256(token.encode()).digest()}]


async def test_behind_https_the_cookie_is_bound_to_the_host(database_url: str) -> None:
    settings = settings_for(database_url, public_url="https://alongside.example.org")
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        person = await someone(app.state.database, settings)
        async with new_client(app) as client:
            client.headers["Origin"] = "https://alongside.example.org"
            answer = await sign_in(client, person)
    assert answer.status_code == 200
    assert answer.headers["set-cookie"].startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))
    assert "Domain" not in answer.headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_address_get_one_answer(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings)
    wrong = await client.post("/api/v1/session", json={"email": rowan.email, "password": "other"})
    unknown = await client.post("/api/v1/session", json={"email": NOBODY, "password": PASSWORD})
    nonsense = await client.post("/api/v1/session", json={"email": "?", "password": PASSWORD})
    for answer in (wrong, unknown, nonsense):
        assert "set-cookie" not in answer.headers
        problem = answer.json()
        del problem["request_id"]
        assert problem == {
            "type": "wrong-sign-in",
            "title": "That e-mail and password don't match",
            "status": 401,
            "detail": "Try again, or we can send you a link to choose a new password.",
        }
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_an_address_in_other_letters_is_the_same_address(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    await someone(database, settings, email="rowan@example.org")
    body = {"email": " ROWAN@Example.org ", "password": PASSWORD}
    assert (await client.post("/api/v1/session", json=body)).status_code == 200


async def test_an_unconfirmed_address_is_told_only_to_who_knows_the_password(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings, is_verified=False)
    answer = await sign_in(client, rowan)
    assert (answer.status_code, answer.json()["type"]) == (403, "address-not-verified")
    body = {"email": rowan.email, "password": "something else"}
    answer = await client.post("/api/v1/session", json=body)
    assert (answer.status_code, answer.json()["type"]) == (401, "wrong-sign-in")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "rowan@example.org"},
        {"email": 1, "password": PASSWORD},
        {"email": "a@b.org", "password": "x" * 5000},
        {"email": "half\ud800@b.org", "password": PASSWORD},
        {"email": "a@b.org", "password": "half \ud800 a sign"},
        {"email": "nul\x00@b.org", "password": "nul\x00"},
        {"email": "a@b.org", "password": PASSWORD, "is_admin": True},
        ["a@b.org", PASSWORD],
    ],
)
async def test_what_is_no_sign_in_is_refused_and_breaks_nothing(
    client: httpx2.AsyncClient, body: object
) -> None:
    answer = await send(client, "POST", "/api/v1/session", body)
    assert answer.status_code in {401, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example.org"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
async def test_no_other_site_can_sign_anyone_in(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    headers: dict[str, str],
    status: int,
) -> None:
    rowan = await someone(database, settings)
    body = {"email": rowan.email, "password": rowan.password}
    answer = await client.post("/api/v1/session", json=body, headers=headers)
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 200)


@pytest.mark.parametrize(
    "forged",
    ["", "x", "A" * 43, "A" * 4000, "' OR 1=1 --" + "A" * 32, "%00" * 14 + "A", "\u00e4" * 20],
)
async def test_a_forged_cookie_signs_nobody_in(client: httpx2.AsyncClient, forged: str) -> None:
    answer = await client.get("/api/v1/me", headers={b"Cookie": f"session={forged}".encode()})
    assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")


async def test_a_cookie_made_from_the_stored_hash_signs_nobody_in(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    await sign_in(client, await someone(database, settings))
    cursor = await connection.execute(
        "SELECT encode(token_hash, 'hex') AS t FROM identity.sessions"
    )
    (row,) = await cursor.fetchall()
    client.cookies.clear()
    client.cookies.set("session", row["t"])
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_sign_in_runs_out_unless_it_is_used(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings)
    with clock.at(NOON):
        assert (await sign_in(client, rowan)).status_code == 200
    with clock.at(NOON + timedelta(days=29)):
        assert (await client.get("/api/v1/me")).status_code == 200, "and lasts 30 days from here"
    with clock.at(NOON + timedelta(days=58)):
        assert (await client.get("/api/v1/me")).status_code == 200
    with clock.at(NOON + timedelta(days=89)):
        answer = await client.get("/api/v1/me")
        assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")


async def test_a_sign_in_of_staff_runs_out_in_hours(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings, roles=[Role.MODERATOR], has_second_factor=True)
    with clock.at(NOON):
        assert (await sign_in(client, rowan, code=code_now())).status_code == 200
    with clock.at(NOON + timedelta(hours=11)):
        assert (await client.get("/api/v1/me")).status_code == 200
    with clock.at(NOON + timedelta(hours=24)):
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_last_seen_is_written_every_ten_minutes_not_every_time(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    async def last_seen() -> datetime:
        cursor = await connection.execute("SELECT last_seen_at FROM identity.sessions")
        (row,) = await cursor.fetchall()
        found: datetime = row["last_seen_at"]
        return found

    rowan = await someone(database, settings)
    with clock.at(NOON):
        await sign_in(client, rowan)
    with clock.at(NOON + timedelta(minutes=9)):
        await client.get("/api/v1/me")
        assert await last_seen() == NOON
    with clock.at(NOON + timedelta(minutes=10)):
        await client.get("/api/v1/me")
        assert await last_seen() == NOON + timedelta(minutes=10)


async def test_signing_in_again_ends_what_the_browser_was_signed_in_as(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
) -> None:
    rowan, sky = await someone(database, settings), await someone(database, settings)
    await sign_in(client, rowan)
    former = client.cookies["session"]
    await sign_in(client, sky)
    assert (await client.get("/api/v1/me")).json()["member_id"] == str(sky.member_id)
    async with new_client(app) as other:
        other.cookies.set("session", former)
        assert (await other.get("/api/v1/me")).status_code == 401


async def test_a_password_changed_while_we_hash_opens_nothing(
    app: FastAPI, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    rowan = await someone(database, settings)
    attempt = Attempt(addresses.read(rowan.email), rowan.password, None, "203.0.113.1", "A browser")
    checked = await signing_in.check_password(database.pool, app.state.encryption, attempt)
    await connection.execute("UPDATE identity.accounts SET password_hash = 'changed'")
    with pytest.raises(WrongSignInError):
        await signing_in.sign_in(
            database,
            app.state.encryption,
            settings.sessions,
            checked=checked,
            attempt=attempt,
            is_demo_server=False,
        )
    cursor = await connection.execute("SELECT count(*) FROM identity.sessions")
    assert await cursor.fetchone() == {"count": 0}


async def test_one_person_signing_in_everywhere_at_once_waits_in_no_ring(
    app: FastAPI, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    rowan = await someone(database, settings)
    at_once = password_tries.PER_ADDRESS
    for _ in range(3):
        async with AsyncExitStack() as stack:
            browsers = [await stack.enter_async_context(new_client(app)) for _ in range(at_once)]
            answers = await asyncio.gather(*(sign_in(browser, rowan) for browser in browsers))
        assert {answer.status_code for answer in answers} == {200}
    cursor = await connection.execute("SELECT count(*) FROM core.rate_limits")
    assert await cursor.fetchone() == {"count": 0}, "and nothing tells that they did"
