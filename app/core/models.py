"""Tables of the outbox, its readers, and the rate limits.

Written and read by statements in `events`, `delivery` and `limits`; declared here so that the
migrations are held against them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Column, Date, FetchedValue, Identity, Index, Text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "XID8"


ischema_names["xid8"] = Xid8


class EventRow(SQLModel, table=True):
    """One event in the outbox. A partition holds those that were recorded in one week."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_xid_id", "xid", "id"),
        {"schema": "core", "postgresql_partition_by": "RANGE (recorded_on)"},
    )

    id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    xid: int = Field(sa_column=Column(Xid8, nullable=False, server_default=FetchedValue()))
    type: str = Field(sa_column=Column(Text, nullable=False))
    occurred_at: datetime
    topics: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    #: The day in UTC by the database's own clock; it decides the partition.
    recorded_on: date = Field(
        sa_column=Column(Date, primary_key=True, server_default=FetchedValue())
    )


class CursorRow(SQLModel, table=True):
    """How far a subscriber has read."""

    __tablename__ = "cursors"
    __table_args__ = ({"schema": "core"},)

    subscriber: str = Field(sa_column=Column(Text, primary_key=True))
    xid: int = Field(sa_column=Column(Xid8, nullable=False, server_default=FetchedValue()))
    id: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=FetchedValue()))
    failures: int = Field(default=0, sa_column_kwargs={"server_default": FetchedValue()})
    #: When it moved last; while `failures` stand, when that was tried last.
    moved_at: datetime | None = None


class DeadLetter(SQLModel, table=True):
    """An event that a subscriber could not take, set aside whole for a person to look at.

    The event itself is empty only where a worker of the release before set it aside; it is filled
    in before its partition is dropped.
    """

    __tablename__ = "dead_letters"
    __table_args__ = ({"schema": "core"},)

    subscriber: str = Field(sa_column=Column(Text, primary_key=True))
    event_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    failed_at: datetime
    error: str = Field(sa_column=Column(Text, nullable=False))
    xid: int | None = Field(sa_column=Column(Xid8))
    type: str | None = Field(sa_column=Column(Text))
    occurred_at: datetime | None = None
    topics: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    payload: dict[str, Any] | None = Field(sa_column=Column(JSONB))


class RateLimit(SQLModel, table=True):
    """What was spent against a key in its window; unlogged, for it may be lost in a crash."""

    __tablename__ = "rate_limits"
    __table_args__ = (
        Index("ix_rate_limits_started_at", "started_at"),
        {"schema": "core", "prefixes": ["UNLOGGED"]},
    )

    key: bytes = Field(sa_column=Column(BYTEA, primary_key=True))
    started_at: datetime
    spent: int
