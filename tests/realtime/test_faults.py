"""Processes die under load: what was acknowledged is there, and every open page converges."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import psycopg_pool
import sqlalchemy.exc

from app import postgres
from app.core import migrations
from app.core.db import Database
from app.serve import GRACE_SECONDS
from tests.people import SignedIn, signed_in
from tests.realtime.conftest import NewFollower
from tests.realtime.factories import tell
from tests.realtime.sockets import Follower
from tests.support.databases import kill
from tests.support.servers import ServerProcess, serving
from tests.support.settings import settings_for
from tests.support.waiting import eventually

AWAY = (psycopg.Error, psycopg_pool.PoolTimeout, OSError, sqlalchemy.exc.SQLAlchemyError)


class Writers:
    """Write without pause, and remember what was acknowledged."""

    def __init__(self, database: Database, count: int = 4) -> None:
        self._database = database
        self._next = 0
        self._is_stopping = False
        #: Cleared while a server is slow to start: more than 500 missed frames are not resumed.
        self.may_write = asyncio.Event()
        self.may_write.set()
        self.acknowledged: set[int] = set()
        self._tasks = [asyncio.create_task(self._write()) for _ in range(count)]

    async def stop(self) -> set[int]:
        self._is_stopping = True
        await asyncio.gather(*self._tasks)
        return self.acknowledged

    async def _write(self) -> None:
        while not self._is_stopping:
            await self.may_write.wait()
            self._next += 1
            number = self._next
            try:
                await tell(self._database, [number])
            except AWAY:
                await asyncio.sleep(0.05)
                continue
            self.acknowledged.add(number)
            await asyncio.sleep(0.004)

    async def have(self, more: int) -> None:
        """Until so many more are acknowledged."""
        goal = len(self.acknowledged) + more

        async def count() -> int:
            return len(self.acknowledged)

        await eventually(count, until=lambda found: found >= goal, seconds=60)


@asynccontextmanager
async def followers_on(
    server: ServerProcess, member: SignedIn, new_follower: NewFollower
) -> AsyncIterator[list[Follower]]:
    """Three open pages, which must have converged at the end."""
    opened = [new_follower(server.live, member.cookie, "wall", "me") for _ in range(3)]
    for follower in opened:
        await follower.settled()
    yield opened
    for follower in opened:
        assert follower.is_in_order()
        assert follower.refetches == 0


async def test_the_server_is_killed_again_and_again_under_load(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    async with followers_on(server, member, new_follower) as followers:
        writers = Writers(outside)
        for _ in range(3):
            await writers.have(25)
            server.kill()
            await writers.have(15)
            writers.may_write.clear()
            await asyncio.to_thread(server.start_again)
            writers.may_write.set()
        await writers.have(10)
        written = await writers.stop()
        for follower in followers:
            await follower.has(lambda one: len(one.numbers) >= len(written))
            assert sorted(follower.numbers) == sorted(written), "everything, and nothing twice"
            assert follower.openings >= 4


async def test_a_server_that_is_stopped_says_so_at_once_and_pages_go_on_after_it(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    async with followers_on(server, member, new_follower) as followers:
        await tell(outside, [1])
        for follower in followers:
            await follower.has(lambda one: one.numbers == [1])
        assert await asyncio.to_thread(server.stop) < GRACE_SECONDS
        for follower in followers:
            await follower.has(lambda one: one.close_codes == [1012])
        await tell(outside, [2])
        await asyncio.to_thread(server.start_again)
        await tell(outside, [3])
        for follower in followers:
            await follower.has(lambda one: one.numbers == [1, 2, 3])


async def test_the_database_is_killed_under_load(data: Path, new_follower: NewFollower) -> None:
    running = postgres.start(data)
    migrations.upgrade(running.dsn)
    database = Database(settings_for(running.dsn).database)
    await database.open()
    try:
        member = await signed_in(database)
        with serving(running.dsn) as server:
            async with followers_on(server, member, new_follower) as followers:
                writers = Writers(database)
                for _ in range(2):
                    await writers.have(40)
                    kill(running)
                    running = postgres.start(data)
                await writers.have(40)
                acknowledged = await writers.stop()
                stored = await numbers_in(running.dsn)
                assert acknowledged <= set(stored), "what was acknowledged is there"
                for follower in followers:
                    await follower.has(lambda one: len(one.numbers) >= len(stored))
                    assert sorted(follower.numbers) == sorted(stored)
    finally:
        await database.close()
        running.stop()


async def numbers_in(url: str) -> list[int]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "SELECT payload->>'post_id' FROM core.events WHERE type = 'post.edited'"
        )
        return [int(row[0].replace("-", ""), 16) for row in await cursor.fetchall()]
