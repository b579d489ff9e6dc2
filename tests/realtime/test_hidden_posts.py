"""Who hears of what is hidden: its author, and staff. On every topic, then, now and afterwards."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection

from app.community import posts
from app.core import delivery
from app.core.db import AnyConnection, Database, unit_of_work
from app.identity.actors import Actor
from app.identity.roles import Role
from app.jobs.subscribers import SUBSCRIBERS
from app.realtime.connection import TRY_AGAIN_LATER
from tests.people import Json, SignedIn, signed_in
from tests.realtime.sockets import ask, hear, open_socket
from tests.realtime.stand_ins import a_hub, a_moderator, an_actor, happened
from tests.realtime.test_hub import Client
from tests.support.servers import ServerProcess

ROOT, REPLY, OTHER = (str(UUID(int=number)) for number in (2, 20, 21))
THREAD = f"thread:{ROOT}"
# Member ids of `an_actor(number)`.
WRITER, REPLIER, READER = 1, 2, 3


def _event(number: int, post: str, author: int, type_: str = "post.edited") -> Any:
    payload = {"post_id": post, "thread_id": ROOT, "author_id": str(UUID(int=100 + author))}
    return happened(number, "wall", THREAD, type_=type_, payload=payload)


def _people() -> dict[str, Actor]:
    named = {"writer": WRITER, "replier": REPLIER, "reader": READER}
    return {name: an_actor(number) for name, number in named.items()} | {"staff": a_moderator()}


GRID = [
    # What is hidden, what happens to which post by whom, who hears of it.
    ((ROOT, WRITER), (ROOT, WRITER), {"writer", "staff"}),
    ((ROOT, WRITER), (REPLY, REPLIER), {"writer", "replier", "staff"}),
    ((REPLY, REPLIER), (REPLY, REPLIER), {"replier", "staff"}),
    ((REPLY, REPLIER), (ROOT, WRITER), {"writer", "replier", "reader", "staff"}),
    ((REPLY, REPLIER), (OTHER, READER), {"writer", "replier", "reader", "staff"}),
]


@pytest.mark.parametrize("topic", ["wall", THREAD])
@pytest.mark.parametrize(("hidden", "changed", "hear_of_it"), GRID)
async def test_who_hears_of_what_is_hidden(
    topic: str, hidden: tuple[str, int], changed: tuple[str, int], hear_of_it: set[str]
) -> None:
    hub = a_hub()
    clients = {name: Client(hub, actor) for name, actor in _people().items()}
    for client in clients.values():
        await client.subscribe(topic)
    hub.publish(_event(1, *changed))
    hub.publish(_event(2, *hidden, type_="post.hidden"))
    hub.publish(_event(3, *changed))
    heard = {name: [place[0] for place in client.wire.told()] for name, client in clients.items()}
    assert {name for name, places in heard.items() if "3" in places} == hear_of_it
    # Each page was told to fold what it had, and what was open then was told then.
    assert all(places[:2] == ["1", "2"] for places in heard.values())
    hub.publish(_event(4, *hidden, type_="post.restored"))
    hub.publish(_event(5, *changed))
    assert all(client.wire.told()[-2:] == ["4-4", "5-5"] for client in clients.values())


@pytest.mark.parametrize(("hidden", "changed", "hear_of_it"), GRID)
async def test_who_comes_back_is_not_told_what_is_hidden_by_now(
    hidden: tuple[str, int], changed: tuple[str, int], hear_of_it: set[str]
) -> None:
    hub = a_hub()
    hub.publish(_event(1, *changed))
    hub.publish(_event(2, *hidden, type_="post.hidden"))
    for name, actor in _people().items():
        client = Client(hub, actor)
        await client.subscribe(THREAD, since="0-0")
        assert client.wire.told() == (["1-1", "2-2"] if name in hear_of_it else ["2-2"]), name


async def test_a_reply_that_is_hidden_below_a_hidden_thread_is_told_to_its_author_and_staff() -> (
    None
):
    hub = a_hub()
    clients = {name: Client(hub, actor) for name, actor in _people().items()}
    for client in clients.values():
        await client.subscribe(THREAD)
    hub.publish(_event(1, ROOT, WRITER, "post.hidden"))
    hub.publish(_event(2, REPLY, REPLIER, "post.hidden"))
    heard = {name for name, client in clients.items() if "2-2" in client.wire.told()}
    assert heard == {"writer", "replier", "staff"}


async def test_a_socket_whose_thread_cannot_be_looked_up_is_asked_to_come_back() -> None:
    async def away(_actor: Actor, _ids: object) -> set[UUID]:
        raise OSError

    client = Client(a_hub())
    client.talk._find_open = away
    assert await client.subscribe(THREAD) == TRY_AGAIN_LATER
    assert await client.subscribe("wall") is None


# ── Over sockets of a real server ────────────────────────────────────────────────────────────


class Listener:
    """A member with a socket open."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def subscribe(self, *topics: str, since: str | None = None) -> list[Json]:
        """Ask; returns all frames up to the answer about the last topic."""
        frames: list[Json] = []
        await ask(self._socket, do="subscribe", topics=topics, since=since, ref=1)
        while not frames or frames[-1]["type"] not in {"subscribed", "refused"}:
            frames.append(await hear(self._socket))
        return frames

    async def until(self, type_: str, post: Json) -> list[tuple[str, str]]:
        """What is told up to this: kind and post."""
        told: list[tuple[str, str]] = []
        while not told or told[-1] != (type_, post["id"]):
            frame = await hear(self._socket)
            told.append((frame["type"], frame.get("post_id", "")))
        return told


@pytest.fixture
async def listen(server: ServerProcess) -> AsyncIterator[Any]:
    async with AsyncExitStack() as stack:

        async def open_one(person: SignedIn) -> Listener:
            token = next(iter(person.client.cookies.jar)).value
            socket = await stack.enter_async_context(open_socket(server.live, f"session={token}"))
            assert (await hear(socket))["type"] == "welcome"
            return Listener(socket)

        yield open_one


@asynccontextmanager
async def _five(app: FastAPI) -> AsyncIterator[tuple[SignedIn, ...]]:
    async with AsyncExitStack() as stack:
        people = [await signed_in(app, name) for name in ("Rowan", "Sky", "Moss")]
        people.append(await signed_in(app, "Sam at home", roles=(Role.MODERATOR,)))
        for person in people:
            await stack.enter_async_context(person.client)
        yield tuple(people)


async def _hide(database: Database, post: Json) -> None:
    async with unit_of_work(database) as session:
        found = await posts.get(session, UUID(post["id"]), lock=True)
        await posts.hide(session, found, reason="It names a method.")


async def _restore(database: Database, post: Json) -> None:
    async with unit_of_work(database) as session:
        await posts.restore(session, await posts.get(session, UUID(post["id"]), lock=True))


async def test_a_hidden_thread_is_refused_as_one_that_never_was(
    app: FastAPI, database: Database, listen: Any
) -> None:
    async with _five(app) as (rowan, sky, moss, sam):
        post = await rowan.publish()
        await sky.reply(post)
        await _hide(database, post)
        topic = f"thread:{post['id']}"
        for person in (rowan, sky, sam):  # its author, who answered there, and staff
            (answer,) = await (await listen(person)).subscribe(topic)
            assert (answer["type"], answer["topics"]) == ("subscribed", [topic])
        reader = await listen(moss)
        never = f"thread:{uuid4()}"
        for asked in (topic, never):
            (answer,) = await reader.subscribe(asked)
            assert answer == {
                "type": "refused",
                "ref": 1,
                "topic": asked,
                "detail": "That thread can't be found.",
            }
        gone = await rowan.publish()
        await rowan.withdraw(gone)
        (answer,) = await reader.subscribe(f"thread:{gone['id']}")
        assert answer["type"] == "refused"
        assert await moss.status(f"/threads/{gone['id']}") == 404


async def test_an_open_page_is_told_to_fold_and_hears_no_more_until_it_is_restored(
    app: FastAPI, database: Database, listen: Any
) -> None:
    async with _five(app) as (rowan, sky, moss, sam):
        post = await rowan.publish()
        reply = await sky.reply(post)
        elsewhere = await moss.publish()
        on = {
            name: await listen(who)
            for name, who in {"author": rowan, "replier": sky, "reader": moss, "staff": sam}.items()
        }
        for listener in on.values():
            await listener.subscribe("wall", f"thread:{post['id']}")
        await _hide(database, post)
        await rowan.edit(post, "Without the method.")
        await sky.edit(reply, "I hear you, too.")
        await moss.edit(elsewhere, "To be heard by everyone.")
        told = {name: await one.until("post.edited", elsewhere) for name, one in on.items()}
        hidden, root, answer = (
            ("post.hidden", post["id"]),
            ("post.edited", post["id"]),
            ("post.edited", reply["id"]),
        )
        assert hidden in told["reader"]
        assert not {root, answer} & set(told["reader"])
        assert answer in told["replier"]
        assert root not in told["replier"]
        for name in ("author", "staff"):
            assert {hidden, root, answer} <= set(told[name])
        await _restore(database, post)
        await rowan.edit(post, "Open again.")
        for listener in on.values():
            assert (await listener.until("post.edited", post))[-2:] == [
                ("post.restored", post["id"]),
                root,
            ]


async def test_a_server_that_starts_knows_what_was_hidden_before(
    app: FastAPI, database: Database, server: ServerProcess, listen: Any, connection: AnyConnection
) -> None:
    async with _five(app) as (rowan, _sky, moss, _sam):
        post = await rowan.publish()
        await _hide(database, post)
        # As after so long that no event of it is left.
        await connection.execute("DELETE FROM core.events WHERE type = 'post.hidden'")
        server.kill()
        server.start_again()
        elsewhere = await moss.publish()
        reader = await listen(moss)
        await reader.subscribe("wall")
        await rowan.edit(post, "Without the method.")
        await moss.edit(elsewhere, "To be heard by everyone.")
        told = await reader.until("post.edited", elsewhere)
        assert {about for _, about in told} == {elsewhere["id"]}


async def test_a_reply_that_is_hidden_before_anyone_was_told_is_no_news(
    app: FastAPI, database: Database, connection: AnyConnection
) -> None:
    (community,) = (one for one in SUBSCRIBERS if one.name == "community")
    async with _five(app) as (rowan, sky, _moss, _sam):
        post = await rowan.publish()
        reply = await sky.reply(post)
        await _hide(database, reply)
        await delivery.deliver(database, community)
        made = "SELECT count(*) AS made FROM core.events WHERE type = 'notification.made'"
        assert await (await connection.execute(made)).fetchone() == {"made": 0}
        assert (await rowan.get("/me/notifications"))["items"] == []
        await _restore(database, reply)
        await delivery.deliver(database, community)
        assert len((await rowan.get("/me/notifications"))["items"]) == 1


async def test_a_reaction_taken_back_from_what_is_gone_is_told_to_nobody(
    app: FastAPI, connection: AnyConnection
) -> None:
    async with _five(app) as (rowan, sky, _moss, _sam):
        post = await rowan.publish()
        await sky.react(post)
        await rowan.withdraw(post)
        path = f"/api/v1/posts/{post['id']}/reactions/i_hear_you"
        assert (await sky.client.delete(path)).status_code == 204
        cursor = await connection.execute(
            "SELECT topics FROM core.events WHERE type = 'reaction.taken_back'"
        )
        assert await cursor.fetchall() == [{"topics": []}]
