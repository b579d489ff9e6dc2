"""Tables of the licences of instruments, and of the words entered under one. Append-only."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.research.models import moment, words


class InstrumentLicence(SQLModel, table=True):
    """A licence to show an instrument's words: number, what it covers, from when until when."""

    __tablename__ = "instrument_licences"
    __table_args__ = (
        UniqueConstraint("instrument", "id", name="uq_instrument_licences_instrument_id"),
        CheckConstraint(
            "char_length(licence_number) BETWEEN 1 AND 100"
            " AND char_length(scope) BETWEEN 3 AND 500",
            name="words",
        ),
        CheckConstraint(
            "expires_on >= starts_on AND expires_on <= starts_on + 3653", name="expires"
        ),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    instrument: str = Field(sa_column=words())
    licence_number: str = Field(sa_column=words())
    scope: str = Field(sa_column=words())
    starts_on: date
    #: The last day on which the words may be shown.
    expires_on: date
    recorded_by: UUID
    recorded_at: datetime = Field(sa_column=moment())


class InstrumentLicenceEnd(SQLModel, table=True):
    """A licence was ended before it ran out, or was recorded by mistake."""

    __tablename__ = "instrument_licence_ends"
    __table_args__ = (
        CheckConstraint("char_length(reason) BETWEEN 3 AND 500", name="reason"),
        {"schema": "research"},
    )

    licence_id: UUID = Field(primary_key=True, foreign_key="research.instrument_licences.id")
    reason: str = Field(sa_column=words())
    ended_by: UUID
    ended_at: datetime = Field(sa_column=moment())


class InstrumentWording(SQLModel, table=True):
    """A licence holder's words in a language. Written here, read from `readable_wordings` only."""

    __tablename__ = "instrument_wordings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["instrument", "licence_id"],
            ["research.instrument_licences.instrument", "research.instrument_licences.id"],
            name="fk_instrument_wordings_instrument_licence_id",
        ),
        CheckConstraint("language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'", name="language"),
        CheckConstraint("version >= 1 AND structure >= 1", name="versions"),
        {"schema": "research"},
    )

    instrument: str = Field(sa_column=Column(Text, primary_key=True))
    language: str = Field(sa_column=Column(Text, primary_key=True))
    version: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    structure: int = Field(sa_column=Column(SmallInteger, nullable=False))
    licence_id: UUID
    words: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    entered_by: UUID
    entered_at: datetime = Field(sa_column=moment())
