"""Tables of what is recorded: activities, what recording needs meanwhile, and texts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    FetchedValue,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from app.research.models import moment, of_study, pseudonym, words


class ActivityTypeRow(SQLModel, table=True):
    """One version of a kind of activity and the fields it has: `registry.TYPES`, for the key."""

    __tablename__ = "activity_types"
    __table_args__ = ({"schema": "research"},)

    kind: str = Field(sa_column=Column(Text, primary_key=True))
    version: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    fields: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))


def _small(*, nullable: bool = False) -> Column[int]:
    return Column(SmallInteger, nullable=nullable)


class Activity(SQLModel, table=True):
    """One thing a participant did while they consented to it being recorded. Append-only.

    Partitioned by study. Nothing in it is equal to or ordered like a column elsewhere. Which
    fields a kind has, the constraints in the migration say; `registry` has them in words.
    """

    __tablename__ = "activities"
    __table_args__ = (
        of_study("participant_id", "activities"),
        of_study("counterpart_id", "activities"),
        ForeignKeyConstraint(
            ["kind", "version"],
            ["research.activity_types.kind", "research.activity_types.version"],
            name="fk_activities_kind_version_activity_types",
        ),
        CheckConstraint("occurred_at IS NULL", name="no_exact_time"),
        Index(
            "ix_activities_counterpart_id",
            "counterpart_id",
            postgresql_where=text("counterpart_id IS NOT NULL"),
        ),
        {"schema": "research", "postgresql_partition_by": "LIST (study_id)"},
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    #: Days since enrolment, by the calendar of the programme's zone; counted by the database.
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    time_band: str = Field(sa_column=words())
    id: UUID = Field(sa_column=Column(Uuid, primary_key=True, server_default=FetchedValue()))
    #: Handed over on insert, used by the rules, and stored as NULL.
    occurred_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    kind: str = Field(sa_column=words())
    version: int = Field(sa_column=_small())
    actor_role: str = Field(sa_column=words())
    #: `participant` (then with a counterpart), `member`, `staff` or `self`.
    other_side: str | None = Field(default=None, sa_column=words(nullable=True))
    counterpart_id: str | None = Field(default=None, sa_column=pseudonym(nullable=True))
    #: `post` or `reply`: what was answered, reacted to or taken back.
    target: str | None = Field(default=None, sa_column=words(nullable=True))
    intent: str | None = Field(default=None, sa_column=words(nullable=True))
    reaction: str | None = Field(default=None, sa_column=words(nullable=True))
    length_band: str | None = Field(default=None, sa_column=words(nullable=True))
    has_note: bool | None = None
    #: The how-manieth own post since joining the study; 100 is the hundredth or a later one.
    ordinal: int | None = Field(default=None, sa_column=_small(nullable=True))
    latency_band: str | None = Field(default=None, sa_column=words(nullable=True))
    session: int | None = None
    seconds: int | None = None


class RecordingState(SQLModel, table=True):
    """What the rules of recording need of one participant; no researcher may read it."""

    __tablename__ = "recording_states"
    __table_args__ = (of_study("participant_id", "recording_states"), {"schema": "research"})

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    #: The session that runs or ran last, counted from 1; 0 before the first.
    session: int
    #: Own posts recorded so far.
    posts: int
    #: The last act, and the last word of reading: forgotten once a session is over.
    last_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    read_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class Delivery(SQLModel, table=True):
    """An event that became a row, kept until the subscriber's cursor has passed it."""

    __tablename__ = "deliveries"
    __table_args__ = ({"schema": "research"},)

    study_id: UUID = Field(primary_key=True)
    event_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    kind: str = Field(sa_column=Column(Text, primary_key=True))


class StudyText(SQLModel, table=True):
    """The text of a post whose author consented to that. Put in anew when edited, never changed."""

    __tablename__ = "texts"
    __table_args__ = (
        of_study("participant_id", "texts"),
        Index("ix_texts_post_id", "post_id"),
        Index("ix_texts_study_id_participant_id_id", "study_id", "participant_id", "id"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    #: Known so that an edit or a withdrawal on the wall reaches the copy; never exported.
    post_id: UUID = Field(primary_key=True)
    #: The order in which they came, for pages.
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False)
    )
    occurred_at: datetime = Field(sa_column=moment())
    body: str = Field(sa_column=words())
