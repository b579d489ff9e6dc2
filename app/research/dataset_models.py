"""Tables of the frozen cuts: datasets, who is in them, and the log of pulls."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.ids import new_id


class Dataset(SQLModel, table=True):
    """A frozen cut of one study. Never changes, except that an erasure closes it."""

    __tablename__ = "datasets"
    __table_args__ = (
        UniqueConstraint("study_id", "number", name="uq_datasets_study_id_number"),
        CheckConstraint("num_nonnulls(frozen_by, operator) = 1", name="who"),
        CheckConstraint("num_nulls(row_counts, file_hashes, sha256) IN (0, 3)", name="sealed"),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="research.studies.id")
    #: 1, 2, 3 ... within the study.
    number: int
    frozen_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    frozen_by: UUID | None = None
    #: Who froze it on the command line.
    operator: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    #: The last activity that can be in it.
    cutoff_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    participant_count: int
    #: The versions of the sheet that its participants consented to.
    sheet_versions: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    disclosure: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    software_version: str = Field(sa_column=Column(Text, nullable=False))
    #: Set once, when the rows are first read: rows and SHA-256 of each file, as CSV.
    row_counts: dict[str, int] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True)
    )
    file_hashes: dict[str, str] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True)
    )
    #: SHA-256 over all of them together; every pull is held against it.
    sha256: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    closed_at: datetime | None = Field(
        default=None, sa_column=Column(DateTime(timezone=True), nullable=True)
    )


class DatasetParticipant(SQLModel, table=True):
    """A participant as a dataset shows them: what could tell who they are is recoded."""

    __tablename__ = "dataset_participants"
    __table_args__ = (
        Index("ix_dataset_participants_participant_id", "participant_id"),
        {"schema": "research"},
    )

    dataset_id: UUID = Field(
        sa_column=Column(
            ForeignKey(
                "research.datasets.id",
                name="fk_dataset_participants_dataset_id_datasets",
            ),
            primary_key=True,
        )
    )
    participant_id: str = Field(
        sa_column=Column(
            Text(collation="C"),
            ForeignKey(
                "research.participants.id",
                name="fk_dataset_participants_participant_id_participants",
            ),
            primary_key=True,
        )
    )
    tenure_band: str = Field(sa_column=Column(Text, nullable=False))
    age_band: str = Field(sa_column=Column(Text, nullable=False))
    area: str = Field(sa_column=Column(Text, nullable=False))
    peer_support_before: str = Field(sa_column=Column(Text, nullable=False))


class Pull(SQLModel, table=True):
    """Someone asked for a dataset, written down before its first byte left. Append-only."""

    __tablename__ = "pulls"
    __table_args__ = (
        CheckConstraint(
            "CASE how WHEN 'screen' THEN pulled_by IS NOT NULL"
            " WHEN 'command_line' THEN num_nonnulls(pulled_by, operator) = 1 ELSE false END",
            name="who",
        ),
        CheckConstraint("format IN ('csv', 'parquet', 'json')", name="format"),
        Index("ix_pulls_dataset_id_id", "dataset_id", "id"),
        {"schema": "research"},
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    dataset_id: UUID = Field(foreign_key="research.datasets.id")
    pulled_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    pulled_by: UUID | None = None
    #: Rows of before the commands asked for a sign-in: what the machine called its user.
    operator: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    how: str = Field(sa_column=Column(Text, nullable=False))
    #: A file's name, or "all".
    what: str = Field(sa_column=Column(Text, nullable=False))
    format: str = Field(sa_column=Column(Text, nullable=False))
