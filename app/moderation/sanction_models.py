"""Tables of what a decision means for a person, and of what becomes of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from app.community.member_models import MEMBER
from app.core.ids import new_id
from app.core.table_base import one_of
from app.moderation.columns import REASON_MAX, REASON_MIN, key_to, place_in_order


class SanctionKind(StrEnum):
    """What a decision can mean for the person who wrote it."""

    #: Told what must not happen again.
    WARN = "warn"
    #: What they write is read by a moderator before others see it.
    READ_FIRST = "read_first"
    #: They read and react, and don't write.
    NO_POSTING = "no_posting"
    #: They are not in the community for a while, or for good.
    SUSPEND = "suspend"


class ChangeKind(StrEnum):
    """What becomes of a sanction."""

    #: A second moderator agreed to a suspension: from then on it is in force.
    CONFIRMED = "confirmed"
    #: A second moderator did not; it never is.
    DECLINED = "declined"
    #: After an appeal.
    UPHELD = "upheld"
    SHORTENED = "shortened"
    LIFTED = "lifted"
    #: Its time had run out, and the member was told.
    OVER = "over"


class SanctionState(StrEnum):
    """What a sanction is at a moment."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    GIVEN = "given"
    IN_FORCE = "in_force"
    LIFTED = "lifted"
    OVER = "over"


class Sanction(SQLModel, table=True):
    """What a decision means for the person who wrote it. Never changed: what becomes of it stands
    in `SanctionChange`, and `sanction_rule` says what is in force."""

    __tablename__ = "sanctions"
    __table_args__ = (
        UniqueConstraint("decision_id", name="uq_sanctions_decision_id"),
        UniqueConstraint("id", "moderator_id", name="uq_sanctions_id"),
        ForeignKeyConstraint(
            ["decision_id", "case_id"],
            ["moderation.decisions.id", "moderation.decisions.case_id"],
            name="fk_sanctions_decision_id_decisions",
            ondelete="RESTRICT",
        ),
        CheckConstraint(one_of("kind", SanctionKind), name="kind"),
        CheckConstraint(
            "CASE kind WHEN 'warn' THEN days IS NULL"
            " WHEN 'suspend' THEN days IS NULL OR days BETWEEN 1 AND 366"
            " ELSE days IS NOT NULL AND days BETWEEN 1 AND 366 END",
            name="days",
        ),
        CheckConstraint("member_id <> moderator_id", name="not_oneself"),
        Index("ix_sanctions_member_id", "member_id", "place"),
        {"schema": "moderation"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    place: int | None = place_in_order()
    decision_id: UUID
    case_id: UUID
    member_id: UUID = Field(sa_column=Column(key_to(MEMBER), nullable=False))
    moderator_id: UUID = Field(sa_column=Column(key_to(MEMBER), nullable=False))
    kind: SanctionKind = Field(sa_column=Column(Text, nullable=False))
    #: How long it lasts from when it is in force; none for a warning, and for what is for good.
    days: int | None = None
    made_at: datetime


class SanctionChange(SQLModel, table=True):
    """What became of a sanction. Another person than the one who proposed it, but for time."""

    __tablename__ = "sanction_changes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sanction_id", "proposed_by"],
            ["moderation.sanctions.id", "moderation.sanctions.moderator_id"],
            name="fk_sanction_changes_sanction_id_sanctions",
            ondelete="RESTRICT",
        ),
        CheckConstraint(one_of("kind", ChangeKind), name="kind"),
        CheckConstraint(
            "CASE kind WHEN 'over' THEN moderator_id IS NULL"
            " ELSE moderator_id IS NOT NULL AND moderator_id <> proposed_by END",
            name="by_another",
        ),
        CheckConstraint("(kind = 'shortened') = (ends_at IS NOT NULL)", name="shorter"),
        CheckConstraint(
            f"char_length(reason) BETWEEN {REASON_MIN} AND {REASON_MAX}", name="reason_length"
        ),
        Index("ix_sanction_changes_sanction_id", "sanction_id", "place"),
        Index(
            "uq_sanction_changes_settled",
            "sanction_id",
            unique=True,
            postgresql_where=text("kind IN ('confirmed', 'declined')"),
        ),
        Index(
            "uq_sanction_changes_over",
            "sanction_id",
            unique=True,
            postgresql_where=text("kind = 'over'"),
        ),
        {"schema": "moderation"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    place: int | None = place_in_order()
    sanction_id: UUID
    #: Who decided the sanction, so that the database can tell another.
    proposed_by: UUID
    kind: ChangeKind = Field(sa_column=Column(Text, nullable=False))
    #: Nobody when its time ran out.
    moderator_id: UUID | None = Field(default=None, sa_column=Column(key_to(MEMBER), nullable=True))
    #: When it ends now, if it was shortened.
    ends_at: datetime | None = None
    reason: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    changed_at: datetime
