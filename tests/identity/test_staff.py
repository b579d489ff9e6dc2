"""Roles: given with a reason, never to oneself, never both families; the database agrees."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from app.core import clock, events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.errors import ConflictError
from app.core.events import START
from app.core.settings import Settings
from app.identity import staff
from app.identity.errors import LastAdministratorError, RoleFamiliesError
from app.identity.roles import FAMILY_OF, STAFF, Role
from tests.identity.factories import Person, code_now, sign_in, someone
from tests.people import new_client


@pytest.fixture
async def admin(client: httpx2.AsyncClient, database: Database, settings: Settings) -> Person:
    person = await someone(database, settings, roles=[Role.ADMINISTRATOR], has_second_factor=True)
    assert (await sign_in(client, person, code=code_now())).status_code == 200
    return person


async def appoint(
    client: httpx2.AsyncClient, who: str | UUID, role: str, reason: str = "She moderates well."
) -> httpx2.Response:
    return await client.post(f"/api/v1/staff/{who}/roles", json={"role": role, "reason": reason})


async def take_back(
    client: httpx2.AsyncClient, who: str | UUID, role: str, reason: str = "She asked to stop."
) -> httpx2.Response:
    body = {"role": role, "reason": reason}
    return await client.request("DELETE", f"/api/v1/staff/{who}/roles", json=body)


async def ledger(connection: AnyConnection, person: Person) -> list[tuple[object, ...]]:
    cursor = await connection.execute(
        "SELECT act, role, reason, granter_id FROM identity.role_grants"
        " WHERE account_id = %s ORDER BY id",
        (person.account_id,),
    )
    return [tuple(row.values()) for row in await cursor.fetchall()]


async def test_an_administrator_gives_a_role_and_takes_it_back(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    admin: Person,
) -> None:
    rowan = await someone(database, settings, display_name="Rowan Hill")
    async with new_client(app) as other:
        await sign_in(other, rowan)
        for _ in range(2):
            assert (await appoint(client, "rowan hill", "moderator")).status_code == 204
        await sign_in(other, rowan)
        me = (await other.get("/api/v1/me")).json()
        assert (me["roles"], me["permissions"]) == (["member", "moderator"], [])
        listed = (await client.get("/api/v1/staff")).json()["items"]
        assert {one["display_name"]: one["roles"] for one in listed} == {
            admin.display_name: ["administrator"],
            "Rowan Hill": ["moderator"],
        }
        for _ in range(2):
            assert (await take_back(client, rowan.account_id, "moderator")).status_code == 204
        assert (await other.get("/api/v1/me")).json()["roles"] == ["member"]
    assert await ledger(connection, rowan) == [
        ("granted", "moderator", "She moderates well.", admin.account_id),
        ("taken_back", "moderator", "She asked to stop.", admin.account_id),
    ]
    found = await events.read(
        connection, START, limit=10, types=["role.granted", "role.taken_back"]
    )
    assert [event.type for event in found if event.payload["role"] == "moderator"] == [
        "role.granted",
        "role.taken_back",
    ]
    assert found[-1].topics == (f"me:{rowan.member_id}",)


async def test_who_becomes_staff_signs_in_anew_and_for_hours(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    admin: Person,
) -> None:
    rowan = await someone(database, settings, has_second_factor=True)
    async with new_client(app) as other:
        await sign_in(other, rowan, code=code_now())
        await appoint(client, rowan.account_id, "host")
        assert (await other.get("/api/v1/me")).status_code == 200, "a host holds no permission"
        await appoint(client, rowan.account_id, "moderator")
        assert (await other.get("/api/v1/me")).status_code == 401
        with clock.at(clock.now() + timedelta(minutes=1)):
            assert (await sign_in(other, rowan, code=code_now())).status_code == 200
            cursor = await connection.execute(
                "SELECT max(ends_at) AS latest FROM identity.sessions WHERE account_id = %s",
                (rowan.account_id,),
            )
            row = await cursor.fetchone()
            assert row is not None
            assert row["latest"] == clock.now() + timedelta(hours=12)


@pytest.mark.parametrize(
    ("role", "reason", "status"),
    [
        ("moderator", "   ", 422),
        ("moderator", "\u200b", 422),
        ("moderator", "x" * 501, 422),
        ("moderator", "x" * 500, 204),
        ("member", "Everyone is.", 422),
        ("emperor", "Why not.", 422),
    ],
)
async def test_a_role_takes_a_reason(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    admin: Person,
    role: str,
    reason: str,
    status: int,
) -> None:
    rowan = await someone(database, settings)
    assert (await appoint(client, rowan.member_id, role, reason)).status_code == status


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
async def test_nobody_else_appoints(
    client: httpx2.AsyncClient, database: Database, settings: Settings, role: Role
) -> None:
    roles = [] if role is Role.MEMBER else [role]
    person = await someone(database, settings, roles=roles, has_second_factor=role in STAFF)
    rowan = await someone(database, settings)
    await sign_in(client, person, code=code_now() if role in STAFF else None)
    answer = await appoint(client, rowan.account_id, "host")
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    assert (await client.get("/api/v1/staff")).status_code == 403


async def test_nobody_appoints_themselves(client: httpx2.AsyncClient, admin: Person) -> None:
    for who in (admin.account_id, admin.member_id, admin.display_name):
        answer = await appoint(client, who, "moderator")
        assert (answer.status_code, answer.json()["type"]) == (403, "own-roles")
        answer = await take_back(client, who, "administrator")
        assert (answer.status_code, answer.json()["type"]) == (403, "own-roles")


async def test_only_someone_who_is_here_and_confirmed_is_appointed(
    client: httpx2.AsyncClient, database: Database, settings: Settings, admin: Person
) -> None:
    for unknown in (uuid4(), "Nobody of this name"):
        answer = await appoint(client, unknown, "host")
        assert (answer.status_code, answer.json()["type"]) == (404, "member-not-found")
    waiting = await someone(database, settings, is_verified=False)
    answer = await appoint(client, waiting.account_id, "host")
    assert (answer.status_code, answer.json()["type"]) == (409, "not-appointable")


@pytest.mark.parametrize("first", sorted(FAMILY_OF))
@pytest.mark.parametrize("second", sorted(FAMILY_OF))
async def test_moderation_and_research_exclude_each_other(
    database: Database, settings: Settings, first: Role, second: Role
) -> None:
    rowan = await someone(database, settings, roles=[first, Role.HOST])
    grant: dict[str, Any] = {
        "account_id": rowan.account_id,
        "reason": "A test.",
        "granter_id": None,
    }
    if FAMILY_OF[first] == FAMILY_OF[second]:
        async with unit_of_work(database) as session:
            await staff.grant(session, role=second, **grant)
        return
    with pytest.raises(RoleFamiliesError):
        async with unit_of_work(database) as session:
            await staff.grant(session, role=second, **grant)
    async with unit_of_work(database) as session:
        await staff.take_back(session, role=first, **grant)
        await staff.grant(session, role=second, **grant)


@pytest.mark.parametrize(
    "attempt",
    [
        "INSERT INTO identity.account_roles VALUES (%(id)s, 'researcher', 'research')",
        "INSERT INTO identity.account_roles VALUES (%(id)s, 'researcher', 'moderation')",
        "INSERT INTO identity.account_roles VALUES (%(id)s, 'researcher', NULL)",
        "INSERT INTO identity.account_roles VALUES (%(id)s, 'checker', NULL)",
        "INSERT INTO identity.account_roles VALUES (%(id)s, 'emperor', NULL)",
        "INSERT INTO identity.account_roles VALUES (%(id)s, 'member', NULL)",
        "UPDATE identity.account_roles SET role = 'researcher' WHERE account_id = %(id)s",
        "UPDATE identity.accounts SET staff_family = 'research' WHERE id = %(id)s",
        "UPDATE identity.accounts SET staff_family = NULL WHERE id = %(id)s",
        "UPDATE identity.accounts SET staff_family = 'kings' WHERE id = %(id)s",
        "UPDATE identity.role_grants SET reason = 'Another.' WHERE account_id = %(id)s",
        "DELETE FROM identity.role_grants WHERE account_id = %(id)s",
        "TRUNCATE identity.role_grants",
        "UPDATE identity.accounts SET email_hash = NULL WHERE id = %(id)s",
        "UPDATE identity.accounts SET closed_at = now() WHERE id = %(id)s",
    ],
)
async def test_the_database_refuses_what_no_code_here_would_try(
    database: Database, settings: Settings, connection: AnyConnection, attempt: str
) -> None:
    rowan = await someone(database, settings, roles=[Role.MODERATOR])
    with pytest.raises(psycopg.errors.IntegrityError):
        await connection.execute(attempt, {"id": rowan.account_id})


async def test_one_administrator_always_stays(database: Database, settings: Settings) -> None:
    one = await someone(database, settings, roles=[Role.ADMINISTRATOR])
    two = await someone(database, settings, roles=[Role.ADMINISTRATOR])
    facts: dict[str, Any] = {"role": Role.ADMINISTRATOR, "reason": "A test.", "granter_id": None}
    async with unit_of_work(database) as session:
        await staff.take_back(session, account_id=one.account_id, **facts)
    with pytest.raises(LastAdministratorError) as caught:
        async with unit_of_work(database) as session:
            await staff.take_back(session, account_id=two.account_id, **facts)
    assert isinstance(caught.value, ConflictError)
