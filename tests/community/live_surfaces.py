"""Live pages as columns of the table of who sees what: asking for a thread, and what is told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from app.community import queries
from app.core.db import Database
from app.core.events import Position
from app.realtime.hub import Hub
from app.realtime.service import Live
from tests.community.relations import PLACE, SEEN, TAKEN, Sight
from tests.community.surfaces import POST, Met, Scenes
from tests.people import SignedIn
from tests.realtime.stand_ins import happened
from tests.realtime.test_hub import Client

_POSTS = """
    SELECT p.id::text AS post_id, p.thread_id::text, p.space_id::text, p.author_id::text,
      r.author_id::text AS thread_author_id
    FROM community.posts p JOIN community.posts r ON r.id = p.thread_id
    WHERE p.id = ANY (%s::uuid[])
"""
_LAST = "SELECT e.xid::text AS xid, e.id FROM core.events e ORDER BY e.xid DESC, e.id DESC LIMIT 1"


@asynccontextmanager
async def told_of_everything(database: Database) -> AsyncIterator[Hub]:
    """The hub of a server that starts now. At the end it knows all that has happened."""
    live = Live(database)
    await live.start()
    try:
        assert await live.is_ready()
        yield live.hub
        async with database.pool.connection() as connection:
            last = await (await connection.execute(_LAST)).fetchone()
        assert last is not None
        assert await live.hub.reach(Position(int(last["xid"]), last["id"]), seconds=20)
    finally:
        await live.stop()


async def subscribing(moss: SignedIn, scenes: Scenes, hub: Hub) -> Met:
    database = scenes["nothing"].database
    found: Met = set()
    for scene in scenes.values():
        client = Client(hub, moss.actor)
        client.talk._find_open = partial(queries.open_threads, database.pool)
        await client.subscribe(*(f"thread:{one['id']}" for one in (scene.root, scene.other)))
        found |= {key.removeprefix("thread:") for key in client.connection.topics}
        hub.leave(client.connection)
    return found


async def frames(moss: SignedIn, scenes: Scenes, hub: Hub) -> Met:
    """Of which posts a page hears that had opened their threads before."""
    named = [getattr(scene, part)["id"] for scene in scenes.values() for part in POST]
    async with scenes["nothing"].database.pool.connection() as connection:
        posts = await (await connection.execute(_POSTS, [named])).fetchall()
    client = Client(hub, moss.actor)
    hub.subscribe(client.connection, [f"thread:{post['thread_id']}" for post in posts])
    for number, post in enumerate(posts, hub.position.id + 1):
        event = happened(number, f"thread:{post['thread_id']}", payload=post)
        hub.publish(event)
    hub.leave(client.connection)
    return {frame["post_id"] for frame in client.wire.frames if frame["type"] == "post.edited"}


#: What can stand there, what of it is met there, and how to look. Of what was taken back nothing
#: more happens, but that it was.
LIVE: dict[str, tuple[tuple[str, ...], set[Sight], Callable[..., Awaitable[Met]]]] = {
    "asking for a thread": (POST[:1], {SEEN, PLACE}, subscribing),
    "frames": (POST, {SEEN, PLACE, TAKEN}, frames),
}
