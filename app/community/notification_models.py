"""Table of notifications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from app.community.choices import NotificationKind
from app.community.member_models import MEMBER
from app.community.post_models import POST
from app.core.table_base import one_of


class Notification(SQLModel, table=True):
    """Something a member should hear of. `text` is stored only where no words can be made anew."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint(one_of("kind", NotificationKind), name="kind"),
        CheckConstraint(
            "(kind IN ('reply', 'reaction')) = (actor_id IS NOT NULL)"
            " AND (kind IN ('reply', 'reaction')) = (text IS NULL)",
            name="words",
        ),
        CheckConstraint("(kind = 'reaction') = (reaction IS NOT NULL)", name="reaction"),
        CheckConstraint("actor_id IS NULL OR post_id IS NOT NULL", name="post"),
        CheckConstraint("reason IS NULL OR text IS NOT NULL", name="reason_of_a_text"),
        Index("ix_notifications_member_id_id", "member_id", "id"),
        Index(
            "uq_notifications_reply",
            "post_id",
            "member_id",
            unique=True,
            postgresql_where=text("kind = 'reply'"),
        ),
        Index(
            "uq_notifications_reaction",
            "post_id",
            "member_id",
            "actor_id",
            "reaction",
            unique=True,
            postgresql_where=text("kind = 'reaction'"),
        ),
        {"schema": "community"},
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key=MEMBER)
    kind: str = Field(sa_type=Text)
    post_id: UUID | None = Field(default=None, foreign_key=POST, ondelete="CASCADE")
    actor_id: UUID | None = Field(default=None, foreign_key=MEMBER)
    reaction: str | None = Field(default=None, sa_type=Text)
    text: str | None = Field(default=None, sa_type=Text)
    #: Why, where `text` says what was decided.
    reason: str | None = Field(default=None, sa_type=Text)
    created_at: datetime
