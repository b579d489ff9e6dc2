"""Live sockets on real servers: who gets in, what arrives, and what happens after a break."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.core import events
from app.core.db import Database, unit_of_work
from app.core.settings import SessionSettings
from app.identity import sessions, staff
from app.identity.roles import Role
from app.realtime.connection import CROWDED
from app.realtime.hub import MOST_SOCKETS
from tests.people import SignedIn, signed_in
from tests.realtime.conftest import NewFollower
from tests.realtime.factories import edited, open_case, tell, tell_many
from tests.realtime.sockets import ask, hear, open_socket, subscribed
from tests.support import databases
from tests.support.servers import ServerProcess, serving
from tests.support.settings import settings_for
from tests.support.waiting import eventually
from tests.wall import WALL_KEY


@pytest.fixture(scope="module")
def shared_url(postgres: str) -> Iterator[str]:
    """One database and one server for all of these: each listens from where it begins."""
    url = databases.clone(postgres)
    yield url
    databases.drop(postgres, url)


@pytest.fixture(scope="module")
def server(shared_url: str) -> Iterator[ServerProcess]:
    with serving(shared_url) as started:
        yield started


@pytest.fixture
async def outside(shared_url: str) -> AsyncIterator[Database]:
    database = Database(settings_for(shared_url).database)
    await database.open()
    yield database
    await database.close()


async def test_who_may_open_a_socket(
    server: ServerProcess, outside: Database, member: SignedIn
) -> None:
    for origin in (None, server.origin):
        async with open_socket(server.live, member.cookie, origin=origin) as socket:
            assert (await hear(socket))["type"] == "welcome"
    refusals = {
        ("no cookie", None, server.origin): 401,
        ("a forged cookie", f"session={'x' * 43}", server.origin): 401,
        ("no cookie of ours", "session=%00%ff", server.origin): 401,
        ("another site", member.cookie, "https://elsewhere.example"): 403,
        ("a page of no site", member.cookie, "null"): 403,
        ("a site that begins alike", member.cookie, f"{server.origin}.example"): 403,
    }
    for (why, cookie, origin), status in refusals.items():
        with pytest.raises(InvalidStatus) as refused:
            async with open_socket(server.live, cookie, origin=origin):
                pass
        assert refused.value.response.status_code == status, why
        assert b"Traceback" not in (refused.value.response.body or b"")


async def test_what_one_process_accepts_reaches_the_sockets_of_all(
    server: ServerProcess,
    shared_url: str,
    member: SignedIn,
    outside: Database,
    new_follower: NewFollower,
) -> None:
    with serving(shared_url) as second:
        followers = [new_follower(one.live, member.cookie, "wall") for one in (server, second)]
        for follower in followers:
            await follower.settled()
        for number in range(1, 21):
            await tell(outside, [number])
        for follower in followers:
            await follower.has(lambda one: len(one.frames) == 20)
        assert followers[0].frames == followers[1].frames
        # One that read further in the first process goes on in the second.
        place = followers[0].places["wall"]
        moved = new_follower(second.live, member.cookie, "wall", since=place)
        await moved.settled()
        await tell(outside, [21])
        await moved.has(lambda one: one.numbers == [21])


async def test_a_dropped_connection_loses_and_doubles_nothing(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    follower = new_follower(server.live, member.cookie, "wall")
    await follower.settled()
    for number in range(1, 101):
        await tell(outside, [number])
        if number % 10 == 0:
            follower.cut()
    await follower.has(lambda one: len(one.frames) >= 100)
    assert follower.numbers == list(range(1, 101))
    assert follower.openings > 1
    assert follower.refetches == 0


async def test_one_that_commits_late_comes_late_but_comes(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    follower = new_follower(server.live, member.cookie, "wall")
    await follower.settled()
    async with outside.sessions() as late:
        await events.record(late, edited(1), topics=[WALL_KEY])
        await tell(outside, [2])
        follower.cut()
        await follower.has(lambda one: one.openings == 2)
        await tell(outside, [3])
        await late.execute(text("COMMIT"))
    await follower.has(lambda one: len(one.frames) >= 3)
    assert follower.numbers == [1, 2, 3]


async def test_nobody_waits_for_the_slow_poll_when_a_writer_ends_without_an_event(
    server: ServerProcess, outside: Database, member: SignedIn
) -> None:
    async with open_socket(server.live, member.cookie) as socket:
        await hear(socket)
        await subscribed(socket, "wall")
        waits: list[float] = []
        for number in range(5):
            async with outside.sessions() as quiet:
                await quiet.execute(text("SELECT pg_current_xact_id()"))
                await tell(outside, [number])
                await asyncio.sleep(0.02)
                await quiet.execute(text("ROLLBACK"))
            ended = asyncio.get_running_loop().time()
            await hear(socket)
            waits.append(asyncio.get_running_loop().time() - ended)
        assert sorted(waits)[2] < 0.6


async def test_too_far_back_is_read_anew(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    witness = new_follower(server.live, member.cookie, "wall")
    await witness.settled()
    since = str(witness.places["wall"])
    await tell_many(outside, 600)
    await witness.has(lambda one: len(one.frames) == 600)
    async with open_socket(server.live, member.cookie) as socket:
        await hear(socket)
        await ask(socket, do="subscribe", topics=["wall", "me"], since=since, ref=5)
        frames = [await hear(socket), await hear(socket)]
    assert [frame["type"] for frame in frames] == ["refetch", "subscribed"]
    assert frames[0]["topics"] == ["wall", "me"]
    assert frames[0]["position"] == witness.places["wall"]


async def test_a_topic_that_is_not_open_is_refused(server: ServerProcess, member: SignedIn) -> None:
    async with open_socket(server.live, member.cookie) as socket:
        await hear(socket)
        await ask(socket, do="subscribe", topics=["cases"], since=None, ref=7)
        refused = await hear(socket)
    assert (refused["type"], refused["ref"], refused["topic"]) == ("refused", 7, "cases")


async def test_the_end_of_a_sign_in_closes_its_socket_at_once(
    server: ServerProcess, outside: Database, member: SignedIn
) -> None:
    stays = await signed_in(outside)
    async with (
        open_socket(server.live, member.cookie) as ended,
        open_socket(server.live, stays.cookie) as other,
    ):
        for socket in (ended, other):
            await hear(socket)
            await subscribed(socket, "wall", "me")
        async with unit_of_work(outside) as session:
            await sessions.end_all(session, account_id=member.account_id)
        assert (await hear(ended))["type"] == "session.ended"
        with pytest.raises(ConnectionClosed):
            await hear(ended)
        assert ended.close_code == 4401
        await tell(outside, [1])
        assert (await hear(other))["type"] == "post.edited"
    with pytest.raises(InvalidStatus):
        async with open_socket(server.live, member.cookie):
            pass


async def test_a_moderator_who_is_one_no_longer_hears_no_more_of_cases(
    server: ServerProcess, outside: Database, new_follower: NewFollower
) -> None:
    moderator = await signed_in(outside, roles=(Role.MODERATOR,))
    follower = new_follower(server.live, moderator.cookie, "cases", "wall")
    await follower.settled()
    await open_case(outside)
    await follower.has(lambda one: len(one.frames) == 1)
    async with unit_of_work(outside) as session:
        await staff.take_back(
            session,
            account_id=moderator.account_id,
            role=Role.MODERATOR,
            reason="A test.",
            granter_id=None,
        )
    await follower.has(lambda one: one.refused == ["cases"])
    assert set(follower.close_codes) == {4403}
    await open_case(outside)
    await tell(outside, [1])
    await follower.has(lambda one: len(one.frames) == 2)
    assert [frame["type"] for frame in follower.frames] == ["case.opened", "post.edited"]


async def test_whoever_works_on_a_study_hears_nothing_of_the_community(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    topics = ("wall", "me")
    follower = new_follower(server.live, member.cookie, *topics)
    await follower.settled()
    await tell(outside, [1])
    await follower.has(lambda one: len(one.frames) == 1)
    async with unit_of_work(outside) as session:
        await staff.grant(
            session,
            account_id=member.account_id,
            role=Role.RESEARCHER,
            reason="A test.",
            granter_id=None,
        )
    await follower.has(lambda one: len(one.close_codes) == 1)
    assert set(follower.close_codes) <= {4401, 4403}
    await tell(outside, [2])
    opened = await sessions.open(
        outside.pool, SessionSettings(), account_id=member.account_id, description="A test"
    )
    async with open_socket(server.live, f"session={opened.token}") as socket:
        assert (await hear(socket))["type"] == "welcome"
        for topic in (*topics, f"thread:{UUID(int=1)}"):
            await ask(socket, do="subscribe", topics=[topic], since=None, ref=1)
            refused = await hear(socket)
            assert (refused["type"], refused["topic"]) == ("refused", topic)
            assert "another account" in refused["detail"]
        await tell(outside, [3])
        await ask(socket, do="ping")
        assert (await hear(socket))["type"] == "pong"
        follower.cookie = f"session={opened.token}"
        await follower.has(lambda one: set(topics) <= set(one.refused))
    posts = [frame["post_id"] for frame in follower.frames if frame["type"] == "post.edited"]
    assert posts == [str(UUID(int=1))]


async def test_nonsense_closes_the_socket_and_nothing_else(
    server: ServerProcess, member: SignedIn
) -> None:
    async with open_socket(server.live, member.cookie) as good:
        for message in ("nonsense", b"\x00\x01", '{"do":"subscribe"}', "x" * 100_000):
            async with open_socket(server.live, member.cookie) as bad:
                await hear(bad)
                await bad.send(message)
                with pytest.raises(ConnectionClosed):
                    await hear(bad)
                assert bad.close_code in {4400, 1009}
        await hear(good)
        await ask(good, do="ping")
        assert await hear(good) == {"type": "pong"}


async def test_a_client_that_does_not_read_is_closed_and_the_others_get_everything(
    server: ServerProcess, outside: Database, member: SignedIn, new_follower: NewFollower
) -> None:
    reader = new_follower(server.live, member.cookie, "wall")
    await reader.settled()
    before = await metric(server, "alongside_live_dropped_total")
    async with open_socket(server.live, member.cookie, max_queue=1) as stuck:
        await hear(stuck)
        await subscribed(stuck, "wall")
        stuck.transport.pause_reading()

        async def is_counted() -> bool:
            return await metric(server, "alongside_live_dropped_total") > before

        await tell_many(outside, 40_000)
        await eventually(is_counted, seconds=40)
        stuck.transport.abort()
    await reader.has(lambda one: len(one.frames) == 40_000)
    assert reader.openings == 1

    async def sockets() -> float:
        return await metric(server, "alongside_live_sockets")

    await eventually(sockets, until=lambda found: found == 1)


async def metric(server: ServerProcess, name: str) -> float:
    """One figure of a server."""
    reading, writing = await asyncio.open_connection("127.0.0.1", server.port)
    writing.write(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    lines = (await reading.read()).decode().splitlines()
    writing.close()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


async def test_a_crowd_that_comes_back_at_once_is_let_in_and_holds_nobody_up(
    server: ServerProcess, outside: Database, member: SignedIn
) -> None:
    everyone = [await signed_in(outside) for _ in range(11)]
    async with open_socket(server.live, member.cookie) as early, asyncio.TaskGroup() as group:
        await hear(early)
        await subscribed(early, "wall")
        done = asyncio.Event()

        async def come(one: SignedIn) -> str:
            async with open_socket(server.live, one.cookie, open_timeout=60) as socket:
                welcome = await hear(socket)
                await done.wait()
                return str(welcome["type"])

        crowd = [group.create_task(come(everyone[n % 11])) for n in range(300)]
        await tell(outside, [1])
        assert (await hear(early))["type"] == "post.edited"

        async def sockets() -> float:
            return await metric(server, "alongside_live_sockets")

        await eventually(sockets, until=lambda found: found >= 301, seconds=60)
        done.set()
    assert {task.result() for task in crowd} == {"welcome"}


async def test_one_account_has_so_many_sockets_and_the_next_is_told_kindly(
    server: ServerProcess, outside: Database, member: SignedIn
) -> None:
    other = await signed_in(outside)
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(open_socket(server.live, member.cookie))
            for _ in range(MOST_SOCKETS)
        ]
        for one in opened:
            assert (await hear(one))["type"] == "welcome"
        async with open_socket(server.live, member.cookie) as refused:
            with pytest.raises(ConnectionClosed) as closed:
                await hear(refused)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == CROWDED
        assert "Close some" in closed.value.rcvd.reason
        async with open_socket(server.live, other.cookie) as somebody_else:
            assert (await hear(somebody_else))["type"] == "welcome"
        await opened[0].close()

        async def is_let_in() -> bool:
            async with open_socket(server.live, member.cookie) as again:
                try:
                    return bool(await hear(again))
                except ConnectionClosed:
                    return False

        assert await eventually(is_let_in)
