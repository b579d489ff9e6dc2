"""Someone lost their phone and codes: who may help, what is kept of it, and whom it tells."""

import asyncio

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from app.cli import accounts as commands
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.identity.roles import Role
from tests.identity.factories import PASSWORD, Person, code_now, letters, sign_in, someone
from tests.people import new_client
from tests.support.settings import environment_for

PATH = "/api/v1/second-factor-removals"
TURN_OFF = "/api/v1/me/second-factor/removal"
ASKED = "Someone asked us to take the second step off your account"
TAKEN_OFF = "The second step was taken off your account"


@pytest.fixture
async def rowan(database: Database, settings: Settings) -> Person:
    return await someone(database, settings, display_name="Rowan", has_second_factor=True)


async def administrator(
    app: FastAPI, database: Database, settings: Settings, name: str
) -> tuple[httpx2.AsyncClient, Person]:
    """Someone who may take factors off, signed in."""
    roles = [Role.ADMINISTRATOR]
    person = await someone(
        database, settings, display_name=name, roles=roles, has_second_factor=True
    )
    client = new_client(app)
    assert (await sign_in(client, person, code=code_now())).status_code == 200
    return client, person


async def ledger(connection: AnyConnection) -> list[tuple[str, str]]:
    cursor = await connection.execute(
        "SELECT act, reason FROM identity.second_factor_removals ORDER BY id"
    )
    return [(row["act"], row["reason"]) for row in await cursor.fetchall()]


async def test_one_administrator_asks_another_agrees_and_the_owner_is_told_twice(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
) -> None:
    await sign_in(client, rowan, code=code_now())
    kim, kim_person = await administrator(app, database, settings, "Kim")
    lee, lee_person = await administrator(app, database, settings, "Lee")
    body = {"person": "rowan", "reason": "Rang from the number we have."}
    assert (await kim.post(PATH, json=body)).status_code == 204
    (waits,) = (await lee.get(PATH)).json()["items"]
    assert (waits["display_name"], waits["asked_by"], waits["is_mine"]) == ("Rowan", "Kim", False)
    assert (await kim.get(PATH)).json()["items"][0]["is_mine"] is True
    agreement = f"{PATH}/{waits['id']}/agreement"
    own = await kim.post(agreement, json={"reason": "It is me."})
    assert (own.status_code, own.json()["type"]) == (403, "second-person-needed")
    assert (await client.get("/api/v1/me")).status_code == 200

    assert (await lee.post(agreement, json={"reason": "I rang too."})).status_code == 204
    assert (await client.get("/api/v1/me")).status_code == 401
    signed_in = await sign_in(client, rowan)
    assert signed_in.json()["second_factor"]["is_enrolled"] is False
    assert (await lee.post(agreement, json={"reason": "Again."})).status_code == 404
    assert (await lee.get(PATH)).json()["items"] == []
    assert await ledger(connection) == [
        ("asked", "Rang from the number we have."),
        ("agreed", "I rang too."),
    ]
    sent = [(each.to, each.subject) for each in await letters(connection, settings)]
    assert sent == [(rowan.email, ASKED), (rowan.email, TAKEN_OFF)]
    for asked, who in ((kim, kim_person), (lee, lee_person)):
        refused = await asked.post(PATH, json={"person": str(who.account_id), "reason": "Mine."})
        assert (refused.status_code, refused.json()["type"]) == (403, "own-second-factor")
        await asked.aclose()


async def test_only_administrators_ask_and_only_for_a_factor_that_is_there(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    rowan: Person,
) -> None:
    await sign_in(client, rowan, code=code_now())
    body = {"person": str(rowan.member_id), "reason": "Mine."}
    assert (await client.post(PATH, json=body)).status_code == 403
    assert (await client.get(PATH)).status_code == 403
    await someone(database, settings, display_name="Sky")
    kim, _ = await administrator(app, database, settings, "Kim")
    none = await kim.post(PATH, json={"person": "Sky", "reason": "Asked."})
    assert (none.status_code, none.json()["type"]) == (409, "no-second-factor")
    assert (await kim.post(PATH, json={**body, "reason": " "})).status_code == 422
    await kim.aclose()


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
async def test_the_ledger_cannot_be_changed(
    app: FastAPI,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
    statement: str,
) -> None:
    kim, person = await administrator(app, database, settings, "Kim")
    await kim.post(PATH, json={"person": "rowan", "reason": "Rang."})
    await kim.aclose()
    table = "identity.second_factor_removals"
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        await connection.execute(statement.format(table).encode())
    with pytest.raises(psycopg.errors.CheckViolation):
        await connection.execute(
            f"INSERT INTO {table} (id, account_id, act, reason, actor_id, asked_id, asker_id,"
            " created_at) SELECT gen_random_uuid(), account_id, 'agreed', 'x', actor_id, id,"
            f" actor_id, now() FROM {table} WHERE actor_id = %s".encode(),
            (person.account_id,),
        )


async def test_a_member_turns_theirs_off_with_password_and_code(
    client: httpx2.AsyncClient, settings: Settings, connection: AnyConnection, rowan: Person
) -> None:
    await sign_in(client, rowan, code=code_now())
    for body, kind in (
        ({"password": "not this one", "code": "000000"}, "wrong-password"),
        ({"password": PASSWORD, "code": "000000"}, "wrong-code"),
        ({"password": PASSWORD, "code": "abcd-efgh-jkmn-pqrs"}, "wrong-recovery-code"),
    ):
        assert (await client.post(TURN_OFF, json=body)).json()["type"] == kind
    await connection.execute("UPDATE identity.second_factors SET last_step = 0")
    off = await client.post(TURN_OFF, json={"password": PASSWORD, "code": code_now()})
    assert off.status_code == 204
    me = (await client.get("/api/v1/me")).json()
    assert me["second_factor"]["is_enrolled"] is False
    assert await ledger(connection) == [("by_owner", "Turned off by its owner.")]
    assert (await letters(connection, settings))[-1].to == rowan.email
    again = await client.post(TURN_OFF, json={"password": PASSWORD, "code": code_now()})
    assert (again.status_code, again.json()["type"]) == (409, "no-second-factor")


async def test_staff_keep_theirs(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    sam = await someone(database, settings, roles=[Role.MODERATOR], has_second_factor=True)
    await sign_in(client, sam, code=code_now())
    await connection.execute("UPDATE identity.second_factors SET last_step = 0")
    refused = await client.post(TURN_OFF, json={"password": PASSWORD, "code": code_now()})
    assert (refused.status_code, refused.json()["type"]) == (403, "second-factor-stays")
    assert await ledger(connection) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *(("000000", "wrong-code"), ("123 456", "wrong-code"), ("12345", "wrong-code")),
        *(("abcd-efgh-jkmn-pqrs", "wrong-recovery-code"), ("ABCD", "wrong-recovery-code")),
    ],
)
async def test_a_wrong_code_is_answered_as_what_it_was_meant_to_be(
    client: httpx2.AsyncClient, rowan: Person, code: str, kind: str
) -> None:
    answer = await sign_in(client, rowan, code=code)
    assert (answer.status_code, answer.json()["type"]) == (401, kind)


async def test_whoever_runs_the_server_takes_it_off_with_a_reason(
    client: httpx2.AsyncClient,
    settings: Settings,
    connection: AnyConnection,
    rowan: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment_for(settings.database.url, 8000).items():
        monkeypatch.setenv(name, value)
    await asyncio.to_thread(commands.remove, rowan.email, "Came by, showed a passport.")
    assert (await sign_in(client, rowan)).status_code == 200
    assert await ledger(connection) == [("by_command", "Came by, showed a passport.")]
    (letter,) = await letters(connection, settings)
    assert (letter.to, letter.subject) == (rowan.email, TAKEN_OFF)
