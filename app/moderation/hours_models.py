"""Tables of the team's hours, and of how soon each kind of case should be looked at."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Text
from sqlmodel import Field, SQLModel

from app.core.table_base import one_of


class TargetKind(StrEnum):
    """What a target is for: how soon each kind of case should be looked at."""

    WORRIED = "worried"
    BREAKS_RULES = "breaks_rules"
    APPEAL = "appeal"


class Hours(SQLModel, table=True):
    """When the team is here: from and until which minute of a weekday (Monday is 0), on the clock
    of the programme's time zone."""

    __tablename__ = "hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens >= 0 AND closes <= 1440 AND opens < closes", name="within_a_day"),
        {"schema": "moderation"},
    )

    weekday: int = Field(primary_key=True)
    opens: int = Field(primary_key=True)
    closes: int


class Target(SQLModel, table=True):
    """Within how many minutes a case of this kind should be looked at."""

    __tablename__ = "targets"
    __table_args__ = (
        CheckConstraint(one_of("kind", TargetKind), name="kind"),
        CheckConstraint("minutes BETWEEN 15 AND 43200", name="minutes"),
        {"schema": "moderation"},
    )

    kind: TargetKind = Field(sa_column=Column(Text, primary_key=True))
    minutes: int
