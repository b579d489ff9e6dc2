"""What happened: an outbox written in the same transaction as the rows it speaks of.

Order is commit-safe: an event carries the id of its transaction (`xid8`), and readers stop below
the oldest transaction still open, so one that took its number early and committed late is never
jumped over. A position `(xid, id)` survives restarts and is what browsers and subscribers keep.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Final, LiteralString, NamedTuple, Self
from uuid import UUID

import orjson
import psycopg
from psycopg import sql
from psycopg.rows import dict_row, tuple_row
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.errors import InvalidError

CHANNEL = "alongside_events"

_REGISTRY: dict[str, type["Event"]] = {}


class BadPositionError(InvalidError):
    """The position is not one that we gave."""

    type = "bad-position"
    default_detail = "We can't tell where you were. Please load the page again."


class Event(BaseModel):
    """Base of all events: frozen, past tense, ids and facts, never what someone wrote.

    A subclass declares `type: Literal["noun.verb_past"] = "noun.verb_past"`. A field that is added
    later has a default, for events from before are read without it; writing one that the class
    does not have is a mistake, reading one is the next release (`Recorded.event`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: The same word as the Literal; set by the subclass hook below.
    event_type: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        field = cls.model_fields.get("type")
        if field is not None:
            cls.event_type = str(field.default)
            _REGISTRY[cls.event_type] = cls


def registry() -> dict[str, type[Event]]:
    """Every event class by its type."""
    return dict(_REGISTRY)


class Position(NamedTuple):
    """A place in the stream of events: after the event of transaction `xid` with number `id`."""

    xid: int
    id: int

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From "xid-id"; raises BadPositionError."""
        xid, separator, number = text.partition("-")
        is_number = xid.isascii() and xid.isdigit() and number.isascii() and number.isdigit()
        if not separator or not is_number or len(text) > 40:
            raise BadPositionError
        if int(xid) >= 1 << 64 or int(number) >= 1 << 63:
            raise BadPositionError
        return cls(int(xid), int(number))


START = Position(0, 0)

#: SQL for the position of the statement's own snapshot: all before it is visible to the
#: statement, so a reader that goes on from it misses nothing (it may see some events again).
#: It names the last event below the horizon, never the bare horizon: a transaction number that
#: was given out and never reached the disk is given out again after a crash, an event's is not.
POSITION_SQL = (
    "coalesce((SELECT xid::text || '-' || id FROM core.events"
    " WHERE xid < pg_snapshot_xmin(pg_current_snapshot())"
    " ORDER BY xid DESC, id DESC LIMIT 1), '0-0')"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the outbox."""

    position: Position
    type: str
    occurred_at: datetime
    topics: tuple[str, ...]
    payload: dict[str, Any]

    @property
    def id(self) -> int:
        """The number to be idempotent by."""
        return self.position.id

    def event(self) -> Event:
        """The event as its class knows it: fields of a later release are passed over."""
        return _REGISTRY[self.type].model_validate(self.payload, extra="ignore")


#: The head of a statement that writes rows and their event at once, where a round trip counts.
RECORD_SQL: Final = "INSERT INTO core.events (type, occurred_at, topics, payload)"


_RECORD = f"{RECORD_SQL} VALUES (%s, %s, %s, %s)"


async def record(session: AsyncSession, event: Event, *, topics: Sequence[str] = ()) -> None:
    """Write the event into the transaction of `session`; sockets wake when it commits."""
    connection = await db.driver(session)
    await connection.execute(_RECORD, _values(event, topics))


async def record_all(
    session: AsyncSession, happened: Iterable[tuple[Event, Sequence[str]]]
) -> None:
    """Events with their topics, sent in one go: hundreds may be told of one decision."""
    connection = await db.driver(session)
    rows = [_values(event, topics) for event, topics in happened]
    async with connection.cursor() as cursor:
        if len(rows) == 1:  # most often; a pipeline for one costs twice as much
            await cursor.execute(_RECORD, rows[0])
        else:
            await cursor.executemany(_RECORD, rows)


def _values(event: Event, topics: Sequence[str]) -> tuple[str, datetime, list[str], str]:
    return event.event_type, clock.now(), list(topics), event.model_dump_json()


# The limit is written in: as a parameter, a tenth of all events would be planned for.
# Ordered by the column: a bare `xid` there would be the text beside it, where 1000 is before 999.
_READ: Final = """
    SELECT xid::text AS xid, id, type, occurred_at, topics, payload
    FROM core.events
    WHERE (xid, id) > (%(xid)s::text::xid8, %(id)s)
      AND xid < pg_snapshot_xmin(pg_current_snapshot())
      AND (%(types)s::text[] IS NULL OR type = ANY (%(types)s))
      AND (%(topics)s::text[] IS NULL OR topics && %(topics)s)
    ORDER BY core.events.xid, id
    LIMIT {limit}
"""


@cache
def _limited(statement: LiteralString, limit: int) -> bytes:
    return sql.SQL(statement).format(limit=sql.Literal(limit)).as_bytes(None)


async def read(
    connection: psycopg.AsyncConnection[Any],
    after: Position,
    *,
    limit: int,
    types: Iterable[str] | None = None,
    topics: Iterable[str] | None = None,
) -> list[Recorded]:
    """Events after a position, in commit-safe order, oldest first."""
    parameters = {
        "xid": str(after.xid),
        "id": after.id,
        "types": None if types is None else list(types),
        "topics": None if topics is None else list(topics),
    }
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_limited(_READ, limit), parameters)
        return [recorded(row) for row in await cursor.fetchall()]


async def find(connection: psycopg.AsyncConnection[Any], event_id: int) -> Recorded:
    """One event by its number, as long as it is kept; raises LookupError."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "SELECT xid::text AS xid, id, type, occurred_at, topics, payload"
            " FROM core.events WHERE id = %s",
            (event_id,),
        )
        row = await cursor.fetchone()
    if row is None:
        raise LookupError("the event is not in the outbox")
    return recorded(row)


_READ_AHEAD: Final = """
    SELECT xid::text AS xid, id, type, occurred_at, topics, payload,
      xid < pg_snapshot_xmin(pg_current_snapshot()) AS is_settled
    FROM core.events
    WHERE (xid, id) > (%s::text::xid8, %s)
    ORDER BY core.events.xid, id
    LIMIT {limit}
"""


async def read_ahead(
    connection: psycopg.AsyncConnection[Any], after: Position, *, limit: int
) -> tuple[list[Recorded], datetime | None]:
    """As `read`, and since when a committed event waits for a transaction still open before it.

    One statement, for it is asked after every act. What waits stands behind what is settled,
    because both are in the order of transactions.
    """
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_limited(_READ_AHEAD, limit), (str(after.xid), after.id))
        rows = await cursor.fetchall()
    settled = [recorded(row) for row in rows if row["is_settled"]]
    waiting = [row["occurred_at"] for row in rows[len(settled) :]]
    return settled, min(waiting, default=None)


_LAST = """
    SELECT xid::text, id FROM core.events
    WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY core.events.xid DESC, id DESC LIMIT 1
"""


async def last(connection: psycopg.AsyncConnection[Any]) -> Position:
    """The newest event that nothing can come before any more; a later read sees all up to it."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_LAST)
        row = await cursor.fetchone()
    return START if row is None else Position(int(row[0]), row[1])


def recorded(row: dict[str, Any]) -> Recorded:
    """An event from the columns of the outbox, or of the events set aside."""
    payload = row["payload"]
    return Recorded(
        position=Position(int(row["xid"]), row["id"]),
        type=row["type"],
        occurred_at=row["occurred_at"],
        topics=tuple(row["topics"]),
        payload=payload if isinstance(payload, dict) else orjson.loads(payload),
    )


async def now(pool: db.Pool) -> Position:
    """The position of this moment: everything after it is still to come."""
    (row,) = await db.fetch(pool, f"SELECT {POSITION_SQL} AS position")
    return Position.parse(row["position"])


Handler = Callable[[AsyncSession, Sequence[Recorded]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Someone who reacts to events of the packages below.

    `handle` runs inside a unit of work with the cursor's own row, in order, at least once: it
    must be idempotent by event id.
    """

    name: str
    types: frozenset[str]
    handle: Handler


def event_uuid(payload: dict[str, Any], field: str) -> UUID:
    """A UUID field of a payload."""
    return UUID(payload[field])
