"""Cases as moderators read them: in the queue, opened, and beside each other."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from app.api.schemas.decisions import CaseAct, CaseNextStep, CaseStep, Decision
from app.api.schemas.posts import Post
from app.api.schemas.reports import ReportKind
from app.api.schemas.sanctions import AuthorSanction
from app.api.schemas.strict import Body
from app.core.pages import Page
from app.moderation.case_models import ReportReason, SubjectKind
from app.moderation.decision_models import Act


class CaseAuthor(BaseModel):
    """Who wrote what was flagged."""

    id: UUID
    display_name: str


class CaseSubject(BaseModel):
    """The post or reply that the case is about; `version` is the revision of its text that the case
    opened about."""

    kind: SubjectKind
    id: UUID
    version: int
    thread_id: UUID
    excerpt: str
    author: CaseAuthor
    state: Literal["visible", "hidden", "withdrawn"]
    written_at: datetime
    edited_at: datetime | None


class CaseOutcome(BaseModel):
    """How a case was decided, and by whom."""

    act: Act
    note_about: str | None
    moderator_name: str
    decided_at: datetime


class CaseClaim(BaseModel):
    """Who looks at it, until when; it ends by itself at `expires_at`."""

    moderator_name: str
    is_me: bool
    expires_at: datetime


class CaseBatch(BaseModel):
    """What one member alone has flagged in one of two ways: this case stands for all of it."""

    case_ids: list[UUID]


class Case(BaseModel):
    """A case in the queue, with how many different people flagged it, and how many of them are
    worried. `why_not` says why another moderator must look at it."""

    id: UUID
    version: int
    state: Literal["open", "claimed", "decided"]
    is_worried: bool
    report_count: int
    worried_count: int
    is_appeal: bool
    #: A moderator reads it before others can.
    is_premoderated: bool
    batch: CaseBatch | None
    #: The rules that are said to be broken, what most people say first.
    reasons: list[ReportReason]
    #: A moderator asked the safeguarding lead to look.
    is_handed_over: bool
    opened_at: datetime
    #: Its place in the order of opening, which rests on no clock.
    place: int
    subject: CaseSubject
    claim: CaseClaim | None
    #: Null while it is open.
    outcome: CaseOutcome | None
    why_not: str | None


class CasesWaiting(BaseModel):
    """How many cases wait (counted up to 100), in how many of them someone is worried or the
    safeguarding lead was asked, and how many people stand behind them."""

    cases: int
    worried: int
    handed_over: int
    people: int


class CasePage(Page[Case]):
    """A page of the queue; `position` is where its live stream goes on."""

    position: str


class CaseNote(BaseModel):
    """A content note; `by` is null for a former text, where it is not kept."""

    about: str
    by: Literal["author", "moderator"] | None


class CaseText(BaseModel):
    """One revision of the text."""

    revision: int
    body_html: str
    note: CaseNote | None
    written_at: datetime


class CaseReport(BaseModel):
    """One flag of the case, and the revision that it was about."""

    kind: ReportKind
    reason: ReportReason | None
    detail: str | None
    revision: int
    reporter_name: str
    at: datetime


class CaseAppeal(BaseModel):
    """Its author appeals against this decision."""

    decision_id: UUID
    words: str | None
    asked_at: datetime


class EarlierCase(BaseModel):
    """A case about something else that the same author wrote."""

    id: UUID
    opened_at: datetime
    is_worried: bool
    report_count: int
    worried_count: int
    reasons: list[ReportReason]
    was_reached_out_to: bool
    outcome: CaseOutcome | None


class EarlierCases(BaseModel):
    """How many there were, in how many someone was worried, how many ended folded or hidden; and
    the latest of them."""

    cases: int
    worried: int
    folded: int
    hidden: int
    latest: list[EarlierCase]


class CaseDetail(Case):
    """A case opened. `flagged_text` is the first of `flagged_texts` (the present text, if
    nobody flagged it; the first and the latest, when there are many), `former_texts` the latest of
    what stood there at other times. `has_more_texts`: there were others (`list_case_texts`).
    `text_now` is null when the author has taken it back.
    `author_reads_here`: what is decided would reach its author as news.
    `decisions` and `steps` are the latest fifty about the post, the earliest first; `earlier` what
    was flagged of other posts of its author."""

    flagged_text: CaseText
    flagged_texts: list[CaseText]
    former_texts: list[CaseText]
    has_more_texts: bool
    text_now: CaseText | None
    thread: list[Post]
    reports: list[CaseReport]
    appeal: CaseAppeal | None
    decisions: list[Decision]
    acts: list[CaseAct]
    steps: list[CaseStep]
    next_steps: list[CaseNextStep]
    author_reads_here: bool
    #: All of its author's, the latest first; and which of them is appealed against here.
    sanctions: list[AuthorSanction]
    appealed_sanction_id: UUID | None
    earlier: EarlierCases


class CaseCreate(Body):
    """The post or reply that a moderator opens a case about."""

    post_id: UUID


class BatchedCase(Case):
    """A case of a batch, and the revision of its text now."""

    revision: int


class CaseBatchDetail(BaseModel):
    """The cases of a batch, the earliest first."""

    items: list[BatchedCase]
