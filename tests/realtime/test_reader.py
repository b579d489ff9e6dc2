"""The reader: where it begins, what it survives, and what it tells of the database."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from structlog.testing import capture_logs

from app.core import clock, events, xmin_horizon
from app.core.db import AnyConnection, Database
from app.core.event_partitions import keep
from app.core.events import START, Position, Recorded, Subscriber
from app.core.notify_listener import POLL_SECONDS, WakeUp
from app.core.settings import Settings
from app.realtime import Live, metrics, reader
from app.realtime.connection import SIGNED_OUT, Connection
from app.realtime.expiry import close_expired, watch_sessions
from app.realtime.hub import RECENT, Hub
from app.realtime.reader import Reader
from tests.people import SignedIn, signed_in
from tests.realtime.factories import edited, run_out, tell, tell_many
from tests.realtime.stand_ins import RememberedWire, an_actor
from tests.support.aging import age
from tests.support.waiting import eventually
from tests.wall import WALL_KEY


async def _nothing(*_: object) -> None:
    """For a subscriber that takes all and does nothing."""


NOBODY = Subscriber("nobody", frozenset({"never.happens"}), _nothing)


@pytest.fixture
async def live(outside: Database) -> AsyncIterator[Live]:
    """The live part of a process, without its server."""
    made = Live(outside)
    await made.start()
    assert await made.is_ready()
    yield made
    await made.stop()


def listener(hub: Hub, member: SignedIn | None = None, *keys: str) -> RememberedWire:
    """A socket in the hub, on the wall and these."""
    wire = RememberedWire()
    actor = an_actor() if member is None else an_actor(session_id=member.actor.session_id)
    connection = Connection(actor, wire)
    hub.enter(connection, admitted_at=hub.position)
    hub.subscribe(connection, [WALL_KEY, *keys])
    return wire


def figure(name: str) -> float:
    """As /metrics serves it."""
    return REGISTRY.get_sample_value(name) or 0.0


async def read_once(database: Database) -> Hub:
    """A hub as the reader leaves it after its first look."""
    hub = Hub()
    reading = asyncio.create_task((made := Reader(database, hub, WakeUp())).run())
    await asyncio.wait_for(made.is_ready.wait(), 20)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return hub


async def test_it_begins_with_the_whole_of_a_short_history(outside: Database) -> None:
    await tell(outside, [1, 2, 3])
    hub = await read_once(outside)
    missed = hub.missed([WALL_KEY], START, an_actor())
    assert missed is not None
    assert [event.id for event in missed] == [1, 2, 3]


async def test_it_begins_with_the_last_of_a_long_history_and_knows_what_it_forgot(
    outside: Database,
) -> None:
    await tell_many(outside, RECENT + 50)
    hub = await read_once(outside)
    assert hub.missed([WALL_KEY], START, an_actor()) is None
    last = hub.position
    assert hub.missed([WALL_KEY], Position(last.xid, last.id - 5), an_actor()) is not None
    assert hub.missed([WALL_KEY], Position(last.xid, 20), an_actor()) is None


async def test_a_history_whose_beginning_was_pruned_is_known_to_have_one(
    outside: Database,
) -> None:
    await tell_many(outside, 10)
    async with outside.pool.connection() as connection:
        await connection.execute("DELETE FROM core.events WHERE id <= 4")
    hub = await read_once(outside)
    assert hub.missed([WALL_KEY], START, an_actor()) is None


async def test_a_position_from_before_what_was_dropped_is_too_far_back(
    outside: Database, database_url: str
) -> None:
    """Also for a process that starts when only the end of the stream is left."""
    await tell(outside, [1, 2, 3])
    old = await read_once(outside)
    age(database_url, weeks=4)
    await tell(outside, [4])
    assert len((await keep(outside, [NOBODY], keep_days=14)).dropped) == 1
    hub = await read_once(outside)
    for position in (START, Position(old.position.xid, 1), old.position):
        assert hub.missed([WALL_KEY], position, an_actor()) is None
    assert hub.missed([WALL_KEY], hub.position, an_actor()) == []
    await tell(outside, [5])
    again = await read_once(outside)
    missed = again.missed([WALL_KEY], hub.position, an_actor())
    assert missed is not None
    assert [event.payload["post_id"] for event in missed] == [str(edited(5).post_id)]


async def test_what_waits_for_an_open_transaction_is_read_once_and_told_at_its_end(
    live: Live, outside: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[int, bool]] = []
    read_ahead = events.read_ahead

    async def remembered(
        connection: AnyConnection, after: Position, *, limit: int
    ) -> tuple[list[Recorded], datetime | None]:
        found, since = await read_ahead(connection, after, limit=limit)
        looks.append((limit, since is not None))
        return found, since

    async def waits() -> list[int]:
        return [limit for limit, is_waiting in looks if is_waiting]

    async def told() -> list[str]:
        return wire.told()

    monkeypatch.setattr(events, "read_ahead", remembered)
    wire = listener(live.hub)
    async with outside.pool.connection() as held, held.transaction():
        await held.execute("SELECT pg_current_xact_id()")
        await tell_many(outside, 2 * reader.FEW + 7)
        limits = await eventually(waits, until=lambda found: len(found) > 4)
        assert limits[0] == reader.BATCH
        assert set(limits[1:]) == {reader.FEW}
        assert wire.told() == []
    await eventually(told, until=lambda found: len(found) == 2 * reader.FEW + 7)


async def test_events_of_the_next_release_are_told_as_far_as_they_are_known(
    live: Live, outside: Database
) -> None:
    wire = listener(live.hub)
    payload = edited(1).model_dump(mode="json") | {"mood": "calm"}
    async with outside.pool.connection() as connection:
        for type_ in ("post.set_to_music", "post.edited"):
            await connection.execute(
                "INSERT INTO core.events (type, occurred_at, topics, payload)"
                " VALUES (%s, now(), ARRAY[%s], %s::jsonb)",
                (type_, WALL_KEY, json.dumps(payload | {"type": type_})),
            )

    async def told() -> list[str]:
        return wire.told()

    (position,) = await eventually(told)
    (frame,) = [frame for frame in wire.frames if frame["position"] == position]
    assert frame["type"] == "post.edited"
    assert "mood" not in frame


async def test_an_event_that_cannot_be_told_does_not_silence_those_after_it(
    live: Live, outside: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = listener(live.hub)
    publish = live.hub.publish
    broken = iter([True])

    def breaks_once(event: events.Recorded) -> int:
        if next(broken, False):
            raise KeyError("a fact is missing")
        return publish(event)

    monkeypatch.setattr(live.hub, "publish", breaks_once)
    await tell(outside, [1, 2])

    async def told() -> int:
        return len(wire.told())

    assert await eventually(told) == 1


async def test_a_database_that_goes_away_is_asked_again(
    live: Live, outside: Database, settings: Settings
) -> None:
    wire = listener(live.hub)
    elsewhere = Database(settings.database)
    await elsewhere.open()
    async with elsewhere.pool.connection() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await tell(elsewhere, [1])

    async def told() -> int:
        return len(wire.told())

    assert await eventually(told) == 1
    await elsewhere.close()


async def test_a_writer_that_stays_open_shows_in_the_figures(
    live: Live, outside: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xmin_horizon, "ALARM_SECONDS", 0.0)
    async with outside.sessions() as holding:
        await holding.execute(text("SELECT pg_current_xact_id()"))
        await tell(outside, [1])

        async def lag() -> float:
            return figure("alongside_live_lag_seconds")

        await eventually(lag)
        with capture_logs() as said:
            watching = asyncio.create_task(metrics.watch_transactions(outside.pool, every=0.01))

            async def alarms() -> list[str]:
                return [line["event"] for line in said if line["log_level"] == "error"]

            assert "a transaction stays open" in await eventually(alarms)
        watching.cancel()
        assert figure("alongside_oldest_transaction_seconds") > 0
        await holding.execute(text("ROLLBACK"))
    await eventually(lag, until=lambda found: found == 0)


async def test_sign_ins_that_ran_out_close_their_sockets(outside: Database) -> None:
    stays, goes = await signed_in(outside), await signed_in(outside)
    hub = Hub()
    kept, ended = listener(hub, stays), listener(hub, goes)
    assert await close_expired(outside.pool, hub) == 0
    await run_out(outside, goes.actor.session_id)
    watching = asyncio.create_task(watch_sessions(outside.pool, hub, every=0.01))

    async def closed_with() -> int | None:
        return ended.closed_with

    assert await eventually(closed_with) == SIGNED_OUT
    watching.cancel()
    assert kept.closed_with is None
    assert len(hub.connections) == 1


def test_looking_again_gets_slower_while_a_writer_stays_open(outside: Database) -> None:
    made = Reader(outside, Hub(), WakeUp())
    pauses = [POLL_SECONDS]
    for _ in range(12):
        pauses.append(made._next_pause(pauses[-1], clock.now()))
    assert pauses[1] == reader.FIRST_LOOK_SECONDS
    assert pauses == [pauses[0], *sorted(pauses[1:])]
    assert pauses[-1] == POLL_SECONDS / 2
    assert made._next_pause(pauses[-1], None) == POLL_SECONDS
