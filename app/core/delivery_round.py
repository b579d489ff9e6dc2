"""A round of delivery: one look for all subscribers, and the lock only for those with work.

Most wakes bring nothing to most subscribers. The look is one reading statement, so a round without
work writes nothing; what there is to take is taken in one transaction, so it is flushed once.
Whatever goes wrong in it is left to `delivery`, which takes each subscriber by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import dict_row

from app.core import clock, db
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import RESTS, STRIDE
from app.core.events import Position, Recorded, Subscriber, read
from app.core.logs import logger

#: More for one subscriber is a backlog, which it takes by itself and holds nobody up.
TOGETHER: Final = 20

# The event is found by its place and not by EXISTS, which may read all there are.
_LOOK: Final = """
    SELECT s.name, c.failures, c.moved_at,
      coalesce((SELECT true FROM core.events e
        WHERE (e.xid, e.id) > (c.xid, c.id) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
          AND e.type = ANY (string_to_array(s.types, ','))
        ORDER BY e.xid, e.id LIMIT 1), false) AS has_work,
      coalesce((SELECT e.id - c.id FROM core.events e
        WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY e.xid DESC, e.id DESC LIMIT 1), 0) AS behind
    FROM unnest(%s::text[], %s::text[]) AS s (name, types)
    LEFT JOIN core.cursors c ON c.subscriber = s.name
"""
# Nobody waits for long for a lock that another subscriber's work needs.
_LOCK: Final = """
    SELECT subscriber, xid::text AS xid, id, set_config('lock_timeout', '500ms', true)
    FROM core.cursors WHERE subscriber = ANY (%s) AND failures = 0
    ORDER BY subscriber FOR UPDATE SKIP LOCKED
"""
_MOVE: Final = """
    UPDATE core.cursors c SET xid = m.xid::xid8, id = m.id, moved_at = %s
    FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS m (subscriber, xid, id)
    WHERE c.subscriber = m.subscriber
"""


@dataclass(frozen=True, slots=True)
class Look:
    """Who has a few events to take, and who is better taken alone: a new one, one that failed, one
    that only has to be moved up."""

    together: list[Subscriber]
    alone: list[Subscriber]


async def look(database: Database, subscribers: Sequence[Subscriber]) -> Look:
    """Who has work, without a lock and without a write."""
    names = [one.name for one in subscribers]
    types = [",".join(sorted(one.types)) for one in subscribers]
    found = Look([], [])
    rows = {row["name"]: row for row in await db.fetch(database.pool, _LOOK, (names, types))}
    for subscriber in subscribers:
        row = rows[subscriber.name]
        failures = row["failures"]
        if failures:
            if not _rests(failures, row["moved_at"]):
                found.alone.append(subscriber)
        elif failures is None or (not row["has_work"] and row["behind"] > STRIDE):
            found.alone.append(subscriber)
        elif row["has_work"]:
            found.together.append(subscriber)
    return found


def _rests(failures: int, tried_at: datetime | None) -> bool:
    rest = RESTS[min(failures, len(RESTS)) - 1]
    return tried_at is not None and tried_at <= clock.now() < tried_at + rest


async def take_together(
    database: Database, subscribers: Collection[Subscriber]
) -> list[Subscriber]:
    """What these have to take, in one transaction; returns those that have more, or all of them
    when it failed, for then nothing was taken."""
    try:
        return await _take(database, subscribers)
    except Exception as error:
        logger.warning("delivered one by one", error=type(error).__name__)
        return list(subscribers)


async def _take(database: Database, subscribers: Collection[Subscriber]) -> list[Subscriber]:
    by_name = {one.name: one for one in subscribers}
    unfinished: list[Subscriber] = []
    reached: dict[str, Position] = {}
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_LOCK, (list(by_name),))
            cursors = await cursor.fetchall()
        places = [Position(int(row["xid"]), row["id"]) for row in cursors]
        taking = [by_name[row["subscriber"]] for row in cursors]
        happened = await _read(connection, list(zip(places, taking, strict=True)))
        for place, subscriber in zip(places, taking, strict=True):
            if len(happened[place]) == TOGETHER:
                unfinished.append(subscriber)
            found = [event for event in happened[place] if event.type in subscriber.types]
            if not found:
                continue
            await subscriber.handle(session, found)
            await session.flush()
            session.expunge_all()  # the next one reads for itself, as when it is alone
            reached[subscriber.name] = found[-1].position
        if reached:
            xids = [str(position.xid) for position in reached.values()]
            numbers = [position.id for position in reached.values()]
            await connection.execute(_MOVE, (clock.now(), list(reached), xids, numbers))
    return unfinished


async def _read(
    connection: AnyConnection, asked: Sequence[tuple[Position, Subscriber]]
) -> dict[Position, list[Recorded]]:
    """The events after each place, of the types that any who stands there takes: most stand at
    the same one, and each reading is a round trip."""
    types: dict[Position, set[str]] = {}
    for place, subscriber in asked:
        types.setdefault(place, set()).update(subscriber.types)
    return {
        place: await read(connection, place, limit=TOGETHER, types=sorted(wanted))
        for place, wanted in types.items()
    }
