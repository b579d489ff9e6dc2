"""Closing an account: nothing that names anyone stays, and the packages above are told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock, events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.events import START
from app.core.ids import new_id
from app.core.settings import Settings
from app.identity import sessions, tasks
from app.identity.letters import Letterbox
from app.identity.roles import Role
from tests.identity.factories import PASSWORD, Person, code_now, letters, sign_in, someone
from tests.people import new_client
from tests.support.databases import is_waited_for_a_lock
from tests.support.waiting import eventually

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def close(
    client: httpx2.AsyncClient, *, password: str = PASSWORD, **changes: object
) -> httpx2.Response:
    body = {"password": password, "erase_study_data": False, **changes}
    return await client.post("/api/v1/me/closure", json=body)


async def stored(connection: AnyConnection, table: str) -> list[dict[str, Any]]:
    cursor = await connection.execute(f"SELECT * FROM identity.{table}")
    return await cursor.fetchall()


async def test_a_sign_in_that_opens_at_that_moment_ends_with_the_others(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    rowan = await someone(database, settings)
    await sign_in(client, rowan)
    async with connection.transaction():
        token = await open_session(connection, rowan)
        closing = asyncio.create_task(close(client))
        await eventually(lambda: is_waited_for_a_lock(database))
    assert (await closing).status_code == 204
    assert await stored(connection, "sessions") == []
    assert await sessions.find(database.pool, token) is None


async def test_a_sign_in_of_a_closed_account_is_none(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    rowan = await someone(database, settings)
    await sign_in(client, rowan)
    await close(client)
    token = await open_session(connection, rowan)
    assert await sessions.find(database.pool, token) is None


async def open_session(connection: AnyConnection, person: Person) -> str:
    """What signing in writes, and the lock it holds on the account until it commits."""
    token = sessions.new_token()
    await connection.execute(
        "SELECT FROM identity.accounts WHERE id = %s FOR SHARE", (person.account_id,)
    )
    await connection.execute(
        "INSERT INTO identity.sessions (id, token_hash, account_id, description, created_at,"
        " last_seen_at, ends_at) VALUES (%s, %s, %s, 'A test', now(), now(), now() + '1 day')",
        (new_id(), sessions.hash_token(token), person.account_id),
    )
    return token


@pytest.mark.parametrize("erase", [True, False])
async def test_a_closed_account_names_nobody_and_opens_to_nobody(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    erase: bool,
) -> None:
    rowan = await someone(
        database, settings, email="rowan@example.org", roles=[Role.HOST], has_second_factor=True
    )
    await client.post("/api/v1/passwords/reset", json={"email": rowan.email})
    (link,) = await letters(connection, settings)
    async with new_client(app) as phone:
        with clock.at(NOON):
            await sign_in(phone, rowan, code=code_now())
        with clock.at(NOON + timedelta(minutes=1)):
            await sign_in(client, rowan, code=code_now())
            answer = await close(client, erase_study_data=erase)
            assert answer.status_code == 204
            assert 'session=""' in answer.headers["set-cookie"]
            assert (await phone.get("/api/v1/me")).status_code == 401
    body = {"email": rowan.email, "password": PASSWORD}
    answer = await client.post("/api/v1/session", json=body)
    assert (answer.status_code, answer.json()["type"]) == (401, "wrong-sign-in")
    reset = {"token": link.token, "password": "entirely new words"}
    assert (await client.put("/api/v1/passwords/reset", json=reset)).status_code == 410

    (account,) = await stored(connection, "accounts")
    assert (account["email_hash"], account["email_sealed"], account["password_hash"]) == (None,) * 3
    for table in ("sessions", "second_factors", "recovery_codes", "mailed_links", "account_roles"):
        assert await stored(connection, table) == [], table
    (event,) = await events.read(connection, START, limit=10, types=["account.closed"])
    assert event.payload == {
        "type": "account.closed",
        "account_id": str(rowan.account_id),
        "member_id": str(rowan.member_id),
        "erase_study_data": erase,
    }
    assert (await letters(connection, settings))[-1].subject == "Your account is closed"


async def test_it_takes_the_password_and_an_answer_about_studies(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    await sign_in(client, await someone(database, settings))
    answer = await close(client, password="not this one")
    assert (answer.status_code, answer.json()["type"]) == (403, "wrong-password")
    answer = await client.post("/api/v1/me/closure", json={"password": PASSWORD})
    assert answer.json()["errors"][0]["pointer"] == "/erase_study_data"
    (account,) = await stored(connection, "accounts")
    assert account["closed_at"] is None
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_the_address_is_free_again(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    rowan = await someone(database, settings)
    await sign_in(client, rowan)
    await close(client)
    await someone(database, settings, email=rowan.email)
    assert len(await stored(connection, "accounts")) == 2


async def test_the_only_administrator_stays(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    await sign_in(client, await someone(database, settings, roles=[Role.ADMINISTRATOR]))
    answer = await close(client)
    assert (answer.status_code, answer.json()["type"]) == (409, "last-administrator")
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_an_address_nobody_confirms_is_let_go_after_a_week(
    database: Database, settings: Settings, connection: AnyConnection
) -> None:
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)

    async def tidy(after: timedelta) -> int:
        with clock.at(NOON + after):
            async with unit_of_work(database) as session:
                return await tasks.let_go_of_unverified(session, letterbox)

    with clock.at(NOON):
        waiting = await someone(database, settings, is_verified=False)
        await someone(database, settings)
    assert await tidy(timedelta(days=6, hours=23)) == 0
    assert await tidy(timedelta(days=7)) == 1
    assert await tidy(timedelta(days=7)) == 0
    (event,) = await events.read(connection, START, limit=10, types=["account.closed"])
    assert event.payload["account_id"] == str(waiting.account_id)
    assert await letters(connection, settings) == []


async def test_what_ran_out_is_forgotten(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    rowan = await someone(database, settings)
    with clock.at(NOON):
        await sign_in(client, rowan)
        await client.post("/api/v1/passwords/reset", json={"email": rowan.email})
    for after, kept in ((timedelta(hours=1), (1, 1)), (timedelta(days=31), (0, 0))):
        with clock.at(NOON + after):
            async with unit_of_work(database) as session:
                await tasks.forget_what_ran_out(session)
        found = (
            len(await stored(connection, "sessions")),
            len(await stored(connection, "mailed_links")),
        )
        assert found == kept
