"""Rate limits in the database, so that they hold across processes and restarts."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, conflicts, db
from app.core.errors import TooManyError

#: No window is longer: a row that began before has nothing left to say, and goes.
LONGEST: Final = timedelta(hours=1)

_SPEND: Final = """
    INSERT INTO core.rate_limits AS l (key, started_at, spent)
    SELECT key, %(now)s, %(amount)s FROM unnest({keys}) AS key
    ON CONFLICT (key) DO UPDATE SET
      started_at = CASE WHEN l.started_at <= %(old)s THEN %(now)s ELSE l.started_at END,
      spent = CASE WHEN l.started_at <= %(old)s THEN 0 ELSE l.spent END + %(amount)s
    RETURNING key, spent, started_at
"""


def spend_sql(keys: LiteralString = "%(keys)s::bytea[]") -> LiteralString:
    """For a statement that reads something else in the same round trip, with
    `Spending.parameters`; `keys` where the statement itself chooses among them."""
    return _SPEND.format(keys=keys)


SPEND_SQL: Final = spend_sql()

#: Parts of a WITH for a statement that does what the spent acts were for. Rows are locked in the
#: order in which they were spent, the wider key first; one that nothing is left of goes, so that
#: no window tells of an act that was rightful.
SETTLE_SQL: Final = """
    settled AS MATERIALIZED (
      SELECT key, spent FROM core.rate_limits WHERE key = ANY (%(given_back)s::bytea[])
      ORDER BY array_position(%(given_back)s::bytea[], key) FOR UPDATE),
    lessened AS (
      UPDATE core.rate_limits SET spent = spent - 1
      WHERE key IN (SELECT key FROM settled WHERE spent > 1)),
    emptied AS (
      DELETE FROM core.rate_limits WHERE key IN (SELECT key FROM settled WHERE spent <= 1)),
    forgiven AS (
      DELETE FROM core.rate_limits WHERE key = ANY (%(forgiven)s::bytea[]))
"""

# Rows that someone is spending at this moment are passed over: nobody waits for the other.
_FORGET: Final = """
    DELETE FROM core.rate_limits WHERE key IN (
      SELECT key FROM core.rate_limits WHERE started_at <= %s FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class Spending:
    """Acts (most often one) counted against keys, each with its limit in one window.

    Widest key first, so that two of these wait for each other in one order and never in a ring.
    What can be guessed, as an address or a network, comes in a key only under the keyed hash of
    `encryption`: the plain hash of a key is there to make it short, and hides nothing.
    """

    limits: Mapping[str, int]
    per_seconds: int
    detail: str | None = None
    amount: int = 1
    now: datetime = field(default_factory=clock.now)

    def __post_init__(self) -> None:
        if timedelta(seconds=self.per_seconds) > LONGEST:
            raise ValueError("a window is longer than its row is kept")

    @property
    def parameters(self) -> dict[str, Any]:
        """What `SPEND_SQL` asks for."""
        old = self.now - timedelta(seconds=self.per_seconds)
        keys = hashed(*self.limits)
        return {"keys": keys, "now": self.now, "old": old, "amount": self.amount}

    def judge(self, rows: Iterable[DictRow]) -> None:
        """Raises TooManyError when a limit is passed; `rows` are what `SPEND_SQL` gave, also of
        other keys."""
        limits = {_hash(key): limit for key, limit in self.limits.items()}
        window = timedelta(seconds=self.per_seconds)
        waits = [
            (row["started_at"] + window - self.now).total_seconds()
            for row in rows
            if row["key"] in limits and row["spent"] > limits[row["key"]]
        ]
        if waits:
            raise TooManyError(self.detail, retry_after_seconds=max(1, round(max(waits))))


async def spend(
    pool: db.Pool, key: str, *, limit: int, per_seconds: int, detail: str | None = None
) -> None:
    """Count one act against `key`; raises TooManyError past `limit` in a window.

    Stands outside the unit of work on purpose: a refused or failed request has been spent too.
    One that is done again (`conflicts`) was counted the first time.
    """
    if conflicts.is_repeat():
        return
    spending = Spending({key: limit}, per_seconds, detail)
    spending.judge(await db.fetch(pool, SPEND_SQL, spending.parameters))


async def forgive(pool: db.Pool, key: str) -> None:
    """Start afresh, as after a right password."""
    await db.fetch(pool, "DELETE FROM core.rate_limits WHERE key = %s RETURNING key", (_hash(key),))


async def forget(session: AsyncSession) -> None:
    """Delete what was spent in windows that are over."""
    connection = await db.driver(session)
    await connection.execute(_FORGET, (clock.now() - LONGEST,))


@dataclass(frozen=True, slots=True)
class Settlement:
    """It turned out to be rightful: some keys get the one act back, others start afresh."""

    given_back: Sequence[str] = ()
    forgiven: Sequence[str] = ()

    @property
    def parameters(self) -> dict[str, list[bytes]]:
        """What `SETTLE_SQL` asks for."""
        return {"given_back": hashed(*self.given_back), "forgiven": hashed(*self.forgiven)}


async def settle(pool: db.Pool, settlement: Settlement) -> None:
    """Settle by itself, where nothing else is written."""
    await db.fetch(pool, f"WITH {SETTLE_SQL} SELECT 1", settlement.parameters)


def hashed(*keys: str) -> list[bytes]:
    """Keys as their rows are found."""
    return [_hash(key) for key in keys]


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
