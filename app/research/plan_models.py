"""Tables of the analysis plans: versions, signatures, and what departs from them. Append-only."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Column, ForeignKeyConstraint, Text
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.research.models import moment, words

_SCHEMA: Final = {"schema": "research"}


def _of_plan(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["study_id", "version"],
        ["research.analysis_plans.study_id", "research.analysis_plans.version"],
        name=f"fk_{table}_study_id_version_analysis_plans",
    )


def _names() -> Column[Any]:
    """Names of measures, one word each."""
    return Column(ARRAY(Text), nullable=False)


class AnalysisPlan(SQLModel, table=True):
    """One version of what a study will ask of its data, and how."""

    __tablename__ = "analysis_plans"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(
            "char_length(questions) BETWEEN 1 AND 4000"
            " AND char_length(population) BETWEEN 1 AND 4000"
            " AND char_length(missing_answers) BETWEEN 1 AND 4000"
            " AND char_length(worthwhile_change) BETWEEN 1 AND 4000"
            " AND char_length(reason) BETWEEN 10 AND 2000",
            name="words",
        ),
        CheckConstraint(
            "array_position(primary_measures || secondary_measures, NULL) IS NULL"
            " AND cardinality(primary_measures) BETWEEN 1 AND 20"
            " AND cardinality(secondary_measures) <= 50"
            " AND NOT primary_measures && secondary_measures"
            " AND array_to_string(primary_measures || secondary_measures, ' ')"
            " ~ '^[a-z][a-z0-9_]{1,40}( [a-z][a-z0-9_]{1,40})*$'",
            name="measures",
        ),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    questions: str = Field(sa_column=words())
    primary_measures: list[str] = Field(sa_column=_names())
    secondary_measures: list[str] = Field(sa_column=_names())
    #: Whose data is looked at, and from when until when.
    population: str = Field(sa_column=words())
    missing_answers: str = Field(sa_column=words())
    #: The smallest difference that would be worth having.
    worthwhile_change: str = Field(sa_column=words())
    #: Why it was written when the study had been frozen before; none for a version before that.
    reason: str | None = Field(default=None, sa_column=words(nullable=True))
    written_by: UUID
    written_at: datetime = Field(sa_column=moment())


class PlanSignature(SQLModel, table=True):
    """A second person's yes to a version, with the hash of what they read."""

    __tablename__ = "plan_signatures"
    __table_args__ = (
        _of_plan("plan_signatures"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    signed_by: UUID = Field(primary_key=True)
    signed_at: datetime = Field(sa_column=moment())
    sha256: str = Field(sa_column=words())


class PlanDeparture(SQLModel, table=True):
    """Something that was done otherwise than the signed plan says, and why."""

    __tablename__ = "plan_departures"
    __table_args__ = (
        _of_plan("plan_departures"),
        ForeignKeyConstraint(
            ["study_id", "dataset_id"],
            ["research.datasets.study_id", "research.datasets.id"],
            name="fk_plan_departures_study_id_dataset_id_datasets",
        ),
        CheckConstraint(
            "char_length(departs) BETWEEN 10 AND 2000 AND char_length(reason) BETWEEN 10 AND 2000",
            name="words",
        ),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=random_id, primary_key=True)
    #: The version it departs from.
    version: int
    #: The dataset it was done with; none when it is about the study as a whole.
    dataset_id: UUID | None = None
    departs: str = Field(sa_column=words())
    reason: str = Field(sa_column=words())
    noted_by: UUID
    noted_at: datetime = Field(sa_column=moment())
