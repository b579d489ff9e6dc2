"""A column of a dataset's file: its name, its type, and what each code in it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.research.instruments.reserved_names import fault_of
from app.research.special_codes import SPECIAL


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it tells, and the codes it can have."""

    name: str
    type: Literal["text", "integer", "number"]
    label: str
    values: Mapping[int | str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A name that SPSS, Stata, R or REDCap refuses never reaches a file."""
        if fault := fault_of(self.name):
            raise ValueError(fault)


def special(*codes: int) -> dict[int | str, str]:
    """Codes of what is missing, with their labels."""
    return {code: SPECIAL[code] for code in codes}
