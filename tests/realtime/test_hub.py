"""The hub alone: who is told what, in which order, and who is let go."""

import asyncio
from uuid import UUID, uuid4

import orjson
import pytest

from app.core.events import START, Position
from app.identity.actors import Actor
from app.realtime.connection import MALFORMED, RIGHTS_CHANGED, SIGNED_OUT, TOO_MANY, Connection
from app.realtime.hub import MOST_MISSED, Hub
from app.realtime.session_handler import SessionHandler
from tests.realtime.stand_ins import (
    RememberedWire,
    a_hub,
    a_moderator,
    all_open,
    an_actor,
    happened,
    positions,
)
from tests.support.waiting import eventually

THREAD = f"thread:{UUID(int=2)}"


class Client:
    """A socket in a hub, and what it was told."""

    def __init__(self, hub: Hub, actor: Actor | None = None) -> None:
        self.hub = hub
        self.wire = RememberedWire()
        self.connection = Connection(actor or an_actor(), self.wire)
        self.talk = SessionHandler(hub, self.connection, all_open)
        hub.enter(self.connection, admitted_at=hub.position)

    async def subscribe(self, *topics: str, since: str | None = None) -> int | None:
        return await self.say(do="subscribe", topics=topics, since=since, ref=1)

    async def say(self, **message: object) -> int | None:
        return await self.talk.hear(orjson.dumps(message).decode())


async def test_one_hears_what_happens_on_the_topics_one_chose() -> None:
    hub = a_hub()
    client = Client(hub)
    await client.subscribe("wall")
    hub.publish(happened(1, "wall"))
    hub.publish(happened(2, THREAD))
    hub.publish(happened(3, "wall", THREAD))
    assert client.wire.told() == positions([1, 3])
    await client.say(do="unsubscribe", topics=["wall"])
    hub.publish(happened(4, "wall"))
    assert client.wire.told() == positions([1, 3])


async def test_a_frame_names_only_topics_its_reader_chose() -> None:
    hub = a_hub()
    on_wall, on_both, on_thread = Client(hub), Client(hub), Client(hub)
    await on_wall.subscribe("wall")
    await on_both.subscribe("wall", THREAD)
    await on_thread.subscribe(THREAD)
    assert hub.publish(happened(1, "wall", THREAD)) == 3
    topics = [client.wire.frames[-1]["topics"] for client in (on_wall, on_both, on_thread)]
    assert topics == [["wall"], ["wall", THREAD], [THREAD]]


async def test_my_own_topic_is_mine_alone_and_is_called_me() -> None:
    hub = a_hub()
    mine, other = Client(hub, an_actor(1)), Client(hub, an_actor(2))
    await mine.subscribe("me")
    await other.subscribe("me")
    payload = {"member_id": str(UUID(int=101)), "kind": "reply"}
    hub.publish(happened(1, f"me:{UUID(int=101)}", type_="notification.made", payload=payload))
    assert mine.wire.frames[-1] == {
        "type": "notification.made",
        "position": "1-1",
        "topics": ["me"],
        "kind": "reply",
    }
    assert other.wire.told() == []


async def test_facts_that_are_not_for_browsers_stay_inside() -> None:
    hub = a_hub()
    client = Client(hub)
    await client.subscribe("wall")
    hub.publish(happened(1, "wall"))
    assert set(client.wire.frames[-1]) == {"type", "position", "topics", "post_id", "thread_id"}
    hub.publish(happened(2, "wall", type_="account.closed", payload={"account_id": str(uuid4())}))
    assert client.wire.told() == positions([1])


async def test_one_who_comes_back_is_told_what_was_missed_then_the_present() -> None:
    hub = a_hub()
    for number in range(1, 6):
        hub.publish(happened(number, "wall" if number % 2 else THREAD))
    client = Client(hub)
    await client.subscribe("wall", since="1-1")
    hub.publish(happened(6, "wall"))
    assert client.wire.told() == positions([3, 5, 6])
    assert client.wire.kinds() == ["post.edited", "post.edited", "subscribed", "post.edited"]
    assert client.wire.frames[2]["position"] == "5-5"


@pytest.mark.parametrize("since", ["nonsense", "0-0", "1-1"])
async def test_what_is_too_far_back_or_no_place_of_ours_is_read_anew(since: str) -> None:
    hub = a_hub(recent=3)
    hub.begin(Position(1, 1))
    for number in range(2, 9):
        hub.publish(happened(number, "wall"))
    client = Client(hub)
    await client.subscribe("wall", since=since)
    assert client.wire.kinds() == ["refetch", "subscribed"]
    assert client.wire.frames[0] == {"type": "refetch", "topics": ["wall"], "position": "8-8"}


async def test_more_than_a_page_of_missed_frames_is_read_anew() -> None:
    hub = a_hub()
    for number in range(1, MOST_MISSED + 2):
        hub.publish(happened(number, "wall"))
    client = Client(hub)
    await client.subscribe("wall", since="0-0")
    assert client.wire.kinds() == ["refetch", "subscribed"]
    await client.subscribe("wall", since="1-1")
    assert len(client.wire.told()) == MOST_MISSED


async def test_one_who_is_ahead_of_this_process_waits_for_it() -> None:
    hub = a_hub()
    client = Client(hub)
    asking = asyncio.create_task(client.subscribe("wall", since="2-2"))
    await asyncio.sleep(0)
    for number in (1, 2, 3):
        hub.publish(happened(number, "wall"))
    await asking
    assert client.wire.told() == positions([3])


@pytest.mark.parametrize(
    ("actor", "topic"),
    [
        (an_actor(), "cases"),
        (an_actor(), "me:00000000-0000-0000-0000-000000000065"),
        (an_actor(), "thread:nonsense"),
        (an_actor(), "everything"),
        (an_actor(is_verified=False), "wall"),
        (an_actor(is_suspended=True), "wall"),
        (an_actor(is_suspended=True), f"thread:{UUID(int=2)}"),
    ],
)
async def test_a_topic_that_is_not_open_is_refused_with_a_reason(actor: Actor, topic: str) -> None:
    hub = a_hub()
    client = Client(hub, actor)
    await client.subscribe(topic)
    (answer,) = client.wire.frames
    assert (answer["type"], answer["ref"], answer["topic"]) == ("refused", 1, topic)
    assert answer["detail"].endswith(".")
    hub.publish(happened(1, topic))
    assert client.wire.told() == []


async def test_who_is_suspended_hears_of_themselves_alone() -> None:
    hub = a_hub()
    client = Client(hub, an_actor(is_suspended=True))
    await client.subscribe("me", "wall")
    assert client.wire.kinds() == ["refused", "subscribed"]
    hub.publish(happened(1, "wall"))
    made = {"member_id": str(UUID(int=101)), "kind": "reply"}
    hub.publish(happened(2, f"me:{UUID(int=101)}", type_="notification.made", payload=made))
    assert client.wire.told() == positions([2])


async def test_a_refused_topic_does_not_stop_the_others() -> None:
    client = Client(a_hub())
    await client.subscribe("cases", "wall")
    assert client.wire.kinds() == ["refused", "subscribed"]
    assert client.wire.frames[1]["topics"] == ["wall"]


async def test_a_moderator_hears_of_cases() -> None:
    hub = a_hub()
    client = Client(hub, a_moderator())
    await client.subscribe("cases")
    hub.publish(happened(1, "cases", type_="case.opened", payload={"case_id": str(UUID(int=7))}))
    assert client.wire.frames[-1]["case_id"] == str(UUID(int=7))


async def test_a_client_that_does_not_read_is_let_go_and_the_others_go_on() -> None:
    hub = a_hub()
    slow, other = Client(hub), Client(hub)
    for client in (slow, other):
        await client.subscribe("wall")
    slow.wire.is_stuck = True
    hub.publish(happened(1, "wall"))
    assert slow.wire.is_aborted
    assert hub.connections == {other.connection}
    hub.publish(happened(2, "wall"))
    assert other.wire.told() == positions([1, 2])


async def test_the_end_of_a_sign_in_closes_its_sockets_and_no_others() -> None:
    hub = a_hub()
    ended, elsewhere = Client(hub, an_actor(session=1)), Client(hub, an_actor(session=2))
    for client in (ended, elsewhere):
        await client.subscribe("me", "wall")
    payload = {"session_id": str(UUID(int=1001)), "member_id": str(UUID(int=101))}
    hub.publish(happened(1, f"me:{UUID(int=101)}", type_="session.ended", payload=payload))
    await closed(ended, SIGNED_OUT)
    assert ended.wire.frames[-1] == {"type": "session.ended", "position": "1-1", "topics": ["me"]}
    hub.publish(happened(2, "wall"))
    assert ended.wire.told() == []
    assert elsewhere.wire.told() == positions([2])


@pytest.mark.parametrize(
    ("type_", "code"),
    [
        ("account.closed", SIGNED_OUT),
        ("role.taken_back", RIGHTS_CHANGED),
        ("role.granted", RIGHTS_CHANGED),
        ("standing.changed", RIGHTS_CHANGED),
    ],
)
async def test_a_change_of_rights_closes_every_socket_of_the_account(type_: str, code: int) -> None:
    hub = a_hub()
    one, two, other = (Client(hub, an_actor(number)) for number in (1, 1, 2))
    hub.publish(happened(1, type_=type_, payload={"account_id": str(UUID(int=1))}))
    await closed(one, code)
    await closed(two, code)
    assert hub.connections == {other.connection}


async def test_a_sign_in_that_ends_while_the_socket_opens_counts() -> None:
    hub = a_hub()
    payload = {"session_id": str(UUID(int=1001)), "member_id": str(UUID(int=101))}
    hub.publish(happened(1, type_="session.ended", payload=payload))
    wire = RememberedWire()
    connection = Connection(an_actor(session=1), wire)
    hub.enter(connection, admitted_at=START)
    assert connection not in hub.connections
    assert wire.kinds() == ["session.ended"]


async def test_a_message_that_is_no_request_ends_the_conversation() -> None:
    client = Client(a_hub())
    assert await client.talk.hear("hello") == MALFORMED
    assert await client.talk.hear('{"do":"publish"}') == MALFORMED
    assert await client.talk.hear("[" * 50_000) == MALFORMED
    assert await client.say(do="subscribe", topics=[], since=None, ref=1) == MALFORMED
    assert await client.say(do="ping") is None
    assert client.wire.kinds() == ["pong"]


async def test_one_who_asks_without_end_is_closed() -> None:
    client = Client(a_hub())
    codes = [await client.say(do="ping") for _ in range(300)]
    assert codes[0] is None
    assert codes[-1] == TOO_MANY
    threads = [f"thread:{uuid4()}" for _ in range(33)]
    asking = Client(a_hub())
    assert await asking.subscribe(*threads[:32]) is None
    assert await asking.subscribe(threads[32]) == TOO_MANY


async def closed(client: Client, code: int) -> None:
    async def look() -> int | None:
        return client.wire.closed_with

    await eventually(look, until=lambda found: found == code)
