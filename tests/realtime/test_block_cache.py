"""Who hears of whom after a block or a mute: now, on coming back, and on open screens."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from app.core.db import AnyConnection, Database
from app.realtime.hub import Hub
from tests.people import Json, SignedIn
from tests.realtime.stand_ins import a_hub, a_moderator, an_actor, happened
from tests.realtime.test_hidden_posts import _five, listen
from tests.realtime.test_hub import Client
from tests.support.servers import ServerProcess

__all__ = ["listen"]

ROOT, OTHER = (str(UUID(int=number)) for number in (2, 20))
THREAD = f"thread:{ROOT}"
ONE, TWO, THIRD = 1, 2, 3


def member(number: int) -> str:
    """The member id of `an_actor(number)`."""
    return str(UUID(int=100 + number))


def between(number: int, type_: str, who: int = ONE, whom: int = TWO) -> Any:
    payload = {"member_id": member(who), "other_id": member(whom)}
    event = happened(number, type_=type_, payload=payload)
    for name in ("post_id", "thread_id", "author_id", "length"):
        event.payload.pop(name)
    return event


def about(number: int, *, author: int, thread_author: int, actor: int | None = None) -> Any:
    payload = {"post_id": OTHER, "thread_id": ROOT, "author_id": member(author)}
    payload["thread_author_id"] = member(thread_author)
    if actor is not None:
        payload["actor_id"] = member(actor)
    type_ = "post.edited" if actor is None else "reaction.given"
    return happened(number, "wall", THREAD, type_=type_, payload=payload)


async def clients(hub: Hub, topic: str = "wall") -> dict[str, Client]:
    found = {
        "one": Client(hub, an_actor(ONE)),
        "two": Client(hub, an_actor(TWO)),
        "third": Client(hub, an_actor(THIRD)),
        "staff": Client(hub, a_moderator()),
    }
    for client in found.values():
        await client.subscribe(topic)
    return found


#: What was done, what happens then (author, thread's author, who reacts), and who hears of it.
GRID = [
    ("member.blocked", (ONE, THIRD, None), {"one", "third", "staff"}),
    ("member.blocked", (TWO, THIRD, None), {"two", "third", "staff"}),
    ("member.blocked", (THIRD, ONE, None), {"one", "third", "staff"}),
    ("member.blocked", (THIRD, TWO, None), {"two", "third", "staff"}),
    ("member.blocked", (TWO, ONE, None), {"two", "third", "staff"}),
    ("member.blocked", (THIRD, THIRD, TWO), {"two", "third", "staff"}),
    ("member.blocked", (ONE, ONE, TWO), {"third", "staff"}),
    ("member.blocked", (THIRD, THIRD, None), {"one", "two", "third", "staff"}),
    ("member.muted", (TWO, THIRD, None), {"two", "third", "staff"}),
    ("member.muted", (ONE, THIRD, None), {"one", "two", "third", "staff"}),
]


@pytest.mark.parametrize("topic", ["wall", THREAD])
@pytest.mark.parametrize(("done", "then", "hear_of_it"), GRID)
async def test_who_hears_of_whom(
    topic: str, done: str, then: tuple[int, int, int | None], hear_of_it: set[str]
) -> None:
    hub = a_hub()
    found = await clients(hub, topic)
    author, thread_author, actor = then
    event: dict[str, Any] = {"author": author, "thread_author": thread_author, "actor": actor}
    hub.publish(about(1, **event))
    hub.publish(between(2, done))
    hub.publish(about(3, **event))
    hub.publish(between(4, done.replace("member.", "member.un")))
    hub.publish(about(5, **event))
    for name, client in found.items():
        expected = ["1-1", "3-3", "5-5"] if name in hear_of_it else ["1-1", "5-5"]
        assert client.wire.told() == expected, name


@pytest.mark.parametrize(
    ("done", "renewed"), [("member.blocked", {"one", "two"}), ("member.muted", {"one"})]
)
async def test_open_pages_of_those_two_are_read_anew_and_of_nobody_else(
    done: str, renewed: set[str]
) -> None:
    hub = a_hub()
    found = await clients(hub)
    hub.publish(between(1, done))
    asked = {"type": "refetch", "topics": ["wall"], "position": "1-1"}
    for name, client in found.items():
        frames = [frame for frame in client.wire.frames if frame["type"] != "subscribed"]
        frames = [frame for frame in frames if frame["type"] != "welcome"]
        assert frames == ([asked] if name in renewed else []), name


async def test_who_comes_back_after_a_block_reads_anew() -> None:
    hub = a_hub()
    hub.publish(about(1, author=TWO, thread_author=TWO))
    hub.publish(between(2, "member.blocked"))
    hub.publish(about(3, author=THIRD, thread_author=THIRD))
    for number, kinds in ((ONE, ["refetch"]), (TWO, ["refetch"]), (THIRD, ["post.edited"] * 2)):
        client = Client(hub, an_actor(number))
        await client.subscribe(THREAD, since="0-0")
        assert [kind for kind in client.wire.kinds() if kind != "subscribed"] == kinds
        later = Client(hub, an_actor(number))
        await later.subscribe(THREAD, since="2-2")
        assert later.wire.told() == ["3-3"], "nothing has changed since"


async def test_two_blocks_are_two_and_an_account_that_closes_ends_both() -> None:
    hub = a_hub()
    found = await clients(hub)
    hub.publish(between(1, "member.blocked", ONE, TWO))
    hub.publish(between(2, "member.blocked", TWO, ONE))
    hub.publish(between(3, "member.unblocked", ONE, TWO))
    hub.publish(about(4, author=ONE, thread_author=ONE))
    assert found["two"].wire.told() == []
    closed = {"member_id": member(ONE), "account_id": str(uuid4())}
    hub.publish(happened(5, type_="account.closed", payload=closed))
    hub.publish(about(6, author=ONE, thread_author=ONE))
    assert found["two"].wire.told() == ["6-6"]
    assert not hub.apart.concerns(about(7, author=ONE, thread_author=ONE))


# ── Over sockets of a real server ────────────────────────────────────────────────────────────


async def _block(who: SignedIn, whom: SignedIn) -> None:
    path = f"/api/v1/members/{whom.member_id}/block"
    assert (await who.client.put(path)).status_code == 204


async def test_a_thread_of_who_blocked_is_refused_as_one_that_never_was(
    app: FastAPI, database: Database, listen: Any
) -> None:
    async with _five(app) as (rowan, sky, moss, sam):
        post = await rowan.publish()
        await _block(rowan, sky)
        reader = await listen(sky)
        answers: list[Json] = []
        for thread_id in (post["id"], str(uuid4())):
            (answer,) = await reader.subscribe(f"thread:{thread_id}")
            assert answer.pop("topic") == f"thread:{thread_id}"
            answers.append(answer)
        assert answers[0] == answers[1]
        for other in (moss, sam):
            (answer,) = await (await listen(other)).subscribe(f"thread:{post['id']}")
            assert answer["type"] == "subscribed"


async def test_a_server_that_starts_knows_who_is_apart(
    app: FastAPI, database: Database, server: ServerProcess, listen: Any, connection: AnyConnection
) -> None:
    async with _five(app) as (rowan, sky, moss, _sam):
        post = await rowan.publish()
        await _block(sky, rowan)
        # As after so long that no event of it is left.
        await connection.execute("DELETE FROM core.events WHERE type = 'member.blocked'")
        server.kill()
        server.start_again()
        elsewhere = await moss.publish()
        reader = await listen(sky)
        await reader.subscribe("wall")
        await rowan.edit(post, "Other words.")
        await moss.edit(elsewhere, "To be heard by everyone.")
        heard = await reader.until("post.edited", elsewhere)
        assert {post_id for _, post_id in heard} == {elsewhere["id"]}
