"""Codes: needed, right, reused, recovered, replaced."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pyotp
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.identity.roles import Role
from app.main import create_app
from tests.identity.factories import PASSWORD, Person, code_now, letters, sign_in, someone
from tests.people import new_client
from tests.support.settings import settings_for

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.fixture
async def moderator(database: Database, settings: Settings) -> Person:
    return await someone(database, settings, roles=[Role.MODERATOR], has_second_factor=True)


async def test_the_code_is_asked_for_after_the_password_and_opens_the_permissions(
    client: httpx2.AsyncClient, moderator: Person
) -> None:
    answer = await sign_in(client, moderator)
    assert (answer.status_code, answer.json()["type"]) == (401, "second-factor-needed")
    assert "set-cookie" not in answer.headers
    answer = await sign_in(client, moderator, code="000000")
    assert (answer.status_code, answer.json()["type"]) == (401, "wrong-code")
    answer = await sign_in(client, moderator, code=code_now())
    assert answer.status_code == 200
    assert answer.json()["second_factor"] == {
        "is_required": True,
        "is_enrolled": True,
        "is_passed": True,
    }
    assert "moderation:cases:decide" in answer.json()["permissions"]


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_clocks_may_differ_by_one_step(
    client: httpx2.AsyncClient, moderator: Person, steps: int, status: int
) -> None:
    with clock.at(NOON + steps * STEP):
        code = code_now()
    with clock.at(NOON):
        assert (await sign_in(client, moderator, code=code)).status_code == status


async def test_a_code_works_once_and_so_does_every_earlier_one(
    client: httpx2.AsyncClient, moderator: Person
) -> None:
    with clock.at(NOON):
        earlier = code_now()
    with clock.at(NOON + STEP):
        code = code_now()
        assert (await sign_in(client, moderator, code=code)).status_code == 200
        for used in (code, earlier):
            answer = await sign_in(client, moderator, code=used)
            assert (answer.status_code, answer.json()["type"]) == (401, "wrong-code")
    with clock.at(NOON + 2 * STEP):
        assert (await sign_in(client, moderator, code=code_now())).status_code == 200


async def test_only_a_demo_account_repeats_a_code(database_url: str) -> None:
    settings = settings_for(database_url, demo=True)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        database: Database = app.state.database
        staff: dict[str, Any] = {"roles": [Role.MODERATOR], "has_second_factor": True}
        with clock.at(NOON):
            for is_demo, status in ((True, 200), (False, 401)):
                person = await someone(database, settings, is_demo=is_demo, **staff)
                async with new_client(app) as client:
                    assert (await sign_in(client, person, code=code_now())).status_code == 200
                    again = await sign_in(client, person, code=code_now())
                    assert again.status_code == status


async def test_staff_without_a_second_factor_sign_in_and_may_do_nothing_until_they_set_it_up(
    client: httpx2.AsyncClient, database: Database, settings: Settings, connection: AnyConnection
) -> None:
    admin = await someone(database, settings, roles=[Role.ADMINISTRATOR])
    me = (await sign_in(client, admin)).json()
    assert me["second_factor"] == {"is_required": True, "is_enrolled": False, "is_passed": False}
    assert me["permissions"] == []
    answer = await client.get("/api/v1/staff")
    assert (answer.status_code, answer.json()["type"]) == (403, "second-factor-required")

    begun = await client.post("/api/v1/me/second-factor", json={"password": PASSWORD})
    secret = begun.json()["secret"]
    assert begun.json()["uri"].startswith("otpauth://totp/Alongside:")
    answer = await client.put("/api/v1/me/second-factor", json={"code": "123456"})
    assert (answer.status_code, answer.json()["type"]) == (401, "wrong-code")
    assert (await client.get("/api/v1/staff")).status_code == 403
    enrolled = await client.put("/api/v1/me/second-factor", json={"code": code_now(secret)})
    assert enrolled.status_code == 200
    codes = enrolled.json()["recovery_codes"]
    assert len(set(codes)) == 10
    assert (await client.get("/api/v1/staff")).status_code == 200
    assert (await letters(connection, settings))[-1].to == admin.email

    cursor = await connection.execute("SELECT secret_sealed FROM identity.second_factors")
    (row,) = await cursor.fetchall()
    assert secret.encode() not in row["secret_sealed"]


async def test_a_second_factor_is_begun_with_the_password_alone(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    await sign_in(client, await someone(database, settings))
    answer = await client.post("/api/v1/me/second-factor", json={"password": "another one"})
    assert (answer.status_code, answer.json()["type"]) == (403, "wrong-password")
    answer = await client.put("/api/v1/me/second-factor", json={"code": "123456"})
    assert (answer.status_code, answer.json()["type"]) == (401, "wrong-code")


async def test_a_recovery_code_works_once(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings)
    codes = await _enrol(client, rowan)
    async with new_client(app) as fresh:
        assert (await sign_in(fresh, rowan)).status_code == 401, "a member who set it up shows it"
        typed = codes[3].upper().replace("-", " ")
        assert (await sign_in(fresh, rowan, code=typed)).status_code == 200
        answer = await sign_in(fresh, rowan, code=codes[3])
        assert (answer.status_code, answer.json()["type"]) == (401, "wrong-recovery-code")
        assert (await sign_in(fresh, rowan, code=codes[4])).status_code == 200


async def test_one_recovery_code_is_nobody_elses(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan, sky = await someone(database, settings), await someone(database, settings)
    codes = await _enrol(client, rowan)
    async with new_client(app) as other:
        await _enrol(other, sky)
        assert (await sign_in(other, sky, code=codes[0])).status_code == 401


async def test_replacing_the_second_factor_takes_a_sign_in_that_has_shown_it(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings)
    async with new_client(app) as stolen:
        await sign_in(stolen, rowan)
        first = await _enrol(client, rowan)
        body = {"password": PASSWORD}
        answer = await stolen.post("/api/v1/me/second-factor", json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "second-factor-required")
        answer = await stolen.put("/api/v1/me/second-factor", json={"code": "123456"})
        assert (answer.status_code, answer.json()["type"]) == (403, "second-factor-required")

    begun = (await client.post("/api/v1/me/second-factor", json=body)).json()
    async with new_client(app) as phone:
        assert (await sign_in(phone, rowan, code=first[0])).status_code == 200, "still the old one"
    second = await client.put("/api/v1/me/second-factor", json={"code": code_now(begun["secret"])})
    async with new_client(app) as phone:
        assert (await sign_in(phone, rowan, code=first[1])).status_code == 401
        codes = second.json()["recovery_codes"]
        assert (await sign_in(phone, rowan, code=codes[0])).status_code == 200


async def _enrol(client: httpx2.AsyncClient, person: Person) -> list[str]:
    await sign_in(client, person)
    begun = await client.post("/api/v1/me/second-factor", json={"password": person.password})
    code = pyotp.TOTP(begun.json()["secret"]).at(clock.now())
    answer = await client.put("/api/v1/me/second-factor", json={"code": code})
    assert answer.status_code == 200, answer.text
    codes: list[str] = answer.json()["recovery_codes"]
    return codes
