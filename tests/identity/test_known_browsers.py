"""Strangers' wrong passwords don't shut the owner out: not where they have signed in before, and
not after a new password by a link."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.settings import Settings
from app.identity import tasks
from app.identity.roles import Role
from app.main import create_app
from tests.identity.factories import letters
from tests.people import PASSWORD, Person, code_now, sign_in, someone
from tests.support.settings import ORIGIN, settings_for

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(app: FastAPI, host: str, origin: str = ORIGIN) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=(host, 1))
    return httpx2.AsyncClient(transport=transport, base_url=origin)


async def guess(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    body = {"email": email, "password": "not this one"}
    return await client.post("/api/v1/session", json=body)


async def shut(app: FastAPI, email: str) -> None:
    """Strangers everywhere try until nobody is looked at any more."""
    for number in range(11):
        async with at(app, f"192.0.2.{number}") as stranger:
            status = (await guess(stranger, email)).status_code
    assert status == 429


@pytest.fixture
async def rowan(database: Database, settings: Settings) -> Person:
    return await someone(database, settings)


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The owner's own browser."""
    async with at(app, "198.51.100.1") as made:
        yield made


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


async def sign_out(client: httpx2.AsyncClient) -> None:
    assert (await client.delete("/api/v1/session")).status_code == 204


async def test_where_the_owner_signed_in_before_strangers_shut_nobody_out(
    app: FastAPI, rowan: Person, home: httpx2.AsyncClient
) -> None:
    await sign_in(home, rowan)
    await sign_out(home)
    await shut(app, rowan.email)
    async with at(app, "198.51.100.2") as elsewhere:
        assert (await sign_in(elsewhere, rowan)).status_code == 429
    assert (await sign_in(home, rowan)).status_code == 200


async def test_a_whole_network_of_strangers_shuts_nobody_out_either(
    app: FastAPI, rowan: Person, home: httpx2.AsyncClient
) -> None:
    await sign_in(home, rowan)
    async with at(app, "198.51.100.1") as neighbour:
        for number in range(61):
            await guess(neighbour, f"someone{number}@example.org")
        assert (await guess(neighbour, rowan.email)).status_code == 429
    assert (await sign_in(home, rowan)).status_code == 200


async def test_a_known_browser_has_ten_tries_too_and_takes_none_from_others(
    app: FastAPI, rowan: Person, home: httpx2.AsyncClient
) -> None:
    await sign_in(home, rowan)
    found = [(await guess(home, rowan.email)).status_code for _ in range(11)]
    assert found == [401] * 10 + [429]
    async with at(app, "198.51.100.2") as elsewhere:
        assert (await sign_in(elsewhere, rowan)).status_code == 200
    with clock.at(NOON + timedelta(minutes=15)):
        assert (await sign_in(home, rowan)).status_code == 200


async def test_a_known_browser_is_a_strangers_for_every_other_account(
    app: FastAPI, database: Database, settings: Settings, rowan: Person, home: httpx2.AsyncClient
) -> None:
    sky = await someone(database, settings)
    await sign_in(home, rowan)
    await shut(app, sky.email)
    for email in (sky.email, "nobody@example.org"):
        found = [(await guess(home, email)).status_code for _ in range(11)]
        assert found[-1] == 429
    assert (await sign_in(home, sky)).status_code == 429


async def test_the_cookie_signs_nobody_in_and_no_script_reads_it(
    database_url: str, settings: Settings, database: Database, rowan: Person
) -> None:
    origin = "https://community.example.org"
    made = create_app(settings_for(database_url, public_url=origin))
    async with made.router.lifespan_context(made), at(made, "198.51.100.1", origin) as client:
        answer = await sign_in(client, rowan)
        (cookie,) = (c for c in answer.headers.get_list("set-cookie") if "known" in c)
        name, _, rest = cookie.partition("=")
        assert name == "__Host-known"
        for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=15552000"):
            assert part in rest
        del client.cookies["__Host-session"]
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_the_token_is_kept_hashed_and_one_a_browser(
    rowan: Person, home: httpx2.AsyncClient, connection: AnyConnection
) -> None:
    await sign_in(home, rowan)
    token = home.cookies["known"]
    await sign_in(home, rowan)
    assert home.cookies["known"] == token
    cursor = await connection.execute("SELECT * FROM identity.known_browsers")
    (row,) = await cursor.fetchall()
    assert token.encode() not in row["token_hash"]
    assert len(row["token_hash"]) == 32


@pytest.mark.parametrize("forged", ["", "x", "A" * 43, "\u00e4" * 20, "A" * 4000])
async def test_a_forged_cookie_helps_nobody(app: FastAPI, rowan: Person, forged: str) -> None:
    await shut(app, rowan.email)
    async with at(app, "198.51.100.2") as client:
        body = {"email": rowan.email, "password": PASSWORD}
        cookie = {b"Cookie": f"known={forged}".encode()}
        answer = await client.post("/api/v1/session", json=body, headers=cookie)
    assert answer.status_code == 429


@pytest.mark.parametrize("act", ["elsewhere", "this one", "password"])
async def test_signing_out_elsewhere_and_a_new_password_forget_other_browsers(
    app: FastAPI, rowan: Person, home: httpx2.AsyncClient, act: str
) -> None:
    async with at(app, "198.51.100.2") as lost:
        await sign_in(lost, rowan)
        await sign_in(home, rowan)
        if act == "elsewhere":
            answer = await home.delete("/api/v1/sessions")
        elif act == "this one":
            found = (await home.get("/api/v1/sessions")).json()["items"]
            (other,) = (one["id"] for one in found if not one["is_current"])
            answer = await home.delete(f"/api/v1/sessions/{other}")
        else:
            body = {"current_password": PASSWORD, "new_password": PASSWORD + " two"}
            answer = await home.put("/api/v1/me/password", json=body)
        assert answer.status_code == 204
        password = PASSWORD + " two" if act == "password" else PASSWORD
        await shut(app, rowan.email)
        body = {"email": rowan.email, "password": password}
        assert (await lost.post("/api/v1/session", json=body)).status_code == 429
        await sign_out(home)
        assert (await home.post("/api/v1/session", json=body)).status_code == 200


async def test_a_browser_is_forgotten_half_a_year_after_its_last_sign_in(
    app: FastAPI,
    database: Database,
    rowan: Person,
    home: httpx2.AsyncClient,
    connection: AnyConnection,
) -> None:
    await sign_in(home, rowan)
    with clock.at(NOON + timedelta(days=180)):
        await shut(app, rowan.email)
        assert (await sign_in(home, rowan)).status_code == 429
        async with unit_of_work(database) as session:
            await tasks.forget_what_ran_out(session)
    cursor = await connection.execute("SELECT 1 FROM identity.known_browsers")
    assert await cursor.fetchall() == []


async def new_password(
    client: httpx2.AsyncClient, rowan: Person, connection: AnyConnection, settings: Settings
) -> dict[str, str]:
    await client.post("/api/v1/passwords/reset", json={"email": rowan.email})
    letter = (await letters(connection, settings))[-1]
    password = "entirely new words"
    body = {"token": letter.token, "password": password}
    assert (await client.put("/api/v1/passwords/reset", json=body)).status_code == 204
    return {"email": rowan.email, "password": password}


async def test_a_new_password_by_a_link_lets_the_owner_in_here_and_elsewhere(
    app: FastAPI,
    rowan: Person,
    home: httpx2.AsyncClient,
    connection: AnyConnection,
    settings: Settings,
) -> None:
    await shut(app, rowan.email)
    body = await new_password(home, rowan, connection, settings)
    async with at(app, "198.51.100.2") as phone:
        assert (await phone.post("/api/v1/session", json=body)).status_code == 200
    for number in range(20):
        async with at(app, f"192.0.2.{number}") as stranger:
            answer = await guess(stranger, rowan.email)
            assert answer.status_code == 429, "and strangers feel nothing of it"
    assert (await home.post("/api/v1/session", json=body)).status_code == 200
    async with at(app, "198.51.100.3") as late:
        answer = await late.post("/api/v1/session", json=body)
        assert answer.status_code == 429, "a few tries count, not as many as strangers like"


async def test_staff_who_type_their_code_second_spend_nothing(
    app: FastAPI, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    sky = await someone(database, settings, roles=[Role.MODERATOR], has_second_factor=True)
    async with at(app, "198.51.100.2") as client:
        assert (await sign_in(client, sky)).json()["type"] == "second-factor-needed"
        assert (await sign_in(client, sky, code=code_now())).status_code == 200
    cursor = await connection.execute("SELECT count(*) FROM core.rate_limits")
    assert await cursor.fetchone() == {"count": 0}
