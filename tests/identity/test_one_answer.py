"""Nobody learns whether an address has an account: every short sequence of anonymous requests is
answered alike for a known and an unknown one, at the same cost."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

import httpx2
import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.community.subscribers import SUBSCRIBER
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity import passwords, tasks
from app.identity.letters import Letterbox
from tests.identity.work import counting
from tests.people import Person, sign_in, someone
from tests.support.settings import ORIGIN

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOIN = "/api/v1/accounts"
SIGN_IN = "/api/v1/session"


@dataclass(frozen=True)
class Target:
    """What one sequence is about."""

    email: str
    own: str
    name: str


def joining(email: str, name: str, password: str) -> dict[str, object]:
    promises = {"is_adult": True, "agrees_to_rules": True}
    return {"email": email, "display_name": name, "password": password, **promises}


Body = Callable[[Target], tuple[str, dict[str, object]]]

ACTS: dict[str, Body] = {
    "join": lambda t: (JOIN, joining(t.email, t.name, "words of a stranger")),
    "join with another name": lambda t: (JOIN, joining(t.email, f"{t.name} b", "words of others")),
    "ask for the name": lambda t: (JOIN, joining(t.own, t.name, "words of a stranger")),
    "sign in": lambda t: (SIGN_IN, {"email": t.email, "password": "words of a stranger"}),
    "send again": lambda t: (f"{JOIN}/verification/again", {"email": t.email}),
    "reset": lambda t: ("/api/v1/passwords/reset", {"email": t.email}),
}


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost little: here they are counted, not timed."""
    hasher = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr(passwords, "_NOBODY", hasher.hash("nobody at all"))


async def answers(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, target: Target, acts: tuple[str, ...], host: str
) -> list[object]:
    """Everything an onlooker sees of each answer, and how many hashes it cost."""
    seen: list[object] = []
    transport = httpx2.ASGITransport(app=app, client=(host, 1))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        for second, act in enumerate(acts):
            path, body = ACTS[act](target)
            with counting(monkeypatch) as work, clock.at(NOON + timedelta(seconds=second)):
                answer = await client.post(path, json=body)
            headers = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
            body_ = {k: v for k, v in answer.json().items() if k != "request_id"}
            seen.append((act, answer.status_code, headers, body_, work.hashes))
    return seen


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("first", ACTS)
async def test_three_anonymous_requests_tell_nothing_of_an_address(
    app: FastAPI,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
) -> None:
    for number, later in enumerate(product(ACTS, repeat=2)):
        acts = (first, *later)
        found = []
        for kind in ("unknown", "confirmed", "waiting"):
            email = f"{kind}{number}@example.org"
            if kind != "unknown":
                is_verified = kind == "confirmed"
                with clock.at(NOON - timedelta(hours=1)):
                    await someone(database, settings, email=email, is_verified=is_verified)
            target = Target(email, f"own-{email}", f"{kind[:2]} {number}")
            host = f"2001:db8:{kind.encode().hex()[:4]}:{number:x}::1"
            found.append(await answers(app, monkeypatch, target, acts, host))
        assert found[0] == found[1] == found[2], acts


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app, client=("203.0.113.9", 1))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as made:
        yield made


async def test_a_name_asked_for_with_a_known_address_is_held_as_long_as_any(
    stranger: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    encryption = Encryption(settings.secrets)
    tidy = partial(tasks.let_go_of_unverified, letterbox=Letterbox(encryption, ORIGIN))
    found: dict[str, list[int]] = {}
    with clock.at(NOON):
        await someone(database, settings, email="known@example.org")
        for email in ("known@example.org", "unknown@example.org"):
            body = joining(email, f"Of {email[:5]}", "words of a stranger")
            assert (await stranger.post(JOIN, json=body)).status_code == 202
    for days in (6, 7):
        with clock.at(NOON + timedelta(days=days)):
            async with unit_of_work(database) as session:
                await tidy(session)
            await deliver(database, SUBSCRIBER)
            for email in ("known@example.org", "unknown@example.org"):
                own = joining(f"own{days}@{email[:5]}.org", f"Of {email[:5]}", "some other words")
                answer = await stranger.post(JOIN, json=own)
                found.setdefault(email, []).append(answer.status_code)
    assert found["known@example.org"] == found["unknown@example.org"] == [409, 202]


async def test_whoever_joins_again_may_have_the_name_they_asked_for(
    stranger: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    """Their first e-mail was lost; nobody else may."""
    await someone(database, settings, email="known@example.org")
    for email in ("known@example.org", "unknown@example.org"):
        for _ in range(2):
            answer = await stranger.post(
                JOIN, json=joining(email, f"Of {email[:5]}", "a few other words")
            )
            assert answer.status_code == 202
        other = joining(f"other-{email}", f"Of {email[:5]}", "a few other words")
        assert (await stranger.post(JOIN, json=other)).status_code == 409


async def test_a_decoy_names_nobody(
    stranger: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    await someone(database, settings, email="known@example.org")
    await stranger.post(JOIN, json=joining("known@example.org", "Sky", "words of a stranger"))
    cursor = await connection.execute("SELECT * FROM identity.accounts WHERE decoy_of IS NOT NULL")
    (row,) = await cursor.fetchall()
    address = Encryption(settings.secrets).open(row["email_sealed"], purpose="email")
    assert address.endswith("@decoy.invalid")
    assert row["email_hash"] == Encryption(settings.secrets).lookup(address)
    assert row["verified_at"] is None


async def test_no_right_password_is_felt_by_strangers(
    app: FastAPI, stranger: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    """The owner signs in among their guesses, and shuts nothing and opens nothing."""
    known = await someone(database, settings, email="known@example.org")
    seen: dict[str, list[tuple[int, str | None]]] = {}
    with clock.at(NOON - timedelta(minutes=10)):
        await owner_signs_in(app, known)
    for email in ("known@example.org", "unknown@example.org"):
        with clock.at(NOON):
            for number in range(12):
                body = {"email": email, "password": "not this one"}
                answer = await stranger.post(SIGN_IN, json=body)
                wait = answer.headers.get("retry-after")
                seen.setdefault(email, []).append((answer.status_code, wait))
                if number == 5 and email == known.email:
                    await owner_signs_in(app, known)
    assert seen["known@example.org"] == seen["unknown@example.org"]
    assert seen["known@example.org"] == [(401, None)] * 10 + [(429, "900")] * 2


async def owner_signs_in(app: FastAPI, known: Person) -> None:
    transport = httpx2.ASGITransport(app=app, client=("198.51.100.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as owner:
        assert (await sign_in(owner, known)).status_code == 200
