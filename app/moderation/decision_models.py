"""Tables of decisions, and of the appeals against them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.community.member_models import MEMBER
from app.core.ids import new_id
from app.core.table_base import one_of
from app.moderation.case_models import SubjectKind, of_its_case
from app.moderation.columns import DETAIL_MAX, REASON_MAX, REASON_MIN, key_to, place_in_order


class Act(StrEnum):
    """What a moderator can decide."""

    NOTHING = "nothing"
    FOLD = "fold"
    HIDE = "hide"
    RESTORE = "restore"


class Decision(SQLModel, table=True):
    """How a case was decided, by whom and why. One a case, and never changed."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("case_id", name="uq_decisions_case_id"),
        UniqueConstraint("id", "case_id", name="uq_decisions_id"),
        of_its_case("decisions"),
        CheckConstraint("subject_version >= 1", name="subject_version"),
        CheckConstraint(one_of("act", Act), name="act"),
        CheckConstraint("(act = 'fold') = (note_about IS NOT NULL)", name="fold_has_note"),
        CheckConstraint("act = 'fold' OR author_note IS NULL", name="fold_keeps_note"),
        CheckConstraint(
            f"char_length(reason) BETWEEN {REASON_MIN} AND {REASON_MAX}", name="reason_length"
        ),
        Index("ix_decisions_subject_id", "subject_id", "place"),
        Index("ix_decisions_place", "place"),
        {"schema": "moderation"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    place: int | None = place_in_order()
    case_id: UUID
    subject_kind: SubjectKind = Field(sa_column=Column(Text, nullable=False))
    subject_id: UUID
    #: The text that was read before.
    subject_version: int
    moderator_id: UUID = Field(sa_column=Column(key_to(MEMBER), nullable=False))
    act: Act = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    note_about: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    #: The author's own note that a fold put aside, to be put back with `restore`.
    author_note: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    decided_at: datetime


class Appeal(SQLModel, table=True):
    """The author's request that another moderator look again: once at a decision about what they
    wrote, once at its sanction."""

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint(
            "decision_id",
            "sanction_id",
            name="uq_appeals_decision_id",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"char_length(words) <= {DETAIL_MAX}", name="words_length"),
        Index("ix_appeals_case_id", "case_id"),
        {"schema": "moderation"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    place: int | None = place_in_order()
    decision_id: UUID = Field(sa_column=Column(key_to("moderation.decisions.id"), nullable=False))
    #: What is appealed against, if not how the text stands.
    sanction_id: UUID | None = Field(
        default=None, sa_column=Column(key_to("moderation.sanctions.id"), nullable=True)
    )
    #: The case in which it is looked at again.
    case_id: UUID = Field(sa_column=Column(key_to("moderation.cases.id"), nullable=False))
    asked_by: UUID = Field(sa_column=Column(key_to(MEMBER), nullable=False))
    words: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    asked_at: datetime
