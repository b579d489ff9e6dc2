"""Cells of a table as they are set: numbers to the right, words to the left."""

import re
from typing import Final

from app.research.charts.figure_tables import NOT_TOLD
from app.research.charts.figure_words import HELD_BACK
from app.research.documents.document import ReportTable

#: What stands for a number, and is set apart from those that are told.
WITHHELD: Final = (HELD_BACK, NOT_TOLD)
_NUMBER: Final = re.compile(
    r"(about )?[−£]{0,2}[\d,.]+%?( (to|of|or|points?|times|days?|minutes?|hours)( .+)?)?"
)


def is_number(cell: str) -> bool:
    """Whether a cell holds a number, or says why there is none."""
    return cell in ("", *WITHHELD) or _NUMBER.fullmatch(cell) is not None


def number_columns(table: ReportTable) -> list[bool]:
    """For each column whether all its cells are numbers; the first names its row."""
    rest = range(1, len(table.head))
    return [False, *(all(is_number(row[place]) for row in table.rows) for place in rest)]
