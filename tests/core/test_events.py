"""The outbox: commit-safe order and positions."""

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from app.core import events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.events import START, Position
from tests.core.factories import ThingHappened, numbers, record


async def test_an_event_lives_and_dies_with_its_transaction(
    database: Database, connection: AnyConnection
) -> None:
    with pytest.raises(RuntimeError):
        async with unit_of_work(database) as session:
            await events.record(session, ThingHappened(number=1))
            raise RuntimeError
    assert await numbers(connection) == []
    await record(database, 2)
    assert await numbers(connection) == [2]


async def test_an_event_comes_back_as_its_class_with_its_topics(
    database: Database, connection: AnyConnection
) -> None:
    await record(database, 7, "wall", "thread:x")
    (found,) = await events.read(connection, START, limit=1, topics=["wall"])
    assert found.event() == ThingHappened(number=7)
    assert found.topics == ("wall", "thread:x")
    assert await events.read(connection, START, limit=1, topics=["me:y"]) == []


async def test_one_that_commits_late_is_never_jumped_over(
    database: Database, connection: AnyConnection
) -> None:
    async with database.sessions() as late:
        await events.record(late, ThingHappened(number=1))
        await record(database, 2)
        assert await numbers(connection) == [], "the later one waits for the earlier"
        position = await events.now(database.pool)
        await late.execute(text("COMMIT"))
    assert await numbers(connection) == [1, 2]
    assert await numbers(connection, position) == [1, 2]


def test_a_field_that_the_class_does_not_have_is_still_never_written() -> None:
    with pytest.raises(ValidationError):
        ThingHappened.model_validate({"number": 1, "mood": "calm"})


@pytest.mark.parametrize("limit", [1, 100])
async def test_transactions_are_in_the_order_of_their_numbers_and_not_of_their_digits(
    database: Database, connection: AnyConnection, limit: int
) -> None:
    for number in range(4):
        await record(database, number)
    await connection.execute(
        "UPDATE core.events SET xid = (array['9', '10', '99', '100'])[id]::xid8"
    )
    found, after = [], START
    while batch := await events.read(connection, after, limit=limit):
        found += [one.payload["number"] for one in batch]
        after = batch[-1].position
    assert found == [0, 1, 2, 3]
    ahead, _ = await events.read_ahead(connection, START, limit=limit)
    assert [one.payload["number"] for one in ahead] == [0, 1, 2, 3][:limit]


async def test_a_position_names_what_a_reader_has_seen(
    database: Database, connection: AnyConnection
) -> None:
    await record(database, 1)
    position = await events.now(database.pool)
    await record(database, 2)
    assert await numbers(connection, position) == [2]
    assert Position.parse(str(position)) == position


@pytest.mark.parametrize(
    "text_", ["", "1", "-", "a-b", "1-2-3", "١-٢", "-1--1", "9" * 30 + "-1", f"1-{1 << 63}"]
)
def test_a_position_that_is_none_of_ours_is_refused(text_: str) -> None:
    with pytest.raises(events.BadPositionError):
        Position.parse(text_)
