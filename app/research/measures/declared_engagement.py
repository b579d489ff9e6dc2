"""Measures of engagement: who takes part, how long, and what they give and get."""

from typing import Final

from app.research.measures.definitions import MeasureDefinition

ALL: Final[tuple[MeasureDefinition, ...]] = ()
