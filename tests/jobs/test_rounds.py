"""Rounds of delivery: who has nothing to take costs nothing, and who fails holds nobody up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import delivery_round
from app.core.db import AnyConnection, Database
from app.core.delivery import STRIDE
from app.core.delivery_round import TOGETHER, look, take_together
from app.core.events import Recorded, Subscriber
from app.core.settings import Settings
from app.jobs import worker
from tests.core.factories import journal, record, record_many, writer, written
from tests.support.waiting import eventually

__all__ = ["journal"]


def named(name: str, *, fails_on: int | None = None, takes: str = "thing.happened") -> Subscriber:
    """A writer of its own name."""
    return Subscriber(name, frozenset({takes}), writer(fails_on=fails_on).handle)


async def know(connection: AnyConnection, *subscribers: Subscriber) -> None:
    """Cursors at the beginning, as after the first round."""
    for one in subscribers:
        await connection.execute("INSERT INTO core.cursors (subscriber) VALUES (%s)", (one.name,))


async def cursors(connection: AnyConnection) -> dict[str, tuple[int, int]]:
    cursor = await connection.execute("SELECT subscriber, id, failures FROM core.cursors")
    return {r["subscriber"]: (r["id"], r["failures"]) for r in await cursor.fetchall()}


async def transactions(connection: AnyConnection) -> int:
    """How many transactions of the whole server have written until now."""
    cursor = await connection.execute(
        "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next"
    )
    (row,) = await cursor.fetchall()
    return int(row["next"])


async def test_a_look_finds_who_has_work_and_writes_nothing(
    database: Database, journal: AnyConnection
) -> None:
    one, other, fresh = named("one"), named("other", takes="other.happened"), named("fresh")
    await know(journal, one, other)
    await record(database, 1)
    before = await transactions(journal)
    found = await look(database, [one, other, fresh])
    assert await transactions(journal) == before
    assert (found.together, found.alone) == ([one], [fresh])


async def test_all_take_theirs_in_one_transaction(
    database: Database, journal: AnyConnection
) -> None:
    one, other = named("one"), named("other")
    await know(journal, one, other)
    for number in range(3):
        await record(database, number)
    before = await transactions(journal)
    assert await take_together(database, [one, other]) == []
    assert await transactions(journal) == before + 1
    assert await written(journal) == [0, 1, 2, 0, 1, 2]
    assert await cursors(journal) == {"one": (3, 0), "other": (3, 0)}
    assert (await look(database, [one, other])).together == []
    assert await take_together(database, [one, other]) == []
    assert await written(journal) == [0, 1, 2, 0, 1, 2]


async def test_one_that_fails_leaves_everything_to_be_taken_one_by_one(
    database: Database, journal: AnyConnection
) -> None:
    good, bad = named("good"), named("bad", fails_on=1)
    await know(journal, good, bad)
    for number in range(2):
        await record(database, number)
    assert await take_together(database, [good, bad]) == [good, bad]
    assert await written(journal) == []
    for one in (good, bad):
        await worker.drain(database, one)
    assert sorted(await written(journal)) == [0, 0, 1]
    assert await cursors(journal) == {"good": (2, 0), "bad": (1, 1)}
    found = await look(database, [good, bad])
    assert (found.together, found.alone) == ([], []), "it rests, and is not asked"


async def test_a_backlog_is_left_to_be_taken_alone(
    database: Database, journal: AnyConnection
) -> None:
    one = named("one")
    await know(journal, one)
    await record_many(journal, TOGETHER + 1)
    assert await take_together(database, [one]) == [one]
    assert (await cursors(journal))["one"] == (TOGETHER, 0)
    await worker.drain(database, one)
    assert await written(journal) == list(range(TOGETHER + 1))


async def test_a_lock_that_another_holds_is_not_waited_for(
    database: Database, journal: AnyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    shortly = delivery_round._LOCK.replace("500ms", "20ms")
    monkeypatch.setattr(delivery_round, "_LOCK", shortly)

    async def handle(session: AsyncSession, found: Sequence[Recorded]) -> None:
        await session.execute(text("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE"))

    waits = Subscriber("waits", frozenset({"thing.happened"}), handle)
    await know(journal, waits)
    await record(database, 1)
    async with database.sessions() as held:
        await held.execute(text("INSERT INTO journal VALUES (9)"))
        assert await take_together(database, [waits]) == [waits]
        await held.execute(text("ROLLBACK"))
    assert await take_together(database, [waits]) == []


async def test_one_that_another_worker_is_at_is_left_to_it(
    database: Database, journal: AnyConnection
) -> None:
    one, other = named("one"), named("other")
    await know(journal, one, other)
    await record(database, 1)
    async with database.sessions() as held:
        await held.execute(text("SELECT FROM core.cursors WHERE subscriber = 'one' FOR UPDATE"))
        assert await take_together(database, [one, other]) == []
        await held.execute(text("ROLLBACK"))
    assert await cursors(journal) == {"one": (0, 0), "other": (1, 0)}


async def test_a_cursor_far_behind_events_of_other_kinds_is_moved_up_alone(
    database: Database, journal: AnyConnection
) -> None:
    rare = named("rare", takes="other.happened")
    await know(journal, rare)
    await record_many(journal, STRIDE + 1)
    assert (await look(database, [rare])).alone == [rare]
    await worker.drain(database, rare)
    found = await look(database, [rare])
    assert (found.together, found.alone) == ([], [])


@asynccontextmanager
async def working(settings: Settings, *subscribers: Subscriber) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run(settings, subscribers=subscribers))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_worker_brings_everything_to_everyone_though_one_fails_and_one_is_slow(
    database: Database, journal: AnyConnection, settings: Settings
) -> None:
    may_go_on = asyncio.Event()

    async def handle(session: AsyncSession, found: Sequence[Recorded]) -> None:
        if len(found) > TOGETHER:
            await may_go_on.wait()

    slow = Subscriber("slow", frozenset({"thing.happened"}), handle)
    good, bad = named("good"), named("bad", fails_on=0)
    await know(journal, good, bad, slow)
    await record_many(journal, TOGETHER * 2)
    async with working(settings, good, bad, slow):

        async def good_has_all() -> bool:
            return (await cursors(journal)).get("good") == (TOGETHER * 2 + 1, 0)

        await record(database, TOGETHER * 2)
        await eventually(good_has_all)
        assert (await cursors(journal))["slow"][0] == 0, "at work, and holds nobody up"
        may_go_on.set()

        async def slow_has_all() -> bool:
            return (await cursors(journal))["slow"] == (TOGETHER * 2 + 1, 0)

        await eventually(slow_has_all)
        assert (await cursors(journal))["bad"] == (0, 1)
    assert sorted(await written(journal)) == list(range(TOGETHER * 2 + 1))
