"""An event for these tests, who writes it, and who reads it."""

from collections.abc import Sequence
from typing import Literal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.events import START, Event, Position, Recorded, Subscriber


class ThingHappened(Event):
    """For these tests only."""

    type: Literal["thing.happened"] = "thing.happened"
    number: int


@pytest.fixture
async def journal(connection: AnyConnection) -> AnyConnection:
    """A table that a subscriber writes to."""
    await connection.execute("CREATE TABLE journal (number int)")
    return connection


async def record(database: Database, number: int, *topics: str) -> None:
    async with unit_of_work(database) as session:
        await events.record(session, ThingHappened(number=number), topics=topics)


async def record_many(connection: AnyConnection, count: int) -> None:
    await connection.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        " SELECT 'thing.happened', now(), '{}', jsonb_build_object('number', n)"
        " FROM generate_series(0, %s - 1) AS n",
        (count,),
    )


async def dead_letter_numbers(connection: AnyConnection) -> list[int]:
    cursor = await connection.execute(
        "SELECT (payload->>'number')::int AS number FROM core.dead_letters ORDER BY 1"
    )
    return [row["number"] for row in await cursor.fetchall()]


async def numbers(connection: AnyConnection, after: Position = START) -> list[int]:
    found = await events.read(connection, after, limit=100)
    return [one.payload["number"] for one in found]


def writer(*, fails_on: int | None = None) -> Subscriber:
    async def handle(session: AsyncSession, found: Sequence[Recorded]) -> None:
        for one in found:
            if one.payload["number"] == fails_on:
                raise ValueError("not this one")
            await session.execute(
                text("INSERT INTO journal VALUES (:number)"), {"number": one.payload["number"]}
            )

    return Subscriber("writer", frozenset({"thing.happened"}), handle)


async def written(connection: AnyConnection) -> list[int]:
    cursor = await connection.execute("SELECT number FROM journal ORDER BY ctid")
    return [row["number"] for row in await cursor.fetchall()]
