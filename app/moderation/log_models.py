"""Tables of the moderation log, and of what checks of it found."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    FetchedValue,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import BYTEA
from sqlmodel import Field, SQLModel

from app.community.member_models import MEMBER
from app.core.table_base import one_of
from app.moderation.case_models import SubjectKind, of_its_case
from app.moderation.columns import key_to


class LogAct(StrEnum):
    """What the log tells of."""

    OPENED = "opened"
    WORRIED = "worried"
    APPEALED = "appealed"
    CLAIMED = "claimed"
    EXTENDED = "extended"
    SEEN = "seen"
    RELEASED = "released"
    DECIDED = "decided"
    ALERTED = "alerted"
    REACHED_OUT = "reached_out"
    HANDED_OVER = "handed_over"
    SANCTIONED = "sanctioned"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    UPHELD = "upheld"
    SHORTENED = "shortened"
    LIFTED = "lifted"
    OVER = "over"


#: Words that older lines of the log hold for what is called otherwise now: hashed, they stay.
FORMER_ACTS: Final = {"asked_again": LogAct.APPEALED}


class LogLine(SQLModel, table=True):
    """One line of the moderation log. The database numbers and links it; see `chain`."""

    __tablename__ = "log"
    __table_args__ = (
        UniqueConstraint("prev_hash", name="uq_log_prev_hash"),
        CheckConstraint(f"{one_of('act', LogAct)} OR act = 'asked_again'", name="act"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("format BETWEEN 1 AND 2", name="format"),
        CheckConstraint("subject_version >= 1", name="subject_version"),
        CheckConstraint("(format = 1) = (subject_version IS NULL)", name="names_a_version"),
        of_its_case("log"),
        CheckConstraint("jsonb_typeof(facts::jsonb) = 'object'", name="facts_is_object"),
        Index("ix_log_case_id", "case_id", "seq"),
        Index("ix_log_actor_id", "actor_id", "seq"),
        Index("ix_log_act", "act", "seq"),
        Index("ix_log_at", "at"),
        {"schema": "moderation"},
    )

    seq: int = Field(
        sa_column=Column(
            BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
        )
    )
    #: How its hash was made, see `chain`. The database writes the newest.
    format: int = Field(sa_column=Column(Integer, nullable=False, server_default=FetchedValue()))
    at: datetime
    act: LogAct = Field(sa_column=Column(Text, nullable=False))
    #: Who did it: the moderator; the author for an appeal; nobody when a flag opened a case,
    #: so that the log never says who flagged.
    actor_id: UUID | None = Field(default=None, sa_column=Column(key_to(MEMBER), nullable=True))
    case_id: UUID
    subject_kind: SubjectKind = Field(sa_column=Column(Text, nullable=False))
    subject_id: UUID
    #: The text as it was when this was done; lines of format 1 don't say.
    subject_version: int | None = None
    #: Ids and small words as canonical JSON; kept as text, for its bytes are part of the hash.
    facts: str = Field(sa_column=Column(Text, nullable=False))
    prev_hash: bytes = Field(sa_column=Column(BYTEA, nullable=False, server_default=FetchedValue()))
    hash: bytes = Field(sa_column=Column(BYTEA, nullable=False, server_default=FetchedValue()))


class CheckedLog(SQLModel, table=True):
    """What one check of the log found. Append-only, as the log."""

    __tablename__ = "log_checks"
    __table_args__ = (
        CheckConstraint("is_intact = (why IS NULL)", name="says_why"),
        CheckConstraint("broken_seq IS NULL OR NOT is_intact", name="broken"),
        CheckConstraint("checked >= 0", name="checked"),
        CheckConstraint("(checked = 0) = (head_hash IS NULL)", name="head"),
        {"schema": "moderation"},
    )

    place: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    #: Whether it read every line; else those behind the newest line of the check before.
    is_whole: bool
    began_at: datetime
    checked_at: datetime
    #: Up to which line all hold, and that line's hash: the next check begins behind it.
    checked: int = Field(sa_column=Column(BigInteger, nullable=False))
    head_hash: bytes | None = Field(default=None, sa_column=Column(BYTEA, nullable=True))
    is_intact: bool
    broken_seq: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    why: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
