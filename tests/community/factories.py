"""Members with a browser each, and what they do with it."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI

from app.community import members
from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity import accounts, addresses, second_factors, sessions, staff
from app.identity.accounts import Applicant
from app.identity.actors import Actor
from app.identity.letters import Letterbox
from app.identity.roles import Role, permissions_of
from tests.conftest import new_client

_numbers = count(1)

Json = dict[str, Any]


@dataclass
class Browser:
    """Someone signed in."""

    client: httpx2.AsyncClient
    member_id: UUID
    account_id: UUID
    name: str
    actor: Actor

    async def publish(self, body: str = "Hello.", **more: Any) -> Json:
        """A post on the wall."""
        return await self._made("/api/v1/posts", {"body": body, **more})

    async def reply(self, post: Json, body: str = "I hear you.", **more: Any) -> Json:
        """An answer to a post or a reply."""
        return await self._made(f"/api/v1/posts/{post['id']}/replies", {"body": body, **more})

    async def _made(self, path: str, body: Json) -> Json:
        answer = await self.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return _json(answer)

    async def edit(self, post: Json, body: str, **more: Any) -> Json:
        """New words for an own post."""
        answer = await self.client.put(f"/api/v1/posts/{post['id']}", json={"body": body, **more})
        assert answer.status_code == 200, answer.text
        return _json(answer)

    async def withdraw(self, post: Json) -> None:
        """Take an own post back."""
        answer = await self.client.delete(f"/api/v1/posts/{post['id']}")
        assert answer.status_code == 204, answer.text

    async def react(self, post: Json, kind: str = "i_hear_you") -> None:
        """Give a reaction."""
        answer = await self.client.put(f"/api/v1/posts/{post['id']}/reactions/{kind}")
        assert answer.status_code == 204, answer.text

    async def get(self, path: str, **query: Any) -> Json:
        """What a page of ours shows."""
        answer = await self.client.get(f"/api/v1{path}", params=query or None)
        assert answer.status_code == 200, answer.text
        return _json(answer)

    async def status(self, path: str) -> int:
        """How a page of ours answers."""
        return (await self.client.get(f"/api/v1{path}")).status_code

    async def wall(self, **query: Any) -> list[Json]:
        """The first page of the wall."""
        items: list[Json] = (await self.get("/wall", **query))["items"]
        return items

    async def thread(self, post: Json) -> Json:
        """A post with its replies."""
        return await self.get(f"/threads/{post['thread_id']}")


def _json(answer: httpx2.Response) -> Json:
    found: Json = answer.json()
    return found


async def someone(
    app: FastAPI,
    name: str | None = None,
    *,
    roles: tuple[Role, ...] = (),
    days_here: int = 30,
    is_verified: bool = True,
    is_second_factor_passed: bool | None = None,
) -> Browser:
    """A member in a browser of their own, signed in; staff with their second factor passed, unless
    it is said otherwise."""
    is_passed = bool(roles) if is_second_factor_passed is None else is_second_factor_passed
    database: Database = app.state.database
    settings: Settings = app.state.settings
    number = next(_numbers)
    name = name or f"Member {number}"
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
    applicant = Applicant(addresses.parse(f"member{number}@example.org"), "no password")
    async with unit_of_work(database) as session:
        account = await accounts.create(session, letterbox, applicant, is_verified=is_verified)
        with clock.at(clock.now() - timedelta(days=days_here)):
            await members.enrol(session, account.member_id, display_name=name)
        for role in roles:
            await staff.grant(
                session, account_id=account.id, role=role, reason="A test.", granter_id=None
            )
        if roles:
            await second_factors.put(
                session, letterbox.encryption, account_id=account.id, secret="JBSWY3DPEHPK3PXP"
            )
    opened = await sessions.open(
        database.pool,
        settings.sessions,
        account_id=account.id,
        description="A test",
        is_staff=bool(roles),
        is_second_factor_passed=is_passed,
    )
    client = new_client(app)
    client.cookies.set(settings.server.cookie_name, opened.token)
    held = frozenset({Role.MEMBER, *roles})
    actor = Actor(
        account_id=account.id,
        member_id=account.member_id,
        session_id=opened.id,
        roles=held,
        permissions=permissions_of(held),
        is_second_factor_passed=is_passed,
        is_verified=is_verified,
    )
    return Browser(client, account.member_id, account.id, name, actor)
