"""Tables of outside results: what measures found as everybody may see it, and what the audit of
the next ones must know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.research.models import moment, words


def _of_evaluation(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["study_id", "dataset_id", "evaluation_id"],
        [
            "research.evaluations.study_id",
            "research.evaluations.dataset_id",
            "research.evaluations.id",
        ],
        name=f"fk_{table}_study_id_dataset_id_evaluation_id_evaluations",
    )


class OutsideResult(SQLModel, table=True):
    """What one measure found, as everybody may see it. Gone once its dataset is closed."""

    __tablename__ = "outside_results"
    __table_args__ = (
        _of_evaluation("outside_results"),
        CheckConstraint("jsonb_typeof(parts) = 'array'", name="parts"),
        Index("ix_outside_results_dataset_id", "dataset_id"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    dataset_id: UUID
    evaluation_id: UUID = Field(primary_key=True)
    #: The place of the measure in the catalogue.
    place: int = Field(sa_column=Column(Integer, nullable=False))
    measure: str = Field(sa_column=Column(Text, primary_key=True))
    parts: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    #: A sentence where nothing could be computed.
    why: str = Field(default="", sa_column=words())
    found_at: datetime = Field(sa_column=moment())


class OutsideFigures(SQLModel, table=True):
    """The figures of an evaluation with what they leave open: exact, and never told to anybody.
    Those of a released one stay when the dataset is closed, for what was released stays too."""

    __tablename__ = "outside_figures"
    __table_args__ = (
        _of_evaluation("outside_figures"),
        CheckConstraint("jsonb_typeof(figures) = 'object'", name="figures"),
        Index("ix_outside_figures_dataset_id", "dataset_id"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    dataset_id: UUID
    evaluation_id: UUID = Field(primary_key=True)
    figures: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    #: The evaluations whose released figures the audit knew.
    before: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    found_at: datetime = Field(sa_column=moment())


class ReleasedEvaluation(SQLModel, table=True):
    """Something made from the outside results of an evaluation was released."""

    __tablename__ = "released_evaluations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["study_id", "evaluation_id"],
            ["research.outside_figures.study_id", "research.outside_figures.evaluation_id"],
            name="fk_released_evaluations_study_id_evaluation_id_outside_figures",
        ),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(primary_key=True)
    released_at: datetime = Field(sa_column=moment())
