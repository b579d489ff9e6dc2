"""Processes die while people write: what was answered stands once, and a retry writes nothing."""

import asyncio
from collections import Counter
from pathlib import Path

import psycopg

from app import postgres
from app.core import migrations
from app.core.db import Database
from tests.people import SignedIn, signed_in
from tests.realtime.authors import Crowd, Text, writing
from tests.realtime.conftest import NewFollower
from tests.realtime.sockets import Follower
from tests.realtime.test_faults import followers_on
from tests.support.databases import kill
from tests.support.servers import ServerProcess, serving
from tests.support.settings import settings_for


async def test_the_server_is_killed_again_and_again_while_people_write(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    async with (
        followers_on(server, member, new_follower) as followers,
        writing(server.origin, outside) as crowd,
    ):
        for _ in range(3):
            await crowd.have(40)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start_again)
        await crowd.have(20)
        texts = await crowd.stop()
        assert any(text.was_cut_off for text in texts), "somebody was in the middle of it"
        await stands_once(server.url, crowd, texts)
        await all_see(followers, texts)


async def test_the_database_is_killed_while_people_write(
    data: Path, new_follower: NewFollower
) -> None:
    running = postgres.start(data)
    migrations.upgrade(running.dsn)
    database = Database(settings_for(running.dsn).database)
    await database.open()
    try:
        member = await signed_in(database)
        with serving(running.dsn) as server:
            async with (
                followers_on(server, member, new_follower) as followers,
                writing(server.origin, database) as crowd,
            ):
                for _ in range(2):
                    await crowd.have(40)
                    await asyncio.to_thread(kill, running)
                    running = await asyncio.to_thread(postgres.start, data)
                await crowd.have(40)
                texts = await crowd.stop()
                assert any(503 in text.answers for text in texts), "somebody was told so"
                await stands_once(running.dsn, crowd, texts)
                await all_see(followers, texts)
    finally:
        await database.close()
        running.stop()


async def stands_once(url: str, crowd: Crowd, texts: list[Text]) -> None:
    """Each text that was answered is one row, also after each is sent once more."""
    assert await posts_in(url) == Counter((text.id, text.body) for text in texts)
    for author in crowd.authors:
        for text in author.texts:
            await author.send(text)
            assert text.answers[-1] == 200, "it stood already"
    assert await posts_in(url) == Counter((text.id, text.body) for text in texts)


async def all_see(followers: list[Follower], texts: list[Text]) -> None:
    """Every page was told of every post, and of none twice."""
    written = Counter(text.id for text in texts)
    for follower in followers:
        await follower.has(lambda one: len(one.frames) >= len(texts))
        assert Counter(frame["post_id"] for frame in follower.frames) == written


async def posts_in(url: str) -> Counter[tuple[str | None, str]]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute("SELECT id::text, body_source FROM community.posts")
        return Counter([(row[0], row[1]) for row in await cursor.fetchall()])
