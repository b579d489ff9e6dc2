"""Measures of outcomes: how people are, what services they use, and what they experienced."""

from typing import Final

from app.research.measures.definitions import MeasureDefinition

ALL: Final[tuple[MeasureDefinition, ...]] = ()
