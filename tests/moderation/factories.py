"""A small community with its moderators: people who are signed in, and what they write."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI

from app.community import posts
from app.core.db import Database, unit_of_work
from app.core.settings import Settings
from app.identity import sessions
from app.identity.roles import Role
from app.moderation import log_checks
from tests.conftest import new_client
from tests.identity.factories import someone

KIND = "It may be hard to read for someone on a bad day."


@dataclass(frozen=True, slots=True)
class Signed:
    """Someone with a browser that is signed in."""

    member_id: UUID
    name: str
    client: httpx2.AsyncClient
    database: Database

    async def get(self, path: str, **params: str) -> Any:
        """What a page of the API holds; fails unless it answers 200."""
        answer = await self.client.get(f"/api/v1{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **body: Any) -> httpx2.Response:
        return await self.client.post(f"/api/v1{path}", json=body)

    async def put(self, path: str) -> httpx2.Response:
        return await self.client.put(f"/api/v1{path}")

    async def delete(self, path: str) -> httpx2.Response:
        return await self.client.delete(f"/api/v1{path}")

    async def flag(self, post_id: UUID, kind: str = "breaks_rules", **more: Any) -> httpx2.Response:
        """Flag a post; the reason is `hurtful` unless another is given."""
        reason = {"reason": "hurtful"} if kind == "breaks_rules" else {}
        return await self.post("/reports", post_id=str(post_id), kind=kind, **reason | more)

    async def worry(self, post_id: UUID, **more: Any) -> httpx2.Response:
        return await self.flag(post_id, "worried", **more)

    async def claim(self, case_id: str) -> httpx2.Response:
        return await self.client.post(f"/api/v1/cases/{case_id}/claim")

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
        found = [case for case in await self.queue() if case["id"] == case_id]
        return int(found[0]["version"]) if found else 1

    async def queue(self, state: str = "open") -> list[dict[str, Any]]:
        page = await self.get("/cases", state=state)
        return list(page["items"])

    async def check_log(self) -> dict[str, Any]:
        """What a check of the log finds now, made as the worker makes it."""
        await log_checks.run(self.database)
        return dict((await self.get("/moderation/log/check"))["last"])

    async def notices(self) -> list[dict[str, Any]]:
        """What this person was told, the newest first."""
        page = await self.get("/me/notifications")
        return list(page["items"])


class House:
    """Makes people and posts on one application."""

    def __init__(
        self, app: FastAPI, database: Database, settings: Settings, stack: AsyncExitStack
    ) -> None:
        self.app, self.database, self.settings, self._stack = app, database, settings, stack

    async def member(
        self, name: str, *, roles: Sequence[Role] = (), is_second_factor_passed: bool = False
    ) -> Signed:
        """Someone who is signed in."""
        person = await someone(self.database, self.settings, display_name=name, roles=roles)
        opened = await sessions.open(
            self.database.pool,
            self.settings.sessions,
            account_id=person.account_id,
            description="A browser",
            is_second_factor_passed=is_second_factor_passed,
        )
        client = await self._stack.enter_async_context(new_client(self.app))
        client.cookies.set(self.settings.server.cookie_name, opened.token)
        return Signed(person.member_id, name, client, self.database)

    async def moderator(self, name: str, role: Role = Role.MODERATOR) -> Signed:
        """A moderator who has shown their second factor."""
        return await self.member(name, roles=[role], is_second_factor_passed=True)

    async def post(self, author: Signed, body: str = "A hard day.", **more: Any) -> UUID:
        """A post on the wall."""
        async with unit_of_work(self.database) as session:
            made = await posts.publish(session, author_id=author.member_id, body=body, **more)
        return made.id

    async def reply(self, author: Signed, parent_id: UUID, body: str = "I hear you.") -> UUID:
        """An answer."""
        async with unit_of_work(self.database) as session:
            made = await posts.reply(
                session, author_id=author.member_id, parent_id=parent_id, body=body
            )
        return made.id

    async def edit(self, post_id: UUID, body: str) -> None:
        """Its author changes the words."""
        async with unit_of_work(self.database) as session:
            await posts.edit(session, await posts.get(session, post_id, lock=True), body=body)

    async def withdraw(self, post_id: UUID) -> None:
        """Its author takes it back."""
        async with unit_of_work(self.database) as session:
            await posts.withdraw(session, await posts.get(session, post_id, lock=True))

    async def case(
        self, post_id: UUID, reporter: Signed, moderator: Signed, *, is_claimed: bool = True
    ) -> str:
        """A case about the post, claimed unless said otherwise; returns its id."""
        answer = await reporter.flag(post_id)
        assert answer.status_code == 201, answer.text
        (case_id,) = (
            str(case["id"])
            for case in await moderator.queue()
            if case["subject"]["id"] == str(post_id)
        )
        if is_claimed:
            claimed = await moderator.claim(case_id)
            assert claimed.status_code == 200, claimed.text
        return case_id
