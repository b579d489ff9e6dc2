"""Who froze or downloaded a dataset: an account that has signed in, and which way it came."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Requester:
    """Rows of before the commands asked for a sign-in name the user of the machine instead."""

    account_id: UUID
    how: Literal["screen", "command_line"] = "screen"
