"""Who froze or pulled a dataset: an account on screen, or whoever sat at the command line."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Who:
    """Exactly one of the two is known."""

    account_id: UUID | None = None
    operator: str | None = None

    @property
    def how(self) -> Literal["screen", "command_line"]:
        """Which way they came."""
        return "command_line" if self.account_id is None else "screen"
