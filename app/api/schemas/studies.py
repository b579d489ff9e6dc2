"""Studies as members and researchers see them, and what members choose."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from app.api.schemas.strict import Body, Day
from app.research.consent import ConsentState as ConsentStateData
from app.research.demographics import AgeBand, Area, Demographics, PeerSupportBefore
from app.research.models import ConsentAct, Purpose, StudyState
from app.research.models import Sheet as SheetRow
from app.research.models import Study as StudyRow
from app.research.purposes import WORDS as purpose_words  # noqa: N811 - words, not a constant here
from app.research.receipts import Receipt as ReceiptData
from app.research.receipts import ReceiptState
from app.research.schedule import MAX_WAVES, MAX_WEEK

SheetVersion = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class StudyWrite(Body):
    """A new study, still to be written up."""

    title: str = Field(min_length=1, max_length=200)
    summary: str = Field(min_length=1, max_length=2_000)
    #: What it asks people for: nobody is asked for what a study does not use.
    purposes: list[Purpose] = Field(default=[Purpose.ACTIVITY], min_length=1, max_length=4)
    #: In which weeks since joining its questions come, the first 0, at least 12 weeks apart: its
    #: periods lie between them. None: periods of 12 weeks.
    wave_weeks: list[Annotated[int, Field(ge=0, le=MAX_WEEK, strict=True)]] = Field(
        default=[], max_length=MAX_WAVES
    )
    #: Or from which days of the calendar on, for everyone at once.
    wave_days: list[Day] = Field(default=[], max_length=MAX_WAVES)


class SheetWrite(Body):
    """A new version of the information sheet, in Markdown."""

    body: str = Field(min_length=1, max_length=20_000)
    #: Whether rows of single acts may leave; the sheet then says so in words that we add.
    covers_acts: StrictBool = False
    #: The same for rows of answers.
    covers_answers: StrictBool = False


class PurposesWrite(Body):
    """Yes or no to each purpose on its own. Nothing is assumed."""

    activity: StrictBool
    #: A page of the release before does not know it.
    questionnaires: StrictBool = False
    text: StrictBool
    contact: StrictBool

    def choices(self) -> dict[Purpose, bool]:
        """As the ledger takes them."""
        return {
            Purpose.ACTIVITY: self.activity,
            Purpose.QUESTIONNAIRES: self.questionnaires,
            Purpose.TEXT: self.text,
            Purpose.CONTACT: self.contact,
        }


class DemographicsWrite(Body):
    """What someone says about themselves; each may be skipped."""

    age_band: AgeBand | None = None
    area: Area | None = None
    peer_support_before: PeerSupportBefore | None = None

    def answers(self) -> Demographics:
        """As participation takes them."""
        return Demographics(self.age_band, self.area, self.peer_support_before)


class ChoiceWrite(Body):
    """What one agrees to after reading this version of the sheet. Without a version something can
    be stopped, and what is left stays agreed to as it was."""

    sheet_version: SheetVersion | None = None
    purposes: PurposesWrite


class JoinWrite(Body):
    """Taking part after reading this version of the sheet, with a few answers about oneself if
    one likes."""

    sheet_version: SheetVersion
    purposes: PurposesWrite
    demographics: DemographicsWrite | None = None


class WithdrawalWrite(Body):
    """Stop, or stop and have everything erased."""

    erase: StrictBool


class PurposeShown(BaseModel):
    """A purpose in the words members choose by."""

    purpose: Purpose
    words: str


class Sheet(BaseModel):
    """A version of the information sheet, rendered."""

    version: int
    body_html: str
    covers_acts: bool
    covers_answers: bool
    published_at: datetime

    @classmethod
    def of(cls, row: SheetRow) -> Self:
        """From the table."""
        return cls(
            version=row.version,
            body_html=row.body_html,
            covers_acts=row.covers_acts,
            covers_answers=row.covers_answers,
            published_at=row.published_at,
        )


class Study(BaseModel):
    """A study in a list."""

    id: UUID
    title: str
    summary: str
    state: StudyState
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, row: StudyRow) -> Self:
        """From the table."""
        return cls.model_validate(row, from_attributes=True)


class Studies(BaseModel):
    """All studies that one may know of."""

    items: list[Study]


class ConsentState(BaseModel):
    """How one purpose stands for one participant."""

    purpose: Purpose
    in_force: bool
    since: datetime | None
    until: datetime | None
    sheet_version: int | None

    @classmethod
    def of(cls, data: ConsentStateData) -> Self:
        """From the ledger."""
        return cls(
            purpose=data.purpose,
            in_force=data.is_in_force,
            since=data.since,
            until=data.until,
            sheet_version=data.sheet_version,
        )


class Participation(BaseModel):
    """My own part in a study."""

    pseudonym: str
    consents: list[ConsentState]


class StudyDetail(Study):
    """A study with its sheet in force and my own part in it."""

    sheet: Sheet | None
    purposes: list[PurposeShown]
    wave_weeks: list[int]
    wave_days: list[date]
    participation: Participation | None

    @classmethod
    def of_row(cls, row: dict[str, Any], standing: list[ConsentStateData]) -> Self:
        """From the read of a study."""
        asked = {Purpose(one) for one in row.pop("asks")}
        purposes = [
            PurposeShown(purpose=one, words=words)
            for one, words in purpose_words.items()
            if one in asked
        ]
        sheet = None if row["version"] is None else Sheet(**row)
        mine = None
        if row["pseudonym"] is not None:
            consents = [ConsentState.of(one) for one in standing]
            mine = Participation(pseudonym=row["pseudonym"], consents=consents)
        return cls(**row, sheet=sheet, purposes=purposes, participation=mine)


class ReceiptAct(BaseModel):
    """What was said about one purpose."""

    purpose: Purpose
    act: ConsentAct


class Receipt(BaseModel):
    """What a member gets after choosing. After an erasure it is shown this once only."""

    study_id: UUID
    study_title: str
    pseudonym: str | None
    state: ReceiptState
    at: datetime
    sheet_version: int | None
    acts: list[ReceiptAct]
    already: bool

    @classmethod
    def of(cls, receipt: ReceiptData) -> Self:
        """From the ledger."""
        return cls(
            study_id=receipt.study_id,
            study_title=receipt.study_title,
            pseudonym=receipt.pseudonym,
            state=receipt.state,
            at=receipt.at,
            sheet_version=receipt.sheet_version,
            acts=[ReceiptAct(purpose=purpose, act=act) for purpose, act in receipt.acts.items()],
            already=receipt.already,
        )
