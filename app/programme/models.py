"""Tables of organisations, areas, groups, their hosts and members, meetings and attendance."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.ids import new_id
from app.core.table_base import one_of
from app.programme.choices import (
    ABOUT_LIMIT,
    MINUTES_LEAST,
    MINUTES_MOST,
    NAME_LIMIT,
    OTHERS_MOST,
    PLACE_LIMIT,
    GroupKind,
    GroupMode,
)

SCHEMA = "programme"
GROUP = "programme.groups.id"
ACCOUNT = "identity.accounts.id"
MEMBER = "identity.accounts.member_id"


def _named() -> CheckConstraint:
    return CheckConstraint(
        f"btrim(name) <> '' AND char_length(name) <= {NAME_LIMIT}", name="name_length"
    )


class Organisation(SQLModel, table=True):
    """One of those that run the programme together."""

    __tablename__ = "organisations"
    __table_args__ = (
        _named(),
        Index("uq_organisations_name", text("lower(name)"), unique=True),
        {"schema": SCHEMA},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime


class ProgrammeArea(SQLModel, table=True):
    """A part of the country in which groups meet; a cluster in analyses."""

    __tablename__ = "areas"
    __table_args__ = (
        _named(),
        Index("uq_areas_name", text("lower(name)"), unique=True),
        {"schema": SCHEMA},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime


class Group(SQLModel, table=True):
    """People who support each other and meet; a cluster in analyses. Online groups may belong to
    no area. A closed group keeps its row for what was recorded under it."""

    __tablename__ = "groups"
    __table_args__ = (
        _named(),
        CheckConstraint(one_of("mode", GroupMode), name="mode"),
        CheckConstraint(one_of("kind", GroupKind), name="kind"),
        CheckConstraint("mode = 'online' OR area_id IS NOT NULL", name="meets_somewhere"),
        CheckConstraint(f"char_length(about) <= {ABOUT_LIMIT}", name="about_length"),
        CheckConstraint(f"char_length(place) <= {PLACE_LIMIT}", name="place_length"),
        Index(
            "uq_groups_area_id_name",
            "area_id",
            text("lower(name)"),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_groups_organisation_id", "organisation_id"),
        Index(
            "ix_groups_name",
            text("lower(name)"),
            "id",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_groups_online",
            text("lower(name)"),
            "id",
            postgresql_where=text("closed_at IS NULL AND mode = 'online'"),
        ),
        {"schema": SCHEMA},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="programme.organisations.id")
    area_id: UUID | None = Field(default=None, foreign_key="programme.areas.id")
    name: str = Field(sa_column=Column(Text, nullable=False))
    mode: GroupMode = Field(sa_column=Column(Text, nullable=False))
    kind: GroupKind = Field(sa_column=Column(Text, nullable=False))
    about: str = Field(sa_column=Column(Text, nullable=False))
    place: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime
    closed_at: datetime | None = None


class GroupHost(SQLModel, table=True):
    """Who runs a group, from when until when."""

    __tablename__ = "group_hosts"
    __table_args__ = (
        Index(
            "uq_group_hosts_now",
            "group_id",
            "account_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_group_hosts_account_id", "account_id"),
        CheckConstraint("until >= since", name="ends_after_it_begins"),
        {"schema": SCHEMA},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    group_id: UUID = Field(foreign_key=GROUP)
    account_id: UUID = Field(foreign_key=ACCOUNT)
    since: datetime
    until: datetime | None = None


class GroupMember(SQLModel, table=True):
    """A member who goes to a group, so that its hosts find them on the list. Gone when they
    leave."""

    __tablename__ = "group_members"
    __table_args__ = (Index("ix_group_members_member_id", "member_id"), {"schema": SCHEMA})

    group_id: UUID = Field(sa_column=Column(ForeignKey(GROUP), primary_key=True))
    member_id: UUID = Field(sa_column=Column(ForeignKey(MEMBER), primary_key=True))
    joined_at: datetime


class Meeting(SQLModel, table=True):
    """One time a group meets, planned or over."""

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("group_id", "starts_at"),
        CheckConstraint(f"minutes BETWEEN {MINUTES_LEAST} AND {MINUTES_MOST}", name="minutes"),
        CheckConstraint(f"others_count BETWEEN 0 AND {OTHERS_MOST}", name="others_count"),
        CheckConstraint("cancelled_at IS NULL OR others_count = 0", name="nobody_at_cancelled"),
        {"schema": SCHEMA},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    group_id: UUID = Field(foreign_key=GROUP)
    starts_at: datetime
    minutes: int
    #: People who were there and have neither an account nor a code.
    others_count: int = 0
    created_at: datetime
    cancelled_at: datetime | None = None


class ParticipationCode(SQLModel, table=True):
    """A code on a card, in place of a name, for someone without an account. Nothing here says who
    they are."""

    __tablename__ = "participation_codes"
    __table_args__ = (
        CheckConstraint("code ~ '^C-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{2}$'", name="code"),
        Index("ix_participation_codes_group_id", "group_id"),
        {"schema": SCHEMA},
    )

    code: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    #: Where it was given out; it holds in every group.
    group_id: UUID = Field(foreign_key=GROUP)
    created_at: datetime


class Attendance(SQLModel, table=True):
    """Someone was at a meeting: a member, or someone known by a code alone."""

    __tablename__ = "attendances"
    __table_args__ = (
        CheckConstraint("num_nonnulls(member_id, code) = 1", name="of_one_person"),
        UniqueConstraint("meeting_id", "member_id"),
        UniqueConstraint("meeting_id", "code"),
        Index("ix_attendances_member_id", "member_id"),
        Index("ix_attendances_code", "code"),
        {"schema": SCHEMA},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    meeting_id: UUID = Field(foreign_key="programme.meetings.id")
    member_id: UUID | None = Field(default=None, foreign_key=MEMBER)
    code: str | None = Field(
        default=None,
        sa_column=Column(Text(collation="C"), ForeignKey("programme.participation_codes.code")),
    )
    recorded_at: datetime
