"""Tries are counted in the database: across processes, per address and per network."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from app.main import create_app
from tests.people import Person, sign_in, someone
from tests.support.settings import ORIGIN

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def second_app(settings: Settings) -> AsyncIterator[FastAPI]:
    """Another server process, as far as the database can tell."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def rowan(database: Database, settings: Settings) -> Person:
    return await someone(database, settings)


def at(app: FastAPI, host: str) -> httpx2.AsyncClient:
    """A browser somewhere else."""
    transport = httpx2.ASGITransport(app=app, client=(host, 1))
    return httpx2.AsyncClient(transport=transport, base_url=ORIGIN)


async def guess(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    body = {"email": email, "password": "not this one"}
    return await client.post("/api/v1/session", json=body)


async def test_ten_wrong_tries_on_one_address_close_it_for_a_while_on_every_server(
    app: FastAPI, second_app: FastAPI, rowan: Person
) -> None:
    with clock.at(NOON):
        for number in range(10):
            server = second_app if number % 2 else app
            async with at(server, f"203.0.113.{number}") as client:
                assert (await guess(client, rowan.email)).status_code == 401
        for server in (app, second_app):
            async with at(server, "203.0.113.77") as client:
                answer = await sign_in(client, rowan)
                assert (answer.status_code, answer.json()["type"]) == (429, "too-many")
                assert 0 < int(answer.headers["retry-after"]) <= 900
    with clock.at(NOON + timedelta(minutes=15)):
        async with at(second_app, "203.0.113.77") as client:
            assert (await sign_in(client, rowan)).status_code == 200


async def test_an_unknown_address_is_closed_just_the_same(app: FastAPI) -> None:
    with clock.at(NOON):
        async with at(app, "203.0.113.1") as client:
            found = [(await guess(client, "nobody@example.org")).status_code for _ in range(11)]
    assert found == [401] * 10 + [429]


async def test_a_browser_that_signed_in_has_a_count_of_its_own_and_a_fresh_start_each_time(
    app: FastAPI, rowan: Person
) -> None:
    with clock.at(NOON):
        async with at(app, "203.0.113.1") as client:
            for _ in range(3):
                for _ in range(9):
                    assert (await guess(client, rowan.email)).status_code == 401
                assert (await sign_in(client, rowan)).status_code == 200


async def test_sixty_wrong_tries_from_one_network_close_it_and_no_other(
    app: FastAPI, second_app: FastAPI, rowan: Person
) -> None:
    with clock.at(NOON):
        for number in range(60):
            server = second_app if number % 2 else app
            async with at(server, f"2001:db8:7:7::{number:x}") as client:
                assert (await guess(client, f"person{number}@example.org")).status_code == 401
        async with at(app, "2001:db8:7:7:ffff::1") as client:
            assert (await sign_in(client, rowan)).status_code == 429
        async with at(app, "2001:db8:7:8::1") as client:
            assert (await sign_in(client, rowan)).status_code == 200


async def test_right_passwords_take_nothing_from_the_network(app: FastAPI, rowan: Person) -> None:
    with clock.at(NOON):
        async with at(app, "203.0.113.1") as client:
            found = {(await sign_in(client, rowan)).status_code for _ in range(62)}
    assert found == {200}


@pytest.mark.parametrize("path", ["/api/v1/passwords/reset", "/api/v1/accounts/verification/again"])
@pytest.mark.parametrize("email", ["known", "nobody@example.org"])
async def test_five_letters_an_hour_to_one_address_known_or_not(
    app: FastAPI, second_app: FastAPI, rowan: Person, path: str, email: str
) -> None:
    body = {"email": rowan.email if email == "known" else email}
    found = []
    with clock.at(NOON):
        for number in range(6):
            server = second_app if number % 2 else app
            async with at(server, f"203.0.113.{number}") as client:
                found.append((await client.post(path, json=body)).status_code)
    assert found == [202] * 5 + [429]


async def test_thirty_letters_an_hour_from_one_network(app: FastAPI) -> None:
    with clock.at(NOON):
        async with at(app, "203.0.113.1") as client:
            found = [
                (await client.post("/api/v1/passwords/reset", json={"email": f"p{n}@example.org"}))
                for n in range(31)
            ]
    assert [answer.status_code for answer in found] == [202] * 30 + [429]


async def test_five_times_an_hour_someone_may_join_with_one_address(
    app: FastAPI, second_app: FastAPI
) -> None:
    body = {
        "email": "rowan@example.org",
        "password": "violet harbour tram",
        "is_adult": True,
        "agrees_to_rules": True,
    }
    found = []
    with clock.at(NOON):
        for number in range(6):
            server = second_app if number % 2 else app
            async with at(server, f"203.0.113.{number}") as client:
                named = {**body, "display_name": f"Number {number}"}
                found.append((await client.post("/api/v1/accounts", json=named)).status_code)
    assert found == [202] * 5 + [429]
