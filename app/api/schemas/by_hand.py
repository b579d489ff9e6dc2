"""Answers that the team writes down for somebody, and answers without an account."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.instruments import Questionnaire
from app.api.schemas.questionnaires import AnswerValue, Item, PartWrite
from app.api.schemas.strict import Body, Day
from app.research.questionnaires import done_parts
from app.research.questionnaires.own import AskedWave, OwnWave, WaveStanding
from app.research.questionnaires.paper_comparison import Difference
from app.research.questionnaires.paper_entries import PaperState, PaperStep
from app.research.questionnaires.paper_forms import PaperForm
from app.research.scoring import Answer


class UnshownWave(BaseModel):
    """A wave of somebody's study and how it stands; nothing of who they are or what they said."""

    study_id: UUID
    wave: int
    title: str
    standing: WaveStanding
    opens_at: datetime
    closes_at: datetime
    ends_at: datetime
    minutes: int

    @classmethod
    def of(cls, own: OwnWave) -> Self:
        """From the read of waves."""
        return cls(**{name: getattr(own, name) for name in UnshownWave.model_fields})


class UnshownWaves(BaseModel):
    """All waves of one participant."""

    pseudonym: str
    items: list[UnshownWave]


class UnshownWaveDetail(UnshownWave):
    """A wave with its questions. What was answered before is never shown: only which of the
    questionnaires are done."""

    questionnaires: list[Questionnaire]
    done: list[str]

    @classmethod
    def whole(cls, asked: AskedWave) -> Self:
        """From the read of one wave."""
        return cls(
            **UnshownWave.of(asked.own).model_dump(),
            questionnaires=[Questionnaire.of(one) for one in asked.questionnaires],
            done=done_parts.of(asked),
        )


class PaperFormRead(BaseModel):
    """The questionnaires of a wave for paper."""

    study_title: str
    wave: int
    title: str
    questionnaires: list[Questionnaire]
    #: Titles of instruments that the wave asks too and that may not be shown now.
    locked: list[str]

    @classmethod
    def of(cls, form: PaperForm) -> Self:
        """From the plan of the study."""
        return cls(
            study_title=form.study_title,
            wave=form.wave,
            title=form.title,
            questionnaires=[Questionnaire.of(one) for one in form.questionnaires],
            locked=form.locked,
        )


class PaperWrite(Body):
    """What one person read on a paper: the day, and every answer."""

    answered_on: Day
    parts: list[PartWrite] = Field(min_length=1, max_length=20)


class ConfirmationWrite(Body):
    """What stands on the paper where two people read it differently."""

    #: Only where they read different days.
    answered_on: Day | None = None
    decided: dict[Item, AnswerValue] = Field(max_length=2_000)


class DifferenceRead(BaseModel):
    """An item that two people read differently; null where one of them left it empty."""

    item: str
    first: AnswerValue
    second: AnswerValue

    @classmethod
    def of(cls, found: Difference) -> Self:
        """From the comparison."""
        return cls(item=found.item, first=_value(found.first), second=_value(found.second))


def _value(answer: Answer) -> int | list[int] | str | None:
    return answer if answer is None or isinstance(answer, int | str) else list(answer)


class PaperStateRead(BaseModel):
    """What is to be done with a paper next, by the one who asks."""

    step: PaperStep
    #: The day as each of two people read it, if they read it differently.
    days: list[date]
    differences: list[DifferenceRead]

    @classmethod
    def of(cls, state: PaperState) -> Self:
        """From the entries."""
        return cls(
            step=state.step,
            days=state.days,
            differences=[DifferenceRead.of(one) for one in state.differences],
        )


class WaitingPaperRead(BaseModel):
    """A paper that was typed and is not confirmed yet."""

    pseudonym: str
    wave: int
    title: str
    step: PaperStep
    entered_at: datetime


class WaitingPapers(BaseModel):
    """The one that waits longest first."""

    items: list[WaitingPaperRead]
