"""A column of a dataset's file: its name, its type, and what each code in it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.research.codes import SPECIAL


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it tells, and the codes it can have."""

    name: str
    type: Literal["text", "integer", "number"]
    label: str
    values: Mapping[int | str, str] = field(default_factory=dict)


def special(*codes: int) -> dict[int | str, str]:
    """Codes of what is missing, with their labels."""
    return {code: SPECIAL[code] for code in codes}
