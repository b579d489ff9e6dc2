"""One line of what `alongside doctor` says."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    state: Literal["good", "look", "bad"]
    subject: str
    words: str
