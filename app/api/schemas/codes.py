"""Taking part with the code of a card: it comes in the body of each request, not in an address."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from app.api.schemas.by_hand import UnshownWave
from app.api.schemas.questionnaires import PartWrite
from app.api.schemas.strict import Body
from app.api.schemas.studies import DemographicsWrite, PurposeShown, SheetVersion
from app.research.code_participation import StudyOfCode
from app.research.models import ParticipantState, Purpose, StudyState
from app.research.purposes import CARD_WORDS

TypedCode = Annotated[str, Field(min_length=1, max_length=40)]


class CodeWrite(Body):
    """The code as it was typed."""

    code: TypedCode


class CodePurposesWrite(Body):
    """Yes or no to each that can be agreed to without an account. Nothing is assumed."""

    #: A page of the release before does not know it.
    activity: StrictBool = False
    questionnaires: StrictBool
    contact: StrictBool

    def choices(self) -> dict[Purpose, bool]:
        """As the ledger takes them."""
        return {
            Purpose.ACTIVITY: self.activity,
            Purpose.QUESTIONNAIRES: self.questionnaires,
            Purpose.CONTACT: self.contact,
        }


class CodeJoinWrite(CodeWrite):
    """Taking part after reading this version of the sheet."""

    sheet_version: SheetVersion
    purposes: CodePurposesWrite
    demographics: DemographicsWrite | None = None


class CodeWithdrawalWrite(CodeWrite):
    """Stop, or stop and have everything erased."""

    erase: StrictBool


class CodeAnswersWrite(CodeWrite):
    """What was answered since it was sent last."""

    parts: list[PartWrite] = Field(min_length=1, max_length=20)


class SheetOfCode(BaseModel):
    """The information sheet in force."""

    version: int
    body_html: str
    published_at: datetime


class StudyOfCodeRead(BaseModel):
    """A study that a card can take part in, or does. Nothing that was said before is in it."""

    id: UUID
    title: str
    summary: str
    state: StudyState
    sheet: SheetOfCode | None
    purposes: list[PurposeShown]
    #: How the card stands in it; null while it is not in it.
    standing: ParticipantState | None
    waves: list[UnshownWave]

    @classmethod
    def of(cls, found: StudyOfCode) -> Self:
        """From the read of studies."""
        row = found.row
        sheet = None if row["version"] is None else SheetOfCode(**row)
        shown = [PurposeShown(purpose=one, words=CARD_WORDS[one]) for one in found.purposes]
        return cls(
            **{name: row[name] for name in ("id", "title", "summary", "state")},
            sheet=sheet,
            purposes=shown,
            standing=None if found.standing is None else ParticipantState(found.standing),
            waves=[UnshownWave.of(one) for one in found.waves],
        )


class StudiesOfCode(BaseModel):
    """What a card can take part in, or does."""

    items: list[StudyOfCodeRead]
