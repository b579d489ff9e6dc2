"""The moderators' room: cases, what is decided about them, and the log."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.posts import Post
from app.api.schemas.reports import ReportKind
from app.api.schemas.sanctions import AuthorSanction, SanctionAnswer, SanctionCreate
from app.core.pages import Page
from app.moderation.case_models import ReportReason, StepKind, SubjectKind
from app.moderation.decision_models import Act
from app.moderation.log_models import LogAct

_GENEROUS = 20_000


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


class CaseGroup(BaseModel):
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
    group: CaseGroup | None
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


class Decision(BaseModel):
    """How a case was decided, by whom and why."""

    id: UUID
    case_id: UUID
    act: Act
    reason: str
    note_about: str | None
    revision: int
    decided_at: datetime
    moderator_name: str


class CaseAct(BaseModel):
    """Something that can be decided, and if not now or not by you, why."""

    act: Act
    allowed: bool
    why_not: str | None


class CaseStep(BaseModel):
    """What a moderator did beside deciding: wrote to the author, or asked the safeguarding lead."""

    id: UUID
    case_id: UUID
    kind: StepKind
    words: str
    revision: int
    made_at: datetime
    moderator_name: str


class CaseNextStep(BaseModel):
    """A step that can be taken, and if not now or not by you, why."""

    kind: StepKind
    allowed: bool
    why_not: str | None


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


class DecisionCreate(BaseModel):
    """A decision on a case one holds. `version` is that of the case as one has read it, and
    `revision` that of the text, where one has read it before taking the case."""

    model_config = ConfigDict(extra="forbid")

    act: Act
    reason: str = Field(max_length=_GENEROUS)
    note_about: str | None = Field(None, max_length=_GENEROUS)
    version: int = Field(ge=0, lt=2**31, strict=True)
    revision: Annotated[int, Field(strict=True, ge=1, lt=2**31)] | None = None
    #: What it means for the person who wrote it.
    sanction: SanctionCreate | None = None
    #: What becomes of a sanction that is appealed against in this case.
    answer: SanctionAnswer | None = None


class StepCreate(BaseModel):
    """What the author or the safeguarding lead will read. `version` and `revision` are those of the
    case and the text as one has read them."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(max_length=_GENEROUS)
    version: int = Field(ge=0, lt=2**31, strict=True)
    revision: Annotated[int, Field(strict=True, ge=1, lt=2**31)] | None = None


class CaseCreate(BaseModel):
    """The post or reply that a moderator opens a case about."""

    model_config = ConfigDict(extra="forbid")

    post_id: UUID


class GroupedCase(Case):
    """A case of a group, and the revision of its text now."""

    revision: int


class CaseGroupDetail(BaseModel):
    """The cases of a group, the earliest first."""

    items: list[GroupedCase]


class ReadCase(BaseModel):
    """A case as one has read it."""

    model_config = ConfigDict(extra="forbid")

    case_id: UUID
    version: int = Field(ge=0, lt=2**31, strict=True)
    revision: int = Field(ge=1, lt=2**31, strict=True)


class GroupDecisionCreate(BaseModel):
    """The reason to change nothing about all of these."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=_GENEROUS)
    cases: list[ReadCase] = Field(min_length=1, max_length=100)


class GroupDecision(BaseModel):
    """How many were decided, and how many stay open because they were no longer as read."""

    decided: int
    left: int


class ReasonTemplate(BaseModel):
    """A reason to start from; `read_by` says who will read it."""

    act: Act
    label: str
    text: str
    read_by: Literal["author", "reporters"]


class StepTemplate(BaseModel):
    """Words to start a step from."""

    kind: StepKind
    label: str
    text: str


class StepFrame(BaseModel):
    """What stands before and after a moderator's words to an author, whatever they write."""

    begins: str
    ends: str


class ReasonTemplates(BaseModel):
    """All of them; and words to start a step from."""

    items: list[ReasonTemplate]
    steps: list[StepTemplate]
    reach_out: StepFrame


class LogActor(BaseModel):
    """Who did it."""

    id: UUID
    display_name: str


class LogPeople(BaseModel):
    """Everyone whose name stands in the log."""

    items: list[LogActor]


class LogSubject(BaseModel):
    """What the case is about; lines of format 1 don't say which version."""

    kind: SubjectKind
    id: UUID
    version: int | None


class LogLine(BaseModel):
    """One line of the moderation log; `actor` is null where naming them would say who flagged."""

    seq: int
    at: datetime
    act: LogAct
    actor: LogActor | None
    case_id: UUID
    subject: LogSubject
    #: How its hash was made.
    format: int
    facts: dict[str, Any]
    hash: str


class LogCheck(BaseModel):
    """Whether the log was as it was written. Keep `head_hash` elsewhere: it fixes all before it."""

    checked_at: datetime
    #: When every line was read last, and all held; other checks go on where the one before ended.
    whole_at: datetime | None
    is_intact: bool
    checked: int
    head_hash: str | None
    broken_seq: int | None
    why: str | None


class LogChecks(BaseModel):
    """The last check of the log; null before the first. `is_running`: asked for, or at work."""

    is_running: bool
    last: LogCheck | None
