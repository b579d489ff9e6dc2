"""What a study asks in which wave, as researchers plan it."""

from datetime import date, time
from typing import Annotated, Self

from pydantic import BaseModel, Field, StrictInt

from app.api.schemas.strict import Body, Clock
from app.research.questionnaires.plans import (
    MOST_INSTRUMENTS,
    PlannedQuestions,
    PlannedWave,
    Timing,
    spoken,
)

Days = Annotated[StrictInt, Field(ge=3, le=56)]


class WaveAsks(Body):
    """The instruments of a wave by their names, in the order in which they are asked."""

    wave: int = Field(ge=1, le=12, strict=True)
    instruments: list[Annotated[str, Field(max_length=40)]] = Field(max_length=MOST_INSTRUMENTS)


class QuestionPlanWrite(Body):
    """How a study asks."""

    opens_at: Clock = time(0, 0)
    window_days: Days = 28
    late_days: int = Field(default=14, ge=0, le=28, strict=True)
    #: How many reminders follow an invitation, at most, and how many days apart.
    reminders: int = Field(default=2, ge=0, le=3, strict=True)
    reminder_days: int = Field(default=7, ge=3, le=28, strict=True)
    waves: list[WaveAsks] = Field(min_length=1, max_length=12)

    def timing(self) -> Timing:
        """As plans take it."""
        return Timing(
            opens_at=self.opens_at,
            window_days=self.window_days,
            late_days=self.late_days,
            reminders=self.reminders,
            reminder_days=self.reminder_days,
        )


class PlannedInstrument(BaseModel):
    """What a wave asks, in which version."""

    name: str
    version: int
    title: str
    minutes: int


class PlannedWaveRead(BaseModel):
    """A wave with what it asks."""

    wave: int
    title: str
    week: int | None
    opens_on: date | None
    instruments: list[PlannedInstrument]

    @classmethod
    def of(cls, wave: PlannedWave) -> Self:
        """From the plan."""
        return cls(
            wave=wave.number,
            title=spoken(wave.week, wave.opens_on),
            week=wave.week,
            opens_on=wave.opens_on,
            instruments=[
                PlannedInstrument(
                    name=one.name, version=one.version, title=one.title, minutes=one.minutes
                )
                for one in wave.instruments
            ],
        )


class QuestionPlanRead(BaseModel):
    """How a study asks; with no timing while nothing is planned."""

    is_planned: bool
    opens_at: time
    window_days: int
    late_days: int
    reminders: int
    reminder_days: int
    waves: list[PlannedWaveRead]

    @classmethod
    def of(cls, plan: PlannedQuestions, *, is_planned: bool) -> Self:
        """From the plan, or from what would be planned."""
        timing = plan.timing
        return cls(
            is_planned=is_planned,
            opens_at=timing.opens_at,
            window_days=timing.window_days,
            late_days=timing.late_days,
            reminders=timing.reminders,
            reminder_days=timing.reminder_days,
            waves=[PlannedWaveRead.of(one) for one in plan.waves],
        )
