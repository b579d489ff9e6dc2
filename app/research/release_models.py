"""Tables of what leaves: agreements, requests, decisions, reasons to freeze early. Append-only."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.core.table_base import one_of
from app.research.models import moment, words


class Released(StrEnum):
    """What can leave: one row a person and period in bands, rows of single acts, or the exact rows
    of answers, scores and doses."""

    PERIODS = "periods"
    ACTS = "acts"
    ANSWERS = "answers"

    @property
    def needs_agreement(self) -> bool:
        """Whether it leaves only to whom a data agreement names."""
        return self is not Released.PERIODS


class Decided(StrEnum):
    """What a checker said."""

    RELEASED = "released"
    REFUSED = "refused"


class EarlyFreeze(SQLModel, table=True):
    """A second person's reason for freezing again within 28 days, good for one freeze."""

    __tablename__ = "early_freezes"
    __table_args__ = (
        UniqueConstraint("study_id", "id", name="uq_early_freezes_study_id_id"),
        CheckConstraint("char_length(reason) BETWEEN 10 AND 500", name="reason"),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    study_id: UUID = Field(foreign_key="research.studies.id")
    reason: str = Field(sa_column=words())
    allowed_by: UUID
    allowed_at: datetime = Field(sa_column=moment())


class DataAgreement(SQLModel, table=True):
    """Who may hold rows of single acts, or of answers, for what, and until when."""

    __tablename__ = "data_agreements"
    __table_args__ = (
        UniqueConstraint("study_id", "id", name="uq_data_agreements_study_id_id"),
        CheckConstraint(
            "char_length(recipient) BETWEEN 3 AND 200 AND char_length(aim) BETWEEN 10 AND 1000",
            name="words",
        ),
        CheckConstraint(
            "ends_on >= research.local_date(made_at)"
            " AND ends_on <= research.local_date(made_at) + 1827",
            name="ends",
        ),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    study_id: UUID = Field(foreign_key="research.studies.id")
    #: The team or institution that the agreement names.
    recipient: str = Field(sa_column=words())
    aim: str = Field(sa_column=words())
    #: The last day on which a file may be downloaded under it.
    ends_on: date
    made_by: UUID
    made_at: datetime = Field(sa_column=moment())


class ReleaseRequest(SQLModel, table=True):
    """Someone asks that a file of a dataset may leave."""

    __tablename__ = "release_requests"
    __table_args__ = (
        UniqueConstraint("study_id", "id", name="uq_release_requests_study_id_id"),
        ForeignKeyConstraint(
            ["study_id", "dataset_id"],
            ["research.datasets.study_id", "research.datasets.id"],
            name="fk_release_requests_study_id_dataset_id_datasets",
        ),
        ForeignKeyConstraint(
            ["study_id", "agreement_id"],
            ["research.data_agreements.study_id", "research.data_agreements.id"],
            name="fk_release_requests_study_id_agreement_id_data_agreements",
        ),
        CheckConstraint(
            "CASE file WHEN 'periods' THEN agreement_id IS NULL"
            " WHEN 'acts' THEN agreement_id IS NOT NULL"
            " WHEN 'answers' THEN agreement_id IS NOT NULL ELSE false END",
            name="file",
        ),
        CheckConstraint("char_length(note) <= 1000", name="note"),
        Index("ix_release_requests_dataset_id", "dataset_id", "file"),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    study_id: UUID
    dataset_id: UUID
    file: Released = Field(sa_column=words())
    agreement_id: UUID | None = None
    note: str = Field(sa_column=words())
    requested_by: UUID
    requested_at: datetime = Field(sa_column=moment())


class ReleaseDecision(SQLModel, table=True):
    """What a checker, who neither froze nor asked, decided, and what the attacks had found."""

    __tablename__ = "release_decisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["study_id", "request_id"],
            ["research.release_requests.study_id", "research.release_requests.id"],
            name="fk_release_decisions_study_id_request_id_release_requests",
        ),
        CheckConstraint(one_of("decision", Decided), name="decision"),
        CheckConstraint("char_length(note) BETWEEN 3 AND 1000", name="note"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    request_id: UUID = Field(primary_key=True)
    decision: Decided = Field(sa_column=Column(Text, nullable=False))
    note: str = Field(sa_column=words())
    decided_by: UUID
    decided_at: datetime = Field(sa_column=moment())
    attack: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
