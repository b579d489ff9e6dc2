"""Tables of a member, of their breaks and of whom they don't meet or read."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

#: What other tables name a member by.
MEMBER: Final = "community.members.id"


class Member(SQLModel, table=True):
    """The person in the community. Knows no address and no account but by its own id."""

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("char_length(display_name) BETWEEN 2 AND 30", name="display_name_length"),
        CheckConstraint("char_length(about) <= 500", name="about_length"),
        CheckConstraint("(left_at IS NULL) = (display_key IS NOT NULL)", name="left_has_no_name"),
        CheckConstraint(
            "left_at IS NULL OR num_nonnulls(look, folded_look) = 0", name="left_has_no_look"
        ),
        CheckConstraint(
            "staff_role IN ('safeguarding', 'moderator', 'administrator')",
            name="staff_role_is_known",
        ),
        CheckConstraint("left_at IS NULL OR name_words IS NULL", name="left_is_not_found"),
        Index(
            "ix_members_name_words",
            "name_words",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        {"schema": "community"},
    )

    id: UUID = Field(primary_key=True, foreign_key="identity.accounts.member_id")
    display_name: str = Field(sa_type=Text)
    #: The name as names are compared, so that no two are the same; none once its member has left.
    display_key: str | None = Field(sa_type=Text, unique=True)
    #: What the name looks like (`names.Looks`). None for those whose look was another's before
    #: looks were compared.
    look: str | None = Field(default=None, sa_type=Text, unique=True)
    folded_look: str | None = Field(default=None, sa_type=Text, unique=True)
    #: The words of the name, as search finds them (`names.words_of`).
    name_words: str | None = Field(default=None, sa_column=Column(TSVECTOR))
    #: The role by which they act for the house. A trigger on `identity.account_roles` writes it.
    staff_role: str | None = Field(default=None, sa_type=Text)
    about: str = Field(default="", sa_type=Text)
    show_notes_open: bool = False
    joined_at: datetime
    left_at: datetime | None = None
    notifications_seen_id: UUID | None = None
    #: When they closed the welcome; it does not come back.
    welcomed_at: datetime | None = None
    #: Until when they don't write, and until when a moderator reads first what they write.
    no_posting_until: datetime | None = None
    read_first_until: datetime | None = None


class Break(SQLModel, table=True):
    """A time in which a member rests from the community. At most one is open."""

    __tablename__ = "breaks"
    __table_args__ = (
        CheckConstraint("ends_at > started_at", name="ends_after_start"),
        CheckConstraint("ended_at BETWEEN started_at AND ends_at", name="ended_within"),
        Index(
            "uq_breaks_member_id",
            "member_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_breaks_member_id", "member_id"),
        {"schema": "community"},
    )

    #: Random, so that it tells no time.
    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key=MEMBER)
    started_at: datetime
    ends_at: datetime
    #: When the member came back; none while the break may still run.
    ended_at: datetime | None = None


class Block(SQLModel, table=True):
    """Two members who don't meet, because one of them wants that."""

    __tablename__ = "blocks"
    __table_args__ = (
        CheckConstraint("blocker_id <> blocked_id", name="of_another"),
        Index("ix_blocks_blocked_id_blocker_id", "blocked_id", "blocker_id"),
        {"schema": "community"},
    )

    blocker_id: UUID = Field(primary_key=True, foreign_key=MEMBER)
    blocked_id: UUID = Field(primary_key=True, foreign_key=MEMBER)
    created_at: datetime


class Mute(SQLModel, table=True):
    """Someone whose posts a member does not read."""

    __tablename__ = "mutes"
    __table_args__ = (
        CheckConstraint("muter_id <> muted_id", name="of_another"),
        Index("ix_mutes_muted_id_muter_id", "muted_id", "muter_id"),
        {"schema": "community"},
    )

    muter_id: UUID = Field(primary_key=True, foreign_key=MEMBER)
    muted_id: UUID = Field(primary_key=True, foreign_key=MEMBER)
    created_at: datetime
