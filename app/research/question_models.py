"""The ledger of questions: who asked what on which day, and the table they were given."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class AskedQuestion(SQLModel, table=True):
    """A question that was asked. Append-only; the research role can't read it."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("(outcome = 'told') = (answer IS NOT NULL)", name="answer"),
        CheckConstraint("outcome IN ('told', 'too_few')", name="outcome"),
        Index("ix_questions_study_id_asked_on", "study_id", "asked_on"),
        {"schema": "research"},
    )

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    asked_by: UUID
    #: A day is enough to know who asked, and too little to find the act that came in between.
    asked_on: date = Field(sa_column=Column(Date, nullable=False))
    question: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    outcome: str
    #: The protected table. It is given again to whoever asks the same soon after.
    answer: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True)
    )
