"""Every measure, in the order in which they are listed. Light: no frames, no statistics."""

from typing import Final

from app.research.measures import (
    declared_areas,
    declared_engagement,
    declared_exchange,
    declared_experiences,
    declared_outcomes,
)
from app.research.measures.definitions import MeasureDefinition

ALL: Final = (
    *declared_engagement.ALL,
    *declared_exchange.ALL,
    *declared_outcomes.ALL,
    *declared_experiences.ALL,
    *declared_areas.ALL,
)


def find(name: str) -> MeasureDefinition | None:
    """A measure by its name."""
    return next((one for one in ALL if one.name == name), None)
