"""Tables of a case, of the reports that it holds and of the steps taken in it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from app.community.member_models import MEMBER
from app.community.post_models import POST
from app.core.ids import new_id
from app.core.table_base import one_of
from app.moderation.columns import DETAIL_MAX, REASON_MAX, REASON_MIN, key_to, place_in_order


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


class StepKind(StrEnum):
    """What a moderator can do in an open case beside deciding it."""

    #: Write to its author, with where help is.
    REACHED_OUT = "reached_out"
    #: Ask the safeguarding lead to look, and give the case over.
    HANDED_OVER = "handed_over"


def of_its_case(table: str) -> ForeignKeyConstraint:
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
    place: int | None = place_in_order()
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
            ForeignKey(POST, ondelete="RESTRICT"),
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
    #: one member flags is one batch.
    sole_reporter_id: UUID | None = Field(
        default=None, sa_column=Column(key_to(MEMBER), nullable=True)
    )
    #: Letters sent while nobody looked: at once or soon, and at the target.
    alerts: int = 0
    #: When a moderator last asked the safeguarding lead to look.
    handed_over_at: datetime | None = None
    #: Rises with every change that a moderator must know of before deciding.
    version: int = 1
    opened_at: datetime
    #: The claim: all four or none. A claim whose time has run out does not count.
    claimed_by: UUID | None = Field(default=None, sa_column=Column(key_to(MEMBER), nullable=True))
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
    place: int | None = place_in_order()
    case_id: UUID = Field(sa_column=Column(key_to("moderation.cases.id"), nullable=False))
    reporter_id: UUID = Field(sa_column=Column(key_to(MEMBER), nullable=False))
    is_worried: bool
    reason: ReportReason | None = Field(default=None, sa_column=Column(Text, nullable=True))
    detail: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    revision: int
    created_at: datetime


class Step(SQLModel, table=True):
    """What a moderator did in an open case beside deciding it, in their own words: wrote to its
    author, or asked the safeguarding lead. Never changed."""

    __tablename__ = "steps"
    __table_args__ = (
        CheckConstraint(one_of("kind", StepKind), name="kind"),
        of_its_case("steps"),
        CheckConstraint("subject_version >= 1", name="subject_version"),
        CheckConstraint(
            f"char_length(words) BETWEEN {REASON_MIN} AND {REASON_MAX}", name="words_length"
        ),
        Index("ix_steps_case_id", "case_id", "kind", "place"),
        Index("ix_steps_subject_id", "subject_id", "place"),
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
    kind: StepKind = Field(sa_column=Column(Text, nullable=False))
    #: What the author read, or what the lead should know.
    words: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime
