"""Tables of the studies. The rules that hold for every writer are triggers in the migrations."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.core.table_base import one_of


class StudyState(StrEnum):
    """A study is prepared, then takes people in, then has ended."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Purpose(StrEnum):
    """What a member agrees to, each on its own."""

    ACTIVITY = "activity"
    QUESTIONNAIRES = "questionnaires"
    TEXT = "text"
    CONTACT = "contact"


class ConsentAct(StrEnum):
    """What was said about a purpose."""

    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ParticipantState(StrEnum):
    """An erased participant stays as a row that says so, and nothing else."""

    TAKING_PART = "taking_part"
    STOPPED = "stopped"
    ERASED = "erased"


_SCHEMA: Final = {"schema": "research"}


def moment(*, nullable: bool = False) -> Column[datetime]:
    """A time with its zone."""
    return Column(DateTime(timezone=True), nullable=nullable)


def words(*, nullable: bool = False) -> Column[str]:
    """A text of any length."""
    return Column(Text, nullable=nullable)


def pseudonym(*, is_key: bool = False, nullable: bool = False) -> Any:
    """The code of a participant, compared byte by byte."""
    return Column(Text(collation="C"), primary_key=is_key, nullable=nullable)


def of_study(column: str, table: str) -> ForeignKeyConstraint:
    """The key of a participant in the same study."""
    return ForeignKeyConstraint(
        ["study_id", column],
        ["research.participants.study_id", "research.participants.id"],
        name=f"fk_{table}_study_id_{column}_participants",
    )


class Study(SQLModel, table=True):
    """A question asked of the community, with its people's consent."""

    __tablename__ = "studies"
    __table_args__ = (
        UniqueConstraint("title", name="uq_studies_title"),
        CheckConstraint("char_length(title) BETWEEN 1 AND 200", name="title"),
        CheckConstraint(one_of("state", StudyState), name="state"),
        CheckConstraint("(state = 'draft') = (opened_at IS NULL)", name="opened"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    title: str = Field(sa_column=words())
    summary: str = Field(sa_column=words())
    state: StudyState = Field(default=StudyState.DRAFT, sa_column=words())
    created_at: datetime = Field(sa_column=moment())
    #: The account that made it; none when it was made on the command line.
    created_by: UUID | None = None
    opened_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class StudyPurpose(SQLModel, table=True):
    """A purpose that a study asks for. Nobody is asked for what it does not use."""

    __tablename__ = "study_purposes"
    __table_args__ = (CheckConstraint(one_of("purpose", Purpose), name="purpose"), _SCHEMA)

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    purpose: Purpose = Field(sa_column=Column(Text, primary_key=True))


class Wave(SQLModel, table=True):
    """When a study asks its questions: so many weeks after joining, or from a day of the calendar
    on. Its periods lie between waves by weeks; without those, periods are of 12 weeks. Planned with
    the study, never changed."""

    __tablename__ = "waves"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 12", name="number"),
        CheckConstraint("(number = 1) = (week = 0) AND week BETWEEN 0 AND 520", name="week"),
        CheckConstraint("num_nonnulls(week, opens_on) = 1", name="by_week_or_day"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    number: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    week: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    opens_on: date | None = None


class Sheet(SQLModel, table=True):
    """One version of a study's information sheet, as members read it. Append-only."""

    __tablename__ = "sheets"
    __table_args__ = (CheckConstraint("version > 0", name="version"), {"schema": "research"})

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body_source: str = Field(sa_column=words())
    body_html: str = Field(sa_column=words())
    #: Whether it says that rows of single acts may leave, by which people could be recognised.
    covers_acts: bool
    #: Whether it says that answers, and how much somebody did, may leave as rows of a person.
    covers_answers: bool = False
    #: It was written when the study had opened: in force once an adviser signs it off.
    needs_sign_off: bool = False
    published_at: datetime = Field(sa_column=moment())
    published_by: UUID | None = None


class Participant(SQLModel, table=True):
    """Someone in one study, known by a random pseudonym; what they said about themselves."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("study_id", "id", name="uq_participants_study_id_id"),
        CheckConstraint(
            "id ~ '^P-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{2}$'",
            name="id",
        ),
        CheckConstraint(one_of("state", ParticipantState), name="state"),
        CheckConstraint(
            "state <> 'erased' OR "
            "num_nonnulls(tenure_band, age_band, area, peer_support_before) = 0",
            name="erased",
        ),
        {"schema": "research"},
    )

    id: str = Field(sa_column=pseudonym(is_key=True))
    study_id: UUID = Field(foreign_key="research.studies.id")
    state: ParticipantState = Field(default=ParticipantState.TAKING_PART, sa_column=words())
    #: By the calendar of the programme's zone.
    enrolled_on: date
    #: They were staff while they took part, in a version that let them: kept, and never counted.
    was_staff: bool = False
    #: Every act of consent touches it, so that the act and an activity wait for each other.
    changed_at: datetime = Field(sa_column=moment())
    tenure_band: str | None = Field(default=None, sa_column=words(nullable=True))
    age_band: str | None = Field(default=None, sa_column=words(nullable=True))
    area: str | None = Field(default=None, sa_column=words(nullable=True))
    peer_support_before: str | None = Field(default=None, sa_column=words(nullable=True))


class Consent(SQLModel, table=True):
    """One act about one purpose under one version of the sheet. Append-only."""

    __tablename__ = "consents"
    __table_args__ = (
        of_study("participant_id", "consents"),
        ForeignKeyConstraint(
            ["study_id", "purpose"],
            ["research.study_purposes.study_id", "research.study_purposes.purpose"],
            name="fk_consents_study_id_purpose_study_purposes",
        ),
        ForeignKeyConstraint(
            ["study_id", "sheet_version"],
            ["research.sheets.study_id", "research.sheets.version"],
            name="fk_consents_study_id_sheet_version_sheets",
        ),
        CheckConstraint(one_of("act", ConsentAct), name="act"),
        Index("ix_consents_participant_id_purpose_id", "participant_id", "purpose", "id"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    purpose: Purpose = Field(sa_column=words())
    act: ConsentAct = Field(sa_column=words())
    sheet_version: int
    at: datetime = Field(sa_column=moment())


class LookCount(SQLModel, table=True):
    """How many people looked at a study in a period of 12 weeks since it opened; never who."""

    __tablename__ = "look_counts"
    __table_args__ = (
        CheckConstraint("period > 0 AND people > 0", name="counts"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    period: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    people: int
