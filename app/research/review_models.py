"""Tables of the reviews: what advisers say of sheets and instruments, and what was done about it.
Append-only."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index
from sqlmodel import Field, SQLModel

from app.core.table_base import one_of
from app.research.models import moment, words

_SCHEMA: Final = {"schema": "research"}


class ReviewKind(StrEnum):
    """What is reviewed. Editions of reports come later."""

    SHEET = "sheet"
    INSTRUMENT = "instrument"
    EDITION = "edition"


class ReviewVerdict(StrEnum):
    """What an adviser says of it."""

    COMMENT = "comment"
    SIGNED_OFF = "signed_off"
    NEEDS_CHANGE = "needs_change"


def _number() -> Column[int]:
    """In the order in which they came."""
    return Column(BigInteger, Identity(always=True), primary_key=True)


class AdviserReview(SQLModel, table=True):
    """One comment, sign-off or wish for a change, about one version."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint(one_of("kind", ReviewKind), name="kind"),
        CheckConstraint(one_of("verdict", ReviewVerdict), name="verdict"),
        CheckConstraint(
            "version > 0 AND (kind = 'instrument') = (name IS NOT NULL)"
            " AND (kind = 'instrument') = (study_id IS NULL)",
            name="subject",
        ),
        CheckConstraint(
            "char_length(words) <= 2000"
            " AND (words <> '' OR verdict = 'signed_off' AND NOT may_show)",
            name="words",
        ),
        Index("ix_reviews_study_id_kind_version", "study_id", "kind", "version"),
        Index("ix_reviews_name_version", "name", "version"),
        _SCHEMA,
    )

    id: int | None = Field(default=None, sa_column=_number())
    kind: ReviewKind = Field(sa_column=words())
    #: Of a sheet or an edition; an instrument is reviewed for the whole installation.
    study_id: UUID | None = Field(default=None, foreign_key="research.studies.id")
    name: str | None = Field(default=None, sa_column=words(nullable=True))
    version: int
    verdict: ReviewVerdict = Field(sa_column=words())
    words: str = Field(sa_column=words())
    #: Whether the adviser lets everybody read the words, without their name.
    may_show: bool
    written_by: UUID
    written_at: datetime = Field(sa_column=moment())


class ReviewAnswer(SQLModel, table=True):
    """What the team did about a comment."""

    __tablename__ = "review_answers"
    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 1 AND 2000", name="words"),
        _SCHEMA,
    )

    review_id: int | None = Field(
        default=None,
        sa_column=Column(
            ForeignKey("research.reviews.id", name="fk_review_answers_review_id_reviews"),
            primary_key=True,
        ),
    )
    id: int | None = Field(default=None, sa_column=_number())
    words: str = Field(sa_column=words())
    answered_by: UUID
    answered_at: datetime = Field(sa_column=moment())
