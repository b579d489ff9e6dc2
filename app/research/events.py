"""What happens in studies. Nobody is named: an event stays, and one that named a participant right
after the event of an account that closed would tie the two for ever."""

from typing import Literal
from uuid import UUID

from app.core.events import Event
from app.research.models import Purpose


class _ConsentEvent(Event):
    study_id: UUID
    purpose: Purpose


class ConsentGiven(_ConsentEvent):
    """A participant agreed to a purpose."""

    type: Literal["consent.given"] = "consent.given"


class ConsentWithdrawn(_ConsentEvent):
    """A participant took their agreement to a purpose back."""

    type: Literal["consent.withdrawn"] = "consent.withdrawn"


class ParticipantErased(Event):
    """All that a study held about a participant is gone; datasets that held them are closed."""

    type: Literal["participant.erased"] = "participant.erased"
    study_id: UUID


class DatasetFrozen(Event):
    """A researcher froze a cut of a study."""

    type: Literal["dataset.frozen"] = "dataset.frozen"
    study_id: UUID
    dataset_id: UUID
    number: int
