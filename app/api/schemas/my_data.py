"""My data: what studies hold about the one who asks."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from app.api.schemas.studies import ConsentState, Receipt
from app.core.pages import Page
from app.programme.choices import GroupMode
from app.research.demographics import AgeBand, Area, PeerSupportBefore, TenureBand
from app.research.models import StudyState
from app.research.my_data import StudyData
from app.research.questionnaire_models import PartOfDay, ResponseMode
from app.research.questionnaires.held import HeldQuestions
from app.research.registry import ActivityKind


class StudyName(BaseModel):
    """Which study."""

    id: UUID
    title: str
    state: StudyState


class DemographicsShown(BaseModel):
    """What I said about myself when I joined; null where I skipped."""

    age_band: AgeBand | None
    area: Area | None
    peer_support_before: PeerSupportBefore | None
    tenure_band: TenureBand | None


class Counts(BaseModel):
    """How many rows of each kind."""

    published: int
    replied: int
    reacted: int
    received: int
    took_back: int
    lost: int
    read: int
    help_opened: int
    note_opened: int
    break_taken: int


class HeldByStudy(BaseModel):
    """Everything one study holds about me, in short."""

    study: StudyName
    pseudonym: str
    sheet_version: int
    consents: list[ConsentState]
    demographics: DemographicsShown
    counts: Counts
    attendance_count: int
    #: The days from which on the community was closed to me.
    closed_on: list[date]
    text_count: int
    answer_count: int
    receipts: list[Receipt]

    @classmethod
    def of(cls, held: StudyData) -> Self:
        """From the study's records."""
        return cls(
            study=StudyName(id=held.study_id, title=held.title, state=StudyState(held.state)),
            pseudonym=held.pseudonym,
            sheet_version=held.sheet_version,
            consents=[ConsentState.of(one) for one in held.consents],
            demographics=DemographicsShown.model_validate(held.demographics),
            counts=Counts.model_validate(held.counts),
            attendance_count=held.attendance_count,
            closed_on=held.closed_on,
            text_count=held.text_count,
            answer_count=held.answer_count,
            receipts=[Receipt.of(receipt) for receipt in held.receipts],
        )


class MyData(BaseModel):
    """All studies that hold anything about me."""

    studies: list[HeldByStudy]


class MyActivity(BaseModel):
    """One row that a study holds about me."""

    kind: ActivityKind
    #: The day by the programme's calendar: no time and no order within a day is kept.
    recorded_on: date
    day: int
    time_band: str
    #: `member` also stands for someone in the study: who takes part is theirs to tell.
    other_side: str | None
    target: str | None
    intent: str | None
    reaction: str | None
    length_band: str | None
    has_note: bool | None
    ordinal: int | None
    latency_band: str | None
    session: int | None
    seconds: int | None


class MyStudyAttendance(BaseModel):
    """A meeting that a study knows I came to, or that I was taken off its list again."""

    #: The day by the programme's calendar: no time is kept.
    held_on: date
    day: int
    minutes: int
    mode: GroupMode
    is_taken_off: bool


class MyText(BaseModel):
    """One text of mine that a study keeps."""

    post_id: UUID
    occurred_at: datetime
    body: str


class MyAnswer(BaseModel):
    """One answer of mine, in the words that I read; null where they can't be shown now."""

    item: str
    question: str | None
    answer: str


class MyResponse(BaseModel):
    """What I did with one wave of questions, with its times."""

    wave: int
    title: str
    mode: ResponseMode
    due_at: datetime
    opened_at: datetime
    saved_at: datetime | None
    done_at: datetime | None
    declined_at: datetime | None
    late_at: datetime | None
    answered_on: date | None
    answers: list[MyAnswer]


class MyInvitation(BaseModel):
    """An invitation that was sent to me; a reminder has a number above 0."""

    wave: int
    number: int
    sent_at: datetime
    by_email: bool


class MyContactRequest(BaseModel):
    """I asked the team to get in touch."""

    wave: int
    asked_at: datetime
    answered_at: datetime | None


class MyInvitationChoices(BaseModel):
    """When and how I want to be invited."""

    part_of_day: PartOfDay | None
    by_email: bool
    stopped_at: datetime | None


class MyResponses(BaseModel):
    """All that a study holds about what it asked me."""

    responses: list[MyResponse]
    invitations: list[MyInvitation]
    contacts: list[MyContactRequest]
    choices: MyInvitationChoices | None

    @classmethod
    def of(cls, held: HeldQuestions) -> Self:
        """From the study's records."""
        return cls.model_validate(held, from_attributes=True)


MyActivities = Page[MyActivity]
MyStudyAttendances = Page[MyStudyAttendance]
MyTexts = Page[MyText]
