"""Table of the days on which the community was closed to participants."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.research.models import moment, of_study, pseudonym


class CommunityClosure(SQLModel, table=True):
    """From this day on the community was closed to a participant; not why, nor until when.
    Append-only. No researcher may read it: it leaves as a time away, like a break."""

    __tablename__ = "closures"
    __table_args__ = (
        of_study("participant_id", "closures"),
        CheckConstraint("occurred_at IS NULL", name="no_exact_time"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    #: Days since enrolment, by the calendar of the programme's zone; counted by the database.
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: When it happened: handed over on insert, used by the rules, and stored as NULL.
    occurred_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
