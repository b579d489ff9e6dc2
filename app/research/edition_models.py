"""Tables of the editions of a report: what researchers wrote, what was made of it, its files, the
steps it took and what was decided. All but the editions themselves are append-only."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.core.table_base import one_of
from app.research.documents.edition_kinds import EditionKind
from app.research.models import moment, words
from app.research.release_models import Decided

_SCHEMA: Final = {"schema": "research"}


class EditionState(StrEnum):
    """How far it has come. It is withdrawn when its dataset closes before its release."""

    WAITING = "waiting"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class FileName(StrEnum):
    """The two files that an edition has."""

    HTML = "html"
    PDF = "pdf"


def _of_edition(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["study_id", "edition_id"],
        ["research.editions.study_id", "research.editions.id"],
        name=f"fk_{table}_study_id_edition_id_editions",
    )


class EditionText(SQLModel, table=True):
    """One version of what researchers wrote for a kind of edition."""

    __tablename__ = "edition_texts"
    __table_args__ = (
        CheckConstraint(one_of("kind", EditionKind), name="kind"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("jsonb_typeof(sections) = 'object'", name="sections"),
        ForeignKeyConstraint(
            ["study_id", "dataset_id"],
            ["research.datasets.study_id", "research.datasets.id"],
            name="fk_edition_texts_study_id_dataset_id_datasets",
        ),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    kind: EditionKind = Field(sa_column=Column(Text, primary_key=True))
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: Markdown by the name of its section.
    sections: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    #: The dataset whose figures its names were checked against.
    dataset_id: UUID
    written_by: UUID
    written_at: datetime = Field(sa_column=moment())


class Edition(SQLModel, table=True):
    """Somebody had an edition made. One under way of each kind; once ended it stays as it is, but
    that it can be withdrawn until it is released."""

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("study_id", "id", name="uq_editions_study_id_id"),
        UniqueConstraint("study_id", "number", name="uq_editions_study_id_number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(one_of("kind", EditionKind), name="kind"),
        CheckConstraint(one_of("state", EditionState), name="state"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('waiting', 'rendering'))", name="ended"),
        CheckConstraint("done BETWEEN 0 AND parts", name="progress"),
        ForeignKeyConstraint(
            ["study_id", "dataset_id", "evaluation_id"],
            [
                "research.evaluations.study_id",
                "research.evaluations.dataset_id",
                "research.evaluations.id",
            ],
            name="fk_editions_study_id_dataset_id_evaluation_id_evaluations",
        ),
        ForeignKeyConstraint(
            ["study_id", "kind", "text_version"],
            [
                "research.edition_texts.study_id",
                "research.edition_texts.kind",
                "research.edition_texts.version",
            ],
            name="fk_editions_study_id_kind_text_version_edition_texts",
        ),
        Index(
            "uq_editions_study_id_kind",
            "study_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_editions_dataset_id", "dataset_id"),
        _SCHEMA,
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    study_id: UUID
    #: 1, 2, 3 ... within the study.
    number: int
    kind: EditionKind = Field(sa_column=words())
    dataset_id: UUID
    evaluation_id: UUID
    #: None where nobody had written a text.
    text_version: int | None = None
    software_version: str = Field(sa_column=words())
    state: EditionState = Field(default=EditionState.WAITING, sa_column=words())
    #: Of so many parts, so many were made.
    done: int = 0
    parts: int = 0
    #: Why there is none, for who asked for it.
    why: str = Field(default="", sa_column=words())
    made_by: UUID
    made_at: datetime = Field(sa_column=moment())
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class EditionFile(SQLModel, table=True):
    """A file of an edition. It comes with its edition being ready, and goes only if that is
    withdrawn."""

    __tablename__ = "edition_files"
    __table_args__ = (
        _of_edition("edition_files"),
        CheckConstraint(one_of("name", FileName), name="name"),
        CheckConstraint("byte_size = octet_length(content)", name="byte_size"),
        CheckConstraint("sha256 = encode(sha256(content), 'hex')", name="sha256"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(primary_key=True)
    name: FileName = Field(sa_column=Column(Text, primary_key=True))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    byte_size: int
    sha256: str = Field(sa_column=words())


class EditionStep(SQLModel, table=True):
    """That an edition was asked for, and how that ended. The database writes it."""

    __tablename__ = "edition_steps"
    __table_args__ = (_of_edition("edition_steps"), _SCHEMA)

    study_id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(primary_key=True)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    what: str = Field(sa_column=words())
    at: datetime = Field(sa_column=moment())


class EditionDecision(SQLModel, table=True):
    """What a checker decided, who neither made the edition, nor wrote its text, nor froze its
    dataset."""

    __tablename__ = "edition_decisions"
    __table_args__ = (
        _of_edition("edition_decisions"),
        CheckConstraint(one_of("decision", Decided), name="decision"),
        CheckConstraint("char_length(note) BETWEEN 3 AND 1000", name="note"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(primary_key=True)
    decision: Decided = Field(sa_column=words())
    note: str = Field(sa_column=words())
    decided_by: UUID
    decided_at: datetime = Field(sa_column=moment())


class ProjectPage(SQLModel, table=True):
    """One version of what the team says of its study in public."""

    __tablename__ = "project_pages"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("char_length(about_source) BETWEEN 1 AND 20000", name="about"),
        CheckConstraint("char_length(contact) BETWEEN 10 AND 500", name="contact"),
        CheckConstraint(
            "jsonb_typeof(related) = 'array' AND jsonb_array_length(related) <= 20", name="related"
        ),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    about_source: str = Field(sa_column=words())
    about_html: str = Field(sa_column=words())
    #: Who can be asked: the name of the team, and an e-mail or an address.
    contact: str = Field(sa_column=words())
    #: Title and address of studies that belong to it.
    related: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    written_by: UUID
    written_at: datetime = Field(sa_column=moment())
