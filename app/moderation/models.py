"""Tables of the moderators' room. What must always hold stands in their constraints."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA
from sqlmodel import Field, SQLModel

from app.core.ids import new_id

DETAIL_MAX = 1_000
REASON_MIN = 10
REASON_MAX = 1_000


class SubjectKind(StrEnum):
    """What a case can be about. A later kind is one word more here, in the CHECK of `cases`, and
    one resolver in `subjects`."""

    POST = "post"
    REPLY = "reply"


class ReportReason(StrEnum):
    """Why a member says that something breaks the rules."""

    HURTFUL = "hurtful"
    UNSAFE_METHOD = "unsafe_method"
    PERSONAL_DETAILS = "personal_details"
    SPAM = "spam"
    SOMETHING_ELSE = "something_else"


class Act(StrEnum):
    """What a moderator can decide."""

    NOTHING = "nothing"
    FOLD = "fold"
    HIDE = "hide"
    RESTORE = "restore"


class StepKind(StrEnum):
    """What a moderator can do in an open case beside deciding it."""

    #: Write to its author, with where help is.
    REACHED_OUT = "reached_out"
    #: Ask the safeguarding lead to look, and give the case over.
    HANDED_OVER = "handed_over"


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


def one_of(column: str, words: type[StrEnum]) -> str:
    """A CHECK that a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def _place() -> Any:
    """In which order rows were written: given by the database, whatever a clock says."""
    return Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))


def _uuid(target: str) -> ForeignKey:
    return ForeignKey(target, ondelete="RESTRICT")


def _of_its_case(table: str) -> ForeignKeyConstraint:
    """Whoever names a case names its subject with it, and no other."""
    return ForeignKeyConstraint(
        ["case_id", "subject_kind", "subject_id"],
        [f"moderation.cases.{name}" for name in ("id", "subject_kind", "subject_id")],
        name=f"fk_{table}_case_id_cases",
        ondelete="RESTRICT",
    )


class Case(SQLModel, table=True):
    """One review of one subject: what was flagged, who looks at it, how it was decided.

    While it is open there is one a subject, and further flags join it.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(one_of("subject_kind", SubjectKind), name="subject_kind"),
        CheckConstraint("subject_version >= 1", name="subject_version"),
        UniqueConstraint("id", "subject_kind", "subject_id", name="uq_cases_id"),
        CheckConstraint("report_count >= 0", name="report_count"),
        CheckConstraint(
            "worried_count BETWEEN 0 AND report_count"
            " AND is_worried = (worried_count > 0) AND is_worried = (worried_at IS NOT NULL)",
            name="worried_count",
        ),
        CheckConstraint("alerts BETWEEN 0 AND 2", name="alerts"),
        CheckConstraint(
            "num_nulls(claimed_by, claimed_at, claim_expires_at, claim_revision) IN (0, 4)",
            name="claim_is_whole",
        ),
        CheckConstraint("claim_expires_at > claimed_at", name="claim_lasts"),
        ForeignKeyConstraint(
            ["decision_id", "id"],
            ["moderation.decisions.id", "moderation.decisions.case_id"],
            name="fk_cases_decision_id_decisions",
            use_alter=True,
        ),
        Index(
            "uq_cases_open_subject",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index(
            "ix_cases_queue",
            text("(NOT is_worried)"),
            text("(- people)"),
            "place",
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index("ix_cases_post_id", "post_id"),
        Index(
            "ix_cases_sole_reporter_id",
            "sole_reporter_id",
            "is_worried",
            "place",
            postgresql_where=text("decision_id IS NULL AND sole_reporter_id IS NOT NULL"),
        ),
        Index(
            "ix_cases_handed_over",
            "place",
            postgresql_where=text("decision_id IS NULL AND handed_over_at IS NOT NULL"),
        ),
        Index(
            "ix_cases_claimed_by",
            "claimed_by",
            postgresql_where=text("decision_id IS NULL AND claimed_by IS NOT NULL"),
        ),
        {"schema": "moderation"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    place: int | None = _place()
    subject_kind: SubjectKind = Field(sa_column=Column(Text, nullable=False))
    subject_id: UUID
    #: The text that it opened about.
    subject_version: int
    #: The subject where it is a post or reply; by the database, so that it points at one.
    post_id: UUID | None = Field(
        default=None,
        sa_column=Column(
            Uuid,
            Computed(
                "CASE WHEN subject_kind IN ('post', 'reply') THEN subject_id END", persisted=True
            ),
            ForeignKey("community.posts.id", ondelete="RESTRICT"),
            nullable=True,
        ),
    )
    is_worried: bool = False
    #: Different people: all who flagged, and those of them who are worried.
    report_count: int = 0
    worried_count: int = 0
    #: How many stand behind it in the queue: those who worry, else all; nobody counts as one.
    people: int = Field(
        sa_column=Column(
            Integer,
            Computed(
                "greatest(CASE WHEN is_worried THEN worried_count ELSE report_count END, 1)",
                persisted=True,
            ),
            nullable=False,
        )
    )
    #: When the first of them was.
    worried_at: datetime | None = None
    #: Who flagged it, while they are the only one and its author does not appeal: what
    #: one member flags is one group.
    sole_reporter_id: UUID | None = Field(
        default=None, sa_column=Column(_uuid("community.members.id"), nullable=True)
    )
    #: Letters sent while nobody looked: at once or soon, and at the target.
    alerts: int = 0
    #: When a moderator last asked the safeguarding lead to look.
    handed_over_at: datetime | None = None
    #: Rises with every change that a moderator must know of before deciding.
    version: int = 1
    opened_at: datetime
    #: The claim: all four or none. A claim whose time has run out does not count.
    claimed_by: UUID | None = Field(
        default=None, sa_column=Column(_uuid("community.members.id"), nullable=True)
    )
    claimed_at: datetime | None = None
    claim_expires_at: datetime | None = None
    #: The revision of the post that whoever holds the case has read.
    claim_revision: int | None = None
    decision_id: UUID | None = None


class Report(SQLModel, table=True):
    """One thing that one member said of one revision of a post."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint(
            *("case_id", "reporter_id", "revision", "is_worried", "reason"),
            name="uq_reports_case_id",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(one_of("reason", ReportReason), name="reason"),
        CheckConstraint("is_worried OR reason IS NOT NULL", name="says_why"),
        CheckConstraint(f"char_length(detail) <= {DETAIL_MAX}", name="detail_length"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("ix_reports_reporter_id", "reporter_id", "place"),
        {"schema": "moderation"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    place: int | None = _place()
    case_id: UUID = Field(sa_column=Column(_uuid("moderation.cases.id"), nullable=False))
    reporter_id: UUID = Field(sa_column=Column(_uuid("community.members.id"), nullable=False))
    is_worried: bool
    reason: ReportReason | None = Field(default=None, sa_column=Column(Text, nullable=True))
    detail: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    revision: int
    created_at: datetime


class Decision(SQLModel, table=True):
    """How a case was decided, by whom and why. One a case, and never changed."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("case_id", name="uq_decisions_case_id"),
        UniqueConstraint("id", "case_id", name="uq_decisions_id"),
        _of_its_case("decisions"),
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
    place: int | None = _place()
    case_id: UUID
    subject_kind: SubjectKind = Field(sa_column=Column(Text, nullable=False))
    subject_id: UUID
    #: The text that was read before.
    subject_version: int
    moderator_id: UUID = Field(sa_column=Column(_uuid("community.members.id"), nullable=False))
    act: Act = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    note_about: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    #: The author's own note that a fold put aside, to be put back with `restore`.
    author_note: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    decided_at: datetime


class Step(SQLModel, table=True):
    """What a moderator did in an open case beside deciding it, in their own words: wrote to its
    author, or asked the safeguarding lead. Never changed."""

    __tablename__ = "steps"
    __table_args__ = (
        CheckConstraint(one_of("kind", StepKind), name="kind"),
        _of_its_case("steps"),
        CheckConstraint("subject_version >= 1", name="subject_version"),
        CheckConstraint(
            f"char_length(words) BETWEEN {REASON_MIN} AND {REASON_MAX}", name="words_length"
        ),
        Index("ix_steps_case_id", "case_id", "kind", "place"),
        Index("ix_steps_subject_id", "subject_id", "place"),
        {"schema": "moderation"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    place: int | None = _place()
    case_id: UUID
    subject_kind: SubjectKind = Field(sa_column=Column(Text, nullable=False))
    subject_id: UUID
    #: The text that was read before.
    subject_version: int
    moderator_id: UUID = Field(sa_column=Column(_uuid("community.members.id"), nullable=False))
    kind: StepKind = Field(sa_column=Column(Text, nullable=False))
    #: What the author read, or what the lead should know.
    words: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime


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
    place: int | None = _place()
    decision_id: UUID
    case_id: UUID
    member_id: UUID = Field(sa_column=Column(_uuid("community.members.id"), nullable=False))
    moderator_id: UUID = Field(sa_column=Column(_uuid("community.members.id"), nullable=False))
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
    place: int | None = _place()
    sanction_id: UUID
    #: Who decided the sanction, so that the database can tell another.
    proposed_by: UUID
    kind: ChangeKind = Field(sa_column=Column(Text, nullable=False))
    #: Nobody when its time ran out.
    moderator_id: UUID | None = Field(
        default=None, sa_column=Column(_uuid("community.members.id"), nullable=True)
    )
    #: When it ends now, if it was shortened.
    ends_at: datetime | None = None
    reason: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    changed_at: datetime


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
    place: int | None = _place()
    decision_id: UUID = Field(sa_column=Column(_uuid("moderation.decisions.id"), nullable=False))
    #: What is appealed against, if not how the text stands.
    sanction_id: UUID | None = Field(
        default=None, sa_column=Column(_uuid("moderation.sanctions.id"), nullable=True)
    )
    #: The case in which it is looked at again.
    case_id: UUID = Field(sa_column=Column(_uuid("moderation.cases.id"), nullable=False))
    asked_by: UUID = Field(sa_column=Column(_uuid("community.members.id"), nullable=False))
    words: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    asked_at: datetime


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
        _of_its_case("log"),
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
    actor_id: UUID | None = Field(
        default=None, sa_column=Column(_uuid("community.members.id"), nullable=True)
    )
    case_id: UUID
    subject_kind: SubjectKind = Field(sa_column=Column(Text, nullable=False))
    subject_id: UUID
    #: The text as it was when this was done; lines of format 1 don't say.
    subject_version: int | None = None
    #: Ids and small words as canonical JSON; kept as text, for its bytes are part of the hash.
    facts: str = Field(sa_column=Column(Text, nullable=False))
    prev_hash: bytes = Field(sa_column=Column(BYTEA, nullable=False, server_default=FetchedValue()))
    hash: bytes = Field(sa_column=Column(BYTEA, nullable=False, server_default=FetchedValue()))
