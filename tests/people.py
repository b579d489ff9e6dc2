"""People of tests: a person can sign in; who is signed in acts over HTTP, as a browser would."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.community import members
from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity import accounts, addresses, passwords, second_factors, sessions, staff
from app.identity.accounts import Applicant
from app.identity.actors import Actor
from app.identity.letters import Letterbox
from app.identity.roles import Role, permissions_of
from app.moderation import log_checks
from tests.support.settings import ORIGIN, settings_for

PASSWORD = "violet harbour tram"
SECRET = "JBSWY3DPEHPK3PXP"
#: What moderators say.
KIND = "It may be hard to read for someone on a bad day."

Json = dict[str, Any]

_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who can sign in."""

    account_id: UUID
    member_id: UUID
    email: str
    name: str
    password: str = PASSWORD


@dataclass(frozen=True, kw_only=True)
class SignedIn(Person):
    """Someone with an open sign-in, and what they do with it."""

    token: str
    actor: Actor
    client: httpx2.AsyncClient
    database: Database

    @property
    def cookie(self) -> str:
        """For a socket or a server process."""
        return f"session={self.token}"

    async def get(self, path: str, **query: Any) -> Any:
        """What the API holds there; fails unless it answers 200."""
        return (await self._done("GET", path, params=query or None)).json()

    async def status(self, path: str) -> int:
        """How the API answers."""
        return (await self.client.get(f"/api/v1{path}")).status_code

    async def post(self, path: str, **body: Any) -> httpx2.Response:
        return await self.client.post(f"/api/v1{path}", json=body)

    async def put(self, path: str) -> httpx2.Response:
        return await self.client.put(f"/api/v1{path}")

    async def delete(self, path: str) -> httpx2.Response:
        return await self.client.delete(f"/api/v1{path}")

    async def publish(self, body: str = "Hello.", **more: Any) -> Json:
        """A post on the wall."""
        said = {"body": body, **more}
        return _json(await self._done("POST", "/posts", json=said, status=201))

    async def reply(self, post: Json | UUID | str, body: str = "I hear you.", **more: Any) -> Json:
        """An answer to a post or a reply."""
        path, said = f"/posts/{_id(post)}/replies", {"body": body, **more}
        return _json(await self._done("POST", path, json=said, status=201))

    async def edit(self, post: Json | UUID | str, body: str, **more: Any) -> Json:
        """New words for an own post."""
        return _json(await self._done("PUT", f"/posts/{_id(post)}", json={"body": body, **more}))

    async def withdraw(self, post: Json | UUID | str) -> None:
        """Take an own post back."""
        await self._done("DELETE", f"/posts/{_id(post)}", status=204)

    async def react(self, post: Json | UUID | str, kind: str = "i_hear_you") -> None:
        """Give a reaction."""
        await self._done("PUT", f"/posts/{_id(post)}/reactions/{kind}", status=204)

    async def wall(self, **query: Any) -> list[Json]:
        """The first page of the wall."""
        return list((await self.get("/wall", **query))["items"])

    async def thread(self, post: Json) -> Json:
        """A post with its replies."""
        return dict(await self.get(f"/threads/{post['thread_id']}"))

    async def notices(self) -> list[Json]:
        """What this person was told, the newest first."""
        return list((await self.get("/me/notifications"))["items"])

    async def check_log(self) -> Json:
        """What a check of the log finds now, made as the worker makes it."""
        await log_checks.run(self.database)
        return dict((await self.get("/moderation/log/check"))["last"])

    async def flag(
        self, post: Json | UUID | str, kind: str = "breaks_rules", **more: Any
    ) -> httpx2.Response:
        """Flag a post; the reason is `hurtful` unless another is given."""
        reason = {"reason": "hurtful"} if kind == "breaks_rules" else {}
        return await self.post("/reports", post_id=str(_id(post)), kind=kind, **reason | more)

    async def worry(self, post: Json | UUID | str, **more: Any) -> httpx2.Response:
        """Say that one worries about its author."""
        return await self.flag(post, "worried", **more)

    async def queue(self, state: str = "open") -> list[Json]:
        """The first page of the queue of cases."""
        return list((await self.get("/cases", state=state))["items"])

    async def claim(self, case_id: str) -> httpx2.Response:
        return await self.post(f"/cases/{case_id}/claim")

    async def decide(
        self,
        case_id: str,
        act: str = "nothing",
        *,
        version: int | None = None,
        reason: str = KIND,
        **more: Any,
    ) -> httpx2.Response:
        """Decide a case at the version it has now, unless another is given."""
        if version is None:
            version = await self.version(case_id)
        more |= {"note_about": "self-harm"} if act == "fold" and "note_about" not in more else {}
        path = f"/cases/{case_id}/decision"
        return await self.post(path, act=act, reason=reason, version=version, **more)

    async def version(self, case_id: str) -> int:
        """Which version an open case has."""
        found = [case for case in await self.queue() if case["id"] == case_id]
        return int(found[0]["version"]) if found else 1

    async def _done(self, method: str, path: str, *, status: int = 200, **sent: Any) -> Any:
        answer = await self.client.request(method, f"/api/v1{path}", **sent)
        assert answer.status_code == status, answer.text
        return answer


def _json(answer: httpx2.Response) -> Json:
    found: Json = answer.json()
    return found


def _id(post: Json | UUID | str) -> Any:
    return post["id"] if isinstance(post, dict) else post


def id_of(post: Json) -> UUID:
    """The id of what was just written."""
    return UUID(post["id"])


class People:
    """Brings people to one application, signed in, and closes what they opened."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app, self._stack = app, stack

    async def member(self, name: str | None = None, **said: Any) -> SignedIn:
        """Someone who is signed in, said of as by `signed_in`."""
        found = await signed_in(self.app, name, **said)
        await self._stack.enter_async_context(found.client)
        return found

    async def moderator(self, name: str, role: Role = Role.MODERATOR) -> SignedIn:
        """A moderator who has shown their second factor."""
        return await self.member(name, roles=(role,))


async def someone(
    database: Database,
    settings: Settings | None = None,
    *,
    name: str | None = None,
    email: str | None = None,
    roles: Sequence[Role] = (),
    has_second_factor: bool = False,
    is_verified: bool = True,
    is_demo: bool = False,
    days_here: float = 0,
) -> Person:
    """An account with its member, as joining makes them."""
    settings = settings or settings_for(database.settings.url)
    number = next(_numbers)
    email = email or f"person{number}@example.org"
    name = name or f"Someone {number}"
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
    applicant = Applicant(addresses.parse(email), _hash(PASSWORD))
    async with unit_of_work(database) as session:
        account = await accounts.create(
            session, letterbox, applicant, is_verified=is_verified, is_demo=is_demo
        )
        with clock.at(clock.now() - timedelta(days=days_here)):
            await members.enrol(session, account.member_id, display_name=name)
        for role in roles:
            await staff.grant(
                session, account_id=account.id, role=role, reason="A test.", granter_id=None
            )
        if has_second_factor:
            await second_factors.put(
                session, letterbox.encryption, account_id=account.id, secret=SECRET
            )
    return Person(account_id=account.id, member_id=account.member_id, email=email, name=name)


async def signed_in(
    where: FastAPI | Database,
    name: str | None = None,
    *,
    roles: Sequence[Role] = (),
    days_here: float = 30,
    is_verified: bool = True,
    is_second_factor_passed: bool | None = None,
) -> SignedIn:
    """Someone in a browser of their own, staff with their second factor passed unless it is said
    otherwise: on an application, or on whatever server stands on a database."""
    if isinstance(where, FastAPI):
        database, settings = where.state.database, where.state.settings
        client = new_client(where)
    else:
        database, settings = where, settings_for(where.settings.url)
        client = httpx2.AsyncClient()
    person = await someone(
        database,
        settings,
        name=name,
        roles=roles,
        has_second_factor=bool(roles),
        is_verified=is_verified,
        days_here=days_here,
    )
    is_passed = bool(roles) if is_second_factor_passed is None else is_second_factor_passed
    opened = await sessions.open(
        database.pool,
        settings.sessions,
        account_id=person.account_id,
        description="A test",
        is_second_factor_passed=is_passed,
    )
    client.cookies.set(settings.server.cookie_name, opened.token)
    held = frozenset({Role.MEMBER, *roles})
    actor = Actor(
        account_id=person.account_id,
        member_id=person.member_id,
        session_id=opened.id,
        roles=held,
        permissions=permissions_of(held),
        is_second_factor_passed=is_passed,
        is_verified=is_verified,
    )
    return SignedIn(
        **vars(person), token=opened.token, actor=actor, client=client, database=database
    )


def new_client(app: FastAPI, *, host: str = "127.0.0.1") -> httpx2.AsyncClient:
    """Another browser on the same application."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=(host, 123)),
        base_url=ORIGIN,
        headers={"Origin": ORIGIN},
    )


def code_now(secret: str = SECRET) -> str:
    """What an authenticator app shows at this moment."""
    return second_factors.code_at(secret, clock.now())


def code_soon(secret: str = SECRET) -> str:
    """The next code, which is taken already: good for half a minute more than what the app shows,
    for a process that takes its time to start."""
    return second_factors.code_at(
        secret, clock.now() + timedelta(seconds=second_factors.STEP_SECONDS)
    )


async def sign_in(
    client: httpx2.AsyncClient, person: Person, *, code: str | None = None
) -> httpx2.Response:
    """Sign in by the form."""
    body = {"email": person.email, "password": person.password}
    return await client.post(
        "/api/v1/session", json=body if code is None else {**body, "code": code}
    )


#: Costs next to nothing, and a hash says itself what it costs to compare with: tests sign in a
#: thousand times.
_CHEAP = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])


@cache
def _hash(password: str) -> str:
    return _CHEAP.hash(passwords._normal(password))
