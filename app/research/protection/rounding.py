"""Rounding of counts, and what a rounded count leaves open.

To 5 for tables; to the middle of six for steps of a survival curve, so that a step shows as one
only every six persons (OpenSAFELY, "Statistical disclosure control": midpoint 6).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rounding:
    """To the nearest multiple of `step`, or to the middle of the `step` counts it is one of."""

    step: int
    is_midpoint: bool = False

    def shown(self, number: int) -> int:
        """The figure in place of this count."""
        if self.is_midpoint:
            return -(-number // self.step) * self.step - (self.step // 2 if number else 0)
        return (number + self.step // 2) // self.step * self.step

    def possible(self, figure: int) -> tuple[int, int]:
        """The least and the greatest count that are shown as this figure."""
        half = self.step // 2
        if self.is_midpoint:
            return (figure - half + 1, figure + half) if figure else (0, 0)
        return max(0, figure - half), figure + half


TO_FIVE: Final = Rounding(5)
MIDPOINT_6: Final = Rounding(6, is_midpoint=True)
