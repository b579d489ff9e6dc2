"""Delivery of events to subscribers, each from its own durable cursor."""

from datetime import timedelta
from typing import Final

from app.core import clock, db, parked
from app.core.db import Database, unit_of_work
from app.core.events import Position, Subscriber, last, read
from app.core.logs import logger

BATCH = 200
#: How long a subscriber rests after its first try of an event, its second, and so on: a database
#: or a disk that has a bad minute must not cost the event. After one more try it is parked.
RESTS: Final = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 90, 270))
TRIES_BEFORE_PARKING: Final = len(RESTS) + 1
#: After so many events that are none of its own a subscriber's cursor follows, so that it does
#: not walk over the whole history at each wake; fewer are cheaper to read again than to note.
STRIDE = 500


async def deliver(database: Database, subscriber: Subscriber, *, batch: int = BATCH) -> int:
    """One batch for one subscriber; returns how many events were read.

    The cursor moves in the same transaction as what the handler wrote, so a crash between the
    two can't happen. When the batch fails, its first event is tried alone, again after each of
    RESTS, and then parked where `alongside doctor` shows it, so that one bad event can't hold up
    all that follow.
    """
    try:
        return await _deliver_batch(database, subscriber, batch)
    except Exception:
        logger.exception("delivery failed", subscriber=subscriber.name)
        return await _deliver_singly(database, subscriber)


async def _deliver_batch(database: Database, subscriber: Subscriber, batch: int) -> int:
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        after = await _lock_cursor(connection, subscriber.name)
        if after is None:
            return 0
        horizon = await last(connection)
        found = await read(connection, after, limit=batch, types=subscriber.types)
        if found:
            await subscriber.handle(session, found)
            await session.flush()
        reached = found[-1].position if found else after
        if len(found) < batch and horizon.id - reached.id > STRIDE:
            reached = max(reached, horizon)
        if reached != after:
            await _move(connection, subscriber.name, reached)
        return len(found)


async def _deliver_singly(database: Database, subscriber: Subscriber) -> int:
    try:
        return await _deliver_batch(database, subscriber, 1)
    except Exception as error:
        async with unit_of_work(database) as session:
            connection = await db.driver(session)
            after = await _lock_cursor(connection, subscriber.name)
            if after is None:
                return 0
            found = await read(connection, after, limit=1, types=subscriber.types)
            tries = await _count_failure(connection, subscriber.name)
            if found and tries >= TRIES_BEFORE_PARKING:
                await parked.park(connection, subscriber.name, found[0], repr(error))
                await _move(connection, subscriber.name, found[0].position)
                logger.error("event parked", subscriber=subscriber.name, event_id=found[0].id)
            return 0


async def _lock_cursor(connection: db.AnyConnection, name: str) -> Position | None:
    """The cursor, locked; None while another worker holds it, or it rests after a failure."""
    await connection.execute(
        "INSERT INTO core.cursors (subscriber) VALUES (%s) ON CONFLICT DO NOTHING", (name,)
    )
    cursor = await connection.execute(
        "SELECT xid::text, id, failures, moved_at FROM core.cursors"
        " WHERE subscriber = %s FOR UPDATE SKIP LOCKED",
        (name,),
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    xid, number, failures, tried_at = row
    if failures and clock.now() < tried_at + RESTS[failures - 1]:
        return None
    return Position(int(xid), number)


async def _move(connection: db.AnyConnection, name: str, to: Position) -> None:
    await connection.execute(
        "UPDATE core.cursors SET xid = %s::text::xid8, id = %s, failures = 0, moved_at = %s"
        " WHERE subscriber = %s",
        (str(to.xid), to.id, clock.now(), name),
    )


async def _count_failure(connection: db.AnyConnection, name: str) -> int:
    cursor = await connection.execute(
        "UPDATE core.cursors SET failures = failures + 1, moved_at = %s"
        " WHERE subscriber = %s RETURNING failures",
        (clock.now(), name),
    )
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])
