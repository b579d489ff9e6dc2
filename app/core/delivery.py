"""Delivery of events to subscribers, each from its own durable cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, dead_letters
from app.core.db import Database, unit_of_work
from app.core.events import Position, Recorded, Subscriber, last, read
from app.core.logs import logger

BATCH = 200
#: How long a subscriber rests after its first try of an event, its second, and so on: a database
#: or a disk that has a bad minute must not cost the event. One more try, then it is a dead letter.
RESTS: Final = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 90, 270))
TRIES_BEFORE_DEAD_LETTER: Final = len(RESTS) + 1
#: After so many events that are none of its own a subscriber's cursor follows, so that it does
#: not walk over the whole history at each wake; fewer are cheaper to read again than to note.
STRIDE = 500


@dataclass(frozen=True, slots=True)
class _Cursor:
    """How far a subscriber has come, and how often in a row the next event was refused."""

    at: Position
    failures: int


class _BrokenError(Exception):
    """The transaction did not survive the batch, so no savepoint could tell which event it was."""


async def deliver(
    database: Database, subscriber: Subscriber, *, batch: int = BATCH, stride: int = STRIDE
) -> int:
    """A batch for one subscriber; returns how many events the cursor has passed.

    The cursor moves in the same transaction as what the handler wrote, so a crash between the two
    can't happen. A batch that fails is halved under savepoints until the first event that can't be
    taken is found, and all before it are taken at once. That one is tried again after each of
    RESTS, while what follows waits for the sake of the order, and becomes a dead letter where
    `alongside doctor` shows it.
    """
    passed, limit = 0, batch
    is_done = False
    while not is_done and passed < batch:
        try:
            number, is_done = await _deliver(database, subscriber, limit, stride)
        except _BrokenError as broken:
            logger.exception("delivery broke off", subscriber=subscriber.name)
            if limit > 1:
                limit //= 2
                continue
            number, is_done = await _refuse_next(database, subscriber, broken.__cause__ or broken)
        passed += number
    return passed


async def _deliver(
    database: Database, subscriber: Subscriber, limit: int, stride: int
) -> tuple[int, bool]:
    """How many events the cursor has passed, and whether that is all for now."""
    is_begun = False
    try:
        async with unit_of_work(database) as session:
            connection = await db.driver(session)
            cursor = await _lock_cursor(connection, subscriber.name)
            if cursor is None:
                return 0, True
            horizon = await last(connection)
            found = await read(connection, cursor.at, limit=limit, types=subscriber.types)
            is_begun = bool(found)
            taken, error = await _take(session, subscriber, found)
            reached = found[taken - 1].position if taken else cursor.at
            if error is not None:
                failures = 0 if taken else cursor.failures
                is_dead_letter = await _refuse(
                    connection, subscriber.name, reached, found[taken], failures, error
                )
                return taken + is_dead_letter, not is_dead_letter
            if len(found) < limit and horizon.id - reached.id > stride:
                reached = max(reached, horizon)
            if reached != cursor.at or cursor.failures:
                await _move(connection, subscriber.name, reached)
            return len(found), len(found) < limit
    except Exception as error:
        if is_begun:
            raise _BrokenError from error
        raise


async def _take(
    session: AsyncSession, subscriber: Subscriber, found: Sequence[Recorded]
) -> tuple[int, Exception | None]:
    """How many of these were taken, from the first on, and why the next was not."""
    if not found:
        return 0, None
    try:
        async with session.begin_nested():
            await subscriber.handle(session, found)
            await session.flush()
    except Exception as error:
        connection = await db.driver(session)
        if connection.closed:
            raise
        if len(found) == 1:
            return 0, error
    else:
        return len(found), None
    half = len(found) // 2
    taken, refusal = await _take(session, subscriber, found[:half])
    if refusal is None:
        taken, refusal = await _take(session, subscriber, found[half:])
        taken += half
    return taken, refusal


async def _refuse_next(
    database: Database, subscriber: Subscriber, error: BaseException
) -> tuple[int, bool]:
    """Count a failure against the event after the cursor, in a transaction that does only that."""
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        cursor = await _lock_cursor(connection, subscriber.name)
        if cursor is None:
            return 0, True
        found = await read(connection, cursor.at, limit=1, types=subscriber.types)
        if not found:
            return 0, True
        is_dead_letter = await _refuse(
            connection, subscriber.name, cursor.at, found[0], cursor.failures, error
        )
        return int(is_dead_letter), not is_dead_letter


async def _refuse(
    connection: db.AnyConnection,
    name: str,
    reached: Position,
    event: Recorded,
    failures: int,
    error: BaseException,
) -> bool:
    """Rest before the next try, or keep a dead letter; returns whether one was kept."""
    tries = failures + 1
    is_dead_letter = tries >= TRIES_BEFORE_DEAD_LETTER
    if is_dead_letter:
        await dead_letters.keep(connection, name, event, repr(error))
        await _move(connection, name, event.position)
        logger.error(
            "event became a dead letter", subscriber=name, event_id=event.id, exc_info=error
        )
    else:
        await _move(connection, name, reached, failures=tries)
        logger.warning(
            "event not taken", subscriber=name, event_id=event.id, tries=tries, exc_info=error
        )
    return is_dead_letter


async def _lock_cursor(connection: db.AnyConnection, name: str) -> _Cursor | None:
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
    if failures and tried_at is not None:
        rest = RESTS[min(failures, len(RESTS)) - 1]
        if tried_at <= clock.now() < tried_at + rest:
            return None
    return _Cursor(Position(int(xid), number), failures)


async def _move(
    connection: db.AnyConnection, name: str, to: Position, *, failures: int = 0
) -> None:
    """Note where the subscriber stands; `failures` of them in a row, none after any success."""
    await connection.execute(
        "UPDATE core.cursors SET xid = %s::text::xid8, id = %s, failures = %s, moved_at = %s"
        " WHERE subscriber = %s",
        (str(to.xid), to.id, failures, clock.now(), name),
    )
