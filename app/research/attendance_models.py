"""Tables of meetings that participants came to, and of the numbers that stand for groups and
areas."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    FetchedValue,
    ForeignKey,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field, SQLModel

from app.core.table_base import one_of
from app.research.models import moment, of_study, pseudonym, words

#: Numbers of groups, and of areas, in a study.
CLUSTERS_MOST = 9999


class StudyCluster(SQLModel, table=True):
    """Which group or area a number stands for in a study; no researcher may read it."""

    __tablename__ = "clusters"
    __table_args__ = (
        UniqueConstraint("study_id", "kind", "thing_id", name="uq_clusters_thing_id"),
        CheckConstraint(one_of("kind", ("group", "area")), name="kind"),
        CheckConstraint(f"number BETWEEN 1 AND {CLUSTERS_MOST}", name="number"),
        {"schema": "research"},
    )

    study_id: UUID = Field(sa_column=Column(ForeignKey("research.studies.id"), primary_key=True))
    #: `group` or `area`.
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    #: Random, so that the order of numbers tells nothing.
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    thing_id: UUID


class StudyAttendance(SQLModel, table=True):
    """A participant came to a meeting, or was taken off its list again. Append-only."""

    __tablename__ = "attendances"
    __table_args__ = (
        of_study("participant_id", "attendances"),
        CheckConstraint("occurred_at IS NULL", name="no_exact_time"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint(one_of("mode", ("in_person", "online")), name="mode"),
        CheckConstraint(f"group_cluster BETWEEN 1 AND {CLUSTERS_MOST}", name="group_cluster"),
        CheckConstraint(f"area_cluster BETWEEN 1 AND {CLUSTERS_MOST}", name="area_cluster"),
        CheckConstraint("times IN (1, -1)", name="times"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    #: Days since enrolment, by the calendar of the programme's zone; counted by the database.
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: UUID = Field(sa_column=Column(Uuid, primary_key=True, server_default=FetchedValue()))
    #: When the meeting began: handed over on insert, used by the rules, and stored as NULL.
    occurred_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    minutes: int = Field(sa_column=Column(SmallInteger, nullable=False))
    mode: str = Field(sa_column=words())
    group_cluster: int
    #: None where the group belongs to no area.
    area_cluster: int | None = None
    #: 1, or -1 for taking it off again, with all else as it was.
    times: int = Field(sa_column=Column(SmallInteger, nullable=False))
