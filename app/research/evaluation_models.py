"""Tables of evaluations: all measures of a dataset, and what was found of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.core.table_base import one_of
from app.research.models import moment, words


class EvaluationState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Evaluation(SQLModel, table=True):
    """Somebody asked for all measures of a dataset. One at a time; once ended it stays as it is."""

    __tablename__ = "evaluations"
    __table_args__ = (
        UniqueConstraint("study_id", "dataset_id", "id"),
        ForeignKeyConstraint(
            ["study_id", "dataset_id"],
            ["research.datasets.study_id", "research.datasets.id"],
            name="fk_evaluations_study_id_dataset_id_datasets",
        ),
        CheckConstraint(one_of("state", EvaluationState), name="state"),
        CheckConstraint("cardinality(measures) > 0", name="measures"),
        CheckConstraint(
            "(ended_at IS NULL) = (state IN ('waiting', 'running'))",
            name="ended",
        ),
        Index(
            "uq_evaluations_dataset_id",
            "dataset_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"schema": "research"},
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    study_id: UUID
    dataset_id: UUID
    state: EvaluationState = Field(default=EvaluationState.WAITING, sa_column=words())
    #: The measures that there were then, in their order.
    measures: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    software_version: str = Field(sa_column=words())
    asked_by: UUID
    asked_at: datetime = Field(sa_column=moment())
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class MeasureResult(SQLModel, table=True):
    """What one measure found, as the team may see it. Gone once its dataset is closed."""

    __tablename__ = "measure_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["study_id", "dataset_id", "evaluation_id"],
            [
                "research.evaluations.study_id",
                "research.evaluations.dataset_id",
                "research.evaluations.id",
            ],
            name="fk_measure_results_study_id_dataset_id_evaluation_id_evaluations",
        ),
        CheckConstraint("jsonb_typeof(parts) = 'array'", name="parts"),
        CheckConstraint(
            "jsonb_typeof(charts) = 'object'"
            """ AND NOT jsonb_path_exists(charts, '$.* ? (@.type() != "string")')"""
            " AND octet_length(charts::text) <= 8000000",
            name="charts",
        ),
        Index("ix_measure_results_dataset_id", "dataset_id"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True)
    dataset_id: UUID
    evaluation_id: UUID = Field(primary_key=True)
    measure: str = Field(sa_column=Column(Text, primary_key=True))
    parts: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    #: SVG by the name of its chart, drawn from the parts; read apart, for it is long.
    charts: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    #: A sentence where nothing could be computed, as from a dataset of before the measure.
    why: str = Field(default="", sa_column=words())
    found_at: datetime = Field(sa_column=moment())
