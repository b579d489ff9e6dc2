"""Dead letters: events that a subscriber could not take, with the reason, to be redelivered.

They are set aside whole, for the outbox does not keep them for ever.
"""

from dataclasses import dataclass

import orjson
from psycopg.rows import dict_row

from app.core import clock, db
from app.core.db import Database, unit_of_work
from app.core.events import Recorded, Subscriber, find, recorded
from app.core.logs import logger


async def keep(connection: db.AnyConnection, name: str, event: Recorded, error: str) -> None:
    """Keep an event for a person to look at."""
    await connection.execute(
        "INSERT INTO core.dead_letters (subscriber, event_id, failed_at, error, xid, type,"
        " occurred_at, topics, payload)"
        " VALUES (%s, %s, %s, %s, %s::text::xid8, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            name,
            event.id,
            clock.now(),
            error,
            str(event.position.xid),
            event.type,
            event.occurred_at,
            list(event.topics),
            orjson.dumps(event.payload).decode(),
        ),
    )


@dataclass(frozen=True, slots=True)
class Redelivered:
    """How many a subscriber took this time, and how many stay dead letters."""

    taken: int
    left: int


async def redeliver(database: Database, subscriber: Subscriber) -> Redelivered:
    """Hand every dead letter to its subscriber again, oldest first, each in a unit of work of its
    own. What it can't take even now stays, with the new reason."""
    rows = await db.fetch(
        database.pool,
        "SELECT event_id FROM core.dead_letters WHERE subscriber = %s ORDER BY event_id",
        (subscriber.name,),
    )
    left = 0
    for row in rows:
        try:
            await _hand_over(database, subscriber, row["event_id"])
        except Exception as error:
            left += 1
            logger.exception("event stays a dead letter", subscriber=subscriber.name, **row)
            await _note(database, subscriber.name, row["event_id"], repr(error))
    return Redelivered(taken=len(rows) - left, left=left)


_TAKE = """
    DELETE FROM core.dead_letters WHERE subscriber = %s AND event_id = %s
    RETURNING xid::text AS xid, event_id AS id, type, occurred_at, topics, payload
"""


async def _hand_over(database: Database, subscriber: Subscriber, event_id: int) -> None:
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_TAKE, (subscriber.name, event_id))
            row = await cursor.fetchone()
        if row is None:  # someone else has just handed it over
            return
        is_whole = row["payload"] is not None
        event = recorded(row) if is_whole else await find(connection, event_id)
        await subscriber.handle(session, [event])
        await session.flush()


async def _note(database: Database, name: str, event_id: int, error: str) -> None:
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        await connection.execute(
            "UPDATE core.dead_letters SET failed_at = %s, error = %s"
            " WHERE subscriber = %s AND event_id = %s",
            (clock.now(), error, name, event_id),
        )
