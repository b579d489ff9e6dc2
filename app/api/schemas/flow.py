"""The flow of a study's participants."""

from typing import Self

from pydantic import BaseModel

from app.research.questionnaires.flow import Flow, WaveFlow

#: Persons: rounded down to a multiple of 5; null for fewer than 10.
Told = int | None


class WaveFlowRead(BaseModel):
    """What became of one wave."""

    wave: int
    title: str
    asked: Told
    done: Told
    late: Told
    declined: Told
    begun: Told
    silent: Told
    followed_of: Told
    followed: Told
    #: In per cent of those who handed in the first wave and for whom this one is over.
    follow_up: int | None

    @classmethod
    def of(cls, wave: WaveFlow) -> Self:
        """From the count."""
        return cls.model_validate(wave, from_attributes=True)


class FlowRead(BaseModel):
    """From who could take part to the last wave."""

    #: Members to whom the study was shown while it was open, and participation cards given out.
    invited: Told
    looked: Told
    joined: Told
    agreed: Told
    stopped: Told
    erased: Told
    waves: list[WaveFlowRead]

    @classmethod
    def of(cls, flow: Flow) -> Self:
        """From the count."""
        return cls(
            invited=flow.invited,
            looked=flow.looked,
            joined=flow.joined,
            agreed=flow.agreed,
            stopped=flow.stopped,
            erased=flow.erased,
            waves=[WaveFlowRead.of(one) for one in flow.waves],
        )
