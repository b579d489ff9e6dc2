"""Tables of the frozen cuts: datasets, their files, who is in them, and the log of downloads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.research.models import of_study, pseudonym


def _of_dataset(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["study_id", "dataset_id"],
        ["research.datasets.study_id", "research.datasets.id"],
        name=f"fk_{table}_study_id_dataset_id_datasets",
    )


class Dataset(SQLModel, table=True):
    """A frozen cut of one study. Never changes, except that an erasure closes it."""

    __tablename__ = "datasets"
    __table_args__ = (
        UniqueConstraint("study_id", "number", name="uq_datasets_study_id_number"),
        UniqueConstraint("study_id", "id", name="uq_datasets_study_id_id"),
        UniqueConstraint("succeeds", name="uq_datasets_succeeds"),
        UniqueConstraint("early_reason_id", name="uq_datasets_early_reason_id"),
        ForeignKeyConstraint(
            ["study_id", "early_reason_id"],
            ["research.early_freezes.study_id", "research.early_freezes.id"],
            name="fk_datasets_study_id_early_reason_id_early_freezes",
        ),
        CheckConstraint(
            "CASE WHEN succeeds IS NULL THEN num_nonnulls(frozen_by, operator) = 1"
            " ELSE num_nonnulls(frozen_by, operator) = 0 END",
            name="who",
        ),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    study_id: UUID = Field(foreign_key="research.studies.id")
    #: 1, 2, 3 ... within the study.
    number: int
    frozen_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    frozen_by: UUID | None = None
    #: Who froze it on the command line, before commands asked for a sign-in.
    operator: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    #: The last day that is in it.
    cut_off: date
    participant_count: int
    #: The versions of the sheet that its participants consented to.
    sheet_versions: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    #: Which measures and answers were chosen.
    options: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    disclosure: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    software_version: str = Field(sa_column=Column(Text, nullable=False))
    #: SHA-256 over the hashes of its files; every download is held against it.
    sha256: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    #: What the attacks found, set once.
    attack: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True)
    )
    #: The dataset that an erasure closed, and whose rows without that person these are.
    succeeds: UUID | None = Field(
        default=None,
        sa_column=Column(ForeignKey("research.datasets.id", name="fk_datasets_succeeds_datasets")),
    )
    early_reason_id: UUID | None = None
    closed_at: datetime | None = Field(
        default=None, sa_column=Column(DateTime(timezone=True), nullable=True)
    )


class DatasetSource(SQLModel, table=True):
    """Something a dataset was made from, and the last day of it that is in."""

    __tablename__ = "dataset_sources"
    __table_args__ = (_of_dataset("dataset_sources"), {"schema": "research"})

    study_id: UUID = Field(primary_key=True)
    dataset_id: UUID = Field(primary_key=True)
    source: str = Field(sa_column=Column(Text, primary_key=True))
    cut_off: date


class DatasetFile(SQLModel, table=True):
    """A table of a dataset as a Parquet file: its rows, its size, its hash."""

    __tablename__ = "dataset_files"
    __table_args__ = (
        _of_dataset("dataset_files"),
        CheckConstraint(
            "name IN ('periods', 'flow', 'community', 'wave_flow', 'acts', 'responses', 'scores',"
            " 'doses', 'people', 'days', 'pairs', 'answered', 'groups')",
            name="name",
        ),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    dataset_id: UUID = Field(primary_key=True)
    name: str = Field(sa_column=Column(Text, primary_key=True))
    rows: int = Field(sa_column=Column(BigInteger, nullable=False))
    bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    sha256: str = Field(sa_column=Column(Text, nullable=False))


class DatasetChunk(SQLModel, table=True):
    """A piece of a file's bytes. Gone once its dataset is closed."""

    __tablename__ = "dataset_chunks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["study_id", "dataset_id", "name"],
            [
                "research.dataset_files.study_id",
                "research.dataset_files.dataset_id",
                "research.dataset_files.name",
            ],
            name="fk_dataset_chunks_study_id_dataset_id_name_dataset_files",
        ),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    dataset_id: UUID = Field(primary_key=True)
    name: str = Field(sa_column=Column(Text, primary_key=True))
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DatasetParticipant(SQLModel, table=True):
    """Who is in a dataset, so that an erasure finds the datasets it must close."""

    __tablename__ = "dataset_participants"
    __table_args__ = (
        _of_dataset("dataset_participants"),
        of_study("participant_id", "dataset_participants"),
        Index("ix_dataset_participants_participant_id", "participant_id"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    dataset_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))


class Download(SQLModel, table=True):
    """Someone asked for a dataset, written down before its first byte left. Append-only."""

    __tablename__ = "pulls"
    __table_args__ = (
        CheckConstraint(
            "CASE how WHEN 'screen' THEN pulled_by IS NOT NULL"
            " WHEN 'command_line' THEN num_nonnulls(pulled_by, operator) = 1 ELSE false END",
            name="who",
        ),
        CheckConstraint("format IN ('csv', 'parquet', 'sav', 'dta', 'json')", name="format"),
        ForeignKeyConstraint(
            ["study_id", "dataset_id"],
            ["research.datasets.study_id", "research.datasets.id"],
            name="fk_pulls_study_id_dataset_id_datasets",
        ),
        ForeignKeyConstraint(
            ["study_id", "request_id"],
            ["research.release_requests.study_id", "research.release_requests.id"],
            name="fk_pulls_study_id_request_id_release_requests",
        ),
        Index("ix_pulls_study_id_dataset_id_id", "study_id", "dataset_id", "id"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    dataset_id: UUID
    pulled_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    pulled_by: UUID | None = None
    #: Rows of before the commands asked for a sign-in: what the machine called its user.
    operator: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    how: str = Field(sa_column=Column(Text, nullable=False))
    #: A file's name, or "all".
    what: str = Field(sa_column=Column(Text, nullable=False))
    format: str = Field(sa_column=Column(Text, nullable=False))
    #: The release that let the file out; none in the versions before there were releases.
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Requester:
    """Who froze or downloaded a dataset: an account that has signed in, and which way it came.
    Rows of before the commands asked for a sign-in name the user of the machine instead."""

    account_id: UUID
    how: Literal["screen", "command_line"] = "screen"
