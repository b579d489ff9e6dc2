"""Questionnaires as members answer them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictStr

from app.api.schemas.instruments import Questionnaire
from app.api.schemas.strict import Body
from app.research.questionnaires.answering import PartAnswers
from app.research.questionnaires.own import AskedWave, OwnWave, WaveStanding

Number = Annotated[int, Field(ge=-9_999, le=9_999, strict=True)]
#: The code of an option or a number, several codes, or a few words; null where it was skipped.
AnswerValue = (
    Number
    | Annotated[list[Number], Field(max_length=99)]
    | Annotated[StrictStr, Field(max_length=2_000)]
    | None
)
Item = Annotated[str, Field(max_length=40)]


class WaveRead(BaseModel):
    """Questions of one study at one time, and how they stand with me."""

    study_id: UUID
    study_title: str
    wave: int
    #: What it is called: `Baseline`, `After 3 months`.
    title: str
    standing: WaveStanding
    opens_at: datetime
    #: When its window closes; until `ends_at` what comes is taken, and counts as late.
    closes_at: datetime
    ends_at: datetime
    minutes: int
    #: How many questions were answered or skipped so far.
    answered: int

    @classmethod
    def of(cls, own: OwnWave) -> Self:
        """From the read of waves."""
        return cls(**{name: getattr(own, name) for name in WaveRead.model_fields})


class Waves(BaseModel):
    """All that I am asked, the earliest first."""

    items: list[WaveRead]


class WaveDetail(WaveRead):
    """A wave with its questions and what I answered so far."""

    questionnaires: list[Questionnaire]
    answers: dict[str, AnswerValue]

    @classmethod
    def whole(cls, asked: AskedWave) -> Self:
        """From the read of one wave."""
        answers = {
            name: answer if isinstance(answer, int | str) or answer is None else list(answer)
            for name, answer in asked.answers.items()
        }
        return cls(
            **WaveRead.of(asked.own).model_dump(),
            questionnaires=[Questionnaire.of(one) for one in asked.questionnaires],
            answers=answers,
        )


class PartWrite(Body):
    """Answers to items of one instrument, with the words that stood above them."""

    instrument: Item
    language: str = Field(default="en", max_length=10)
    wording_version: int = Field(ge=1, le=1000, strict=True)
    answers: dict[Item, AnswerValue] = Field(max_length=100)

    def part(self) -> PartAnswers:
        """As answering takes them."""
        return PartAnswers(self.instrument, self.language, self.wording_version, self.answers)


class AnswersWrite(Body):
    """What was answered since it was sent last."""

    parts: list[PartWrite] = Field(min_length=1, max_length=20)
