"""The missing codes of a column, as SPSS and Stata declare them."""

from typing import Final

from app.research.codebook_columns import Column
from app.research.special_codes import (
    DECLINED,
    NOT_ANSWERED,
    NOT_APPLICABLE,
    NOT_REACHED,
    SPECIAL,
    WITHHELD,
)

#: The same letter for the same reason in every file: Stata's extended missing values.
STATA: Final = {
    NOT_ANSWERED: "a",
    WITHHELD: "b",
    NOT_APPLICABLE: "c",
    DECLINED: "d",
    NOT_REACHED: "e",
}
#: SPSS takes so many single values for a variable, or one range.
_MOST_SINGLE: Final = 3


def of(column: Column) -> list[int]:
    """The codes of a column that stand for no value, the lowest first."""
    return sorted(int(code) for code in column.values if code in SPECIAL)


def is_range(codes: list[int]) -> bool:
    """Whether SPSS is told the lowest and the highest of them, and not each."""
    return len(codes) > _MOST_SINGLE
