"""People who write over HTTP without pause, and do not let go of a text before it stands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx2

from app.core.db import Database
from tests.people import SignedIn, signed_in
from tests.support.waiting import eventually

#: What a retry may hear: it stands now, it stood already, the database is away.
ANSWERS = {201, 200, 503}
CUT_OFF = 0


@dataclass
class Text:
    """One text under its key, and how the server answered each time it was sent."""

    body: str
    path: str
    key: UUID
    answers: list[int]
    id: str | None = None

    @property
    def was_cut_off(self) -> bool:
        """The line broke: what had become of it was not known."""
        return CUT_OFF in self.answers


class Author:
    """Sends each text until it is answered, always under the same key."""

    def __init__(self, origin: str, who: SignedIn, name: str) -> None:
        self.name = name
        self.who = who
        self.texts: list[Text] = []
        self._client = httpx2.AsyncClient(
            base_url=origin, headers={"Cookie": who.cookie}, timeout=60
        )

    async def write(self, path: str = "/api/v1/posts") -> Text:
        """A new text, sent until it stands."""
        text = Text(f"{self.name}, text {len(self.texts)}", path, uuid4(), [])
        self.texts.append(text)
        while text.id is None:
            await self.send(text)
        return text

    async def send(self, text: Text) -> None:
        """Once. A line that breaks says nothing."""
        try:
            answer = await self._client.post(
                text.path, json={"body": text.body}, headers={"Idempotency-Key": str(text.key)}
            )
        except httpx2.HTTPError:
            text.answers.append(CUT_OFF)
            await asyncio.sleep(0.02)
            return
        text.answers.append(answer.status_code)
        assert answer.status_code in ANSWERS, answer.text
        if answer.status_code == 503:
            await asyncio.sleep(0.05)
            return
        assert text.id in {None, answer.json()["id"]}, "the same key is the same post"
        text.id = answer.json()["id"]

    async def leave(self) -> None:
        await self._client.aclose()


class Crowd:
    """Authors who write at once: one post of their own, then replies below one another's."""

    def __init__(self, authors: list[Author], root: str) -> None:
        self.authors = authors
        self._root = root
        self._is_stopping = False
        self._tasks = [asyncio.create_task(self._write(author)) for author in authors]

    @property
    def standing(self) -> list[Text]:
        return [text for author in self.authors for text in author.texts if text.id]

    async def have(self, more: int) -> None:
        """Until so many more are answered."""
        goal = len(self.standing) + more

        async def count() -> int:
            if any(task.done() for task in self._tasks):
                await asyncio.gather(*self._tasks)
            return len(self.standing)

        await eventually(count, until=lambda found: found >= goal, seconds=60)

    async def stop(self) -> list[Text]:
        """No new text; those under way are sent until they stand."""
        self._is_stopping = True
        await asyncio.gather(*self._tasks)
        return self.standing

    async def _write(self, author: Author) -> None:
        while not self._is_stopping:
            await author.write()
            await author.write(f"/api/v1/posts/{self._root}/replies")


@asynccontextmanager
async def writing(origin: str, database: Database, count: int = 4) -> AsyncIterator[Crowd]:
    """A crowd that has begun."""
    authors = [await _an_author(origin, database, f"Author {number}") for number in range(count)]
    root = (await authors[0].write()).id
    assert root is not None
    crowd = Crowd(authors, root)
    try:
        yield crowd
    finally:
        await crowd.stop()
        await asyncio.gather(*(author.leave() for author in authors))


async def _an_author(origin: str, database: Database, name: str) -> Author:
    return Author(origin, await signed_in(database, name), name)
