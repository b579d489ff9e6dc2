"""Tables of the studies. The rules that hold for every writer are triggers in the migrations."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from app.core.ids import new_id


class StudyState(StrEnum):
    """A study is prepared, then takes people in, then has ended."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Purpose(StrEnum):
    """What a member agrees to, each on its own."""

    ACTIVITY = "activity"
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


class ActivityKind(StrEnum):
    """What a participant did."""

    PUBLISHED = "published"
    REPLIED = "replied"
    REACTED = "reacted"
    RECEIVED = "received"
    READ = "read"


MAX_READ_SECONDS: Final = 600


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def _moment(*, nullable: bool = False) -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=nullable)


def _words(*, nullable: bool = False) -> Column[str]:
    return Column(Text, nullable=nullable)


def _number() -> Column[int]:
    return Column(BigInteger, Identity(always=True), primary_key=True)


def _participant(*, is_key: bool = False, nullable: bool = False, name: str | None = None) -> Any:
    target = () if name is None else (ForeignKey("research.participants.id", name=name),)
    return Column(Text(collation="C"), *target, primary_key=is_key, nullable=nullable)


def _of_study(column: str, table: str) -> ForeignKeyConstraint:
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
        CheckConstraint(_one_of("state", StudyState), name="state"),
        CheckConstraint("(state = 'draft') = (opened_at IS NULL)", name="opened"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    title: str = Field(sa_column=_words())
    summary: str = Field(sa_column=_words())
    state: StudyState = Field(default=StudyState.DRAFT, sa_column=_words())
    created_at: datetime = Field(sa_column=_moment())
    #: The account that made it; none when it was made on the command line.
    created_by: UUID | None = None
    opened_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class Sheet(SQLModel, table=True):
    """One version of a study's information sheet, as members read it. Append-only."""

    __tablename__ = "sheets"
    __table_args__ = (CheckConstraint("version > 0", name="version"), {"schema": "research"})

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body_source: str = Field(sa_column=_words())
    body_html: str = Field(sa_column=_words())
    published_at: datetime = Field(sa_column=_moment())
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
        CheckConstraint(_one_of("state", ParticipantState), name="state"),
        CheckConstraint(
            "state <> 'erased' OR "
            "num_nonnulls(tenure_band, age_band, area, peer_support_before) = 0",
            name="erased",
        ),
        {"schema": "research"},
    )

    id: str = Field(sa_column=_participant(is_key=True))
    study_id: UUID = Field(foreign_key="research.studies.id")
    state: ParticipantState = Field(default=ParticipantState.TAKING_PART, sa_column=_words())
    enrolled_at: datetime = Field(sa_column=_moment())
    #: Every act of consent touches it, so that the act and an activity wait for each other.
    changed_at: datetime = Field(sa_column=_moment())
    tenure_band: str | None = Field(default=None, sa_column=_words(nullable=True))
    age_band: str | None = Field(default=None, sa_column=_words(nullable=True))
    area: str | None = Field(default=None, sa_column=_words(nullable=True))
    peer_support_before: str | None = Field(default=None, sa_column=_words(nullable=True))


class Consent(SQLModel, table=True):
    """One act about one purpose under one version of the sheet. Append-only."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(_one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(_one_of("act", ConsentAct), name="act"),
        Index("ix_consents_participant_id_purpose_id", "participant_id", "purpose", "id"),
        {"schema": "research"},
    )

    id: int | None = Field(default=None, sa_column=_number())
    participant_id: str = Field(
        sa_column=_participant(name="fk_consents_participant_id_participants")
    )
    purpose: Purpose = Field(sa_column=_words())
    act: ConsentAct = Field(sa_column=_words())
    sheet_version: int
    at: datetime = Field(sa_column=_moment())


EXPORTED = (
    "day", "hour_band", "kind", "counterpart_id", "intent", "reaction", "length_band", "has_note",
    "seconds",
)  # fmt: skip


class Activity(SQLModel, table=True):
    """One thing a participant did while they consented to it being recorded. Append-only."""

    __tablename__ = "activities"
    __table_args__ = (
        _of_study("participant_id", "activities"),
        _of_study("counterpart_id", "activities"),
        CheckConstraint(_one_of("kind", ActivityKind), name="kind"),
        CheckConstraint("(kind = 'read') = (source_event_id IS NULL)", name="source"),
        CheckConstraint(
            "CASE WHEN kind = 'read' THEN seconds BETWEEN 1 AND 600 ELSE seconds IS NULL END",
            name="seconds",
        ),
        CheckConstraint(
            "(kind IN ('published', 'replied')) = (length_band IS NOT NULL)"
            " AND (has_note IS NULL OR length_band IS NOT NULL)",
            name="written",
        ),
        CheckConstraint("intent IS NULL OR kind = 'published'", name="intent"),
        CheckConstraint(
            "CASE WHEN kind = 'reacted' THEN reaction IS NOT NULL"
            " ELSE reaction IS NULL OR kind = 'received' END",
            name="reaction",
        ),
        CheckConstraint(
            "counterpart_id IS NULL OR kind = 'replied'"
            " OR (kind IN ('reacted', 'received') AND counterpart_id <> participant_id)",
            name="counterpart",
        ),
        # With all that an export reads: a participant's rows are then read side by side.
        Index(
            "ix_activities_participant_id_id",
            "participant_id",
            "id",
            postgresql_include=list(EXPORTED),
        ),
        Index(
            "ix_activities_counterpart_id",
            "counterpart_id",
            postgresql_where=text("counterpart_id IS NOT NULL"),
        ),
        Index(
            "uq_activities_source_event_id_participant_id_kind",
            "source_event_id",
            "participant_id",
            "kind",
            unique=True,
            postgresql_where=text("source_event_id IS NOT NULL"),
        ),
        {"schema": "research"},
    )

    id: int | None = Field(default=None, sa_column=_number())
    study_id: UUID
    occurred_at: datetime = Field(sa_column=_moment())
    #: The event it was learned from, which makes a second delivery harmless; none for reading.
    source_event_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    #: Days since enrolment, by the calendar of UTC.
    day: int
    seconds: int | None = None
    has_note: bool | None = None
    participant_id: str = Field(sa_column=_participant())
    #: The other person, only when they take part in the same study and consent as well; the
    #: participant's own pseudonym when they replied to themselves.
    counterpart_id: str | None = Field(default=None, sa_column=_participant(nullable=True))
    kind: ActivityKind = Field(sa_column=_words())
    hour_band: str = Field(sa_column=Column(Text, nullable=False, server_default=FetchedValue()))
    intent: str | None = Field(default=None, sa_column=_words(nullable=True))
    reaction: str | None = Field(default=None, sa_column=_words(nullable=True))
    length_band: str | None = Field(default=None, sa_column=_words(nullable=True))


class StudyText(SQLModel, table=True):
    """The text of a post whose author consented to that. Put in anew when edited, never changed."""

    __tablename__ = "texts"
    __table_args__ = (
        UniqueConstraint("participant_id", "post_id", name="uq_texts_participant_id_post_id"),
        _of_study("participant_id", "texts"),
        Index("ix_texts_post_id", "post_id"),
        {"schema": "research"},
    )

    id: int | None = Field(default=None, sa_column=_number())
    study_id: UUID
    participant_id: str = Field(sa_column=_participant())
    #: Known so that an edit or a withdrawal on the wall reaches the copy; never exported.
    post_id: UUID
    occurred_at: datetime = Field(sa_column=_moment())
    body: str = Field(sa_column=_words())
