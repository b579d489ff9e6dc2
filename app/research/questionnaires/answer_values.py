"""An answer in the columns of its row, and back. Pure."""

from collections.abc import Mapping
from typing import Any

from app.research.scoring import Answer


def columns(answer: Answer) -> dict[str, Any]:
    """The columns of an answer; all empty for a question that was skipped."""
    found: dict[str, Any] = {"value": None, "codes": None, "words": None}
    if isinstance(answer, str):
        found["words"] = answer
    elif isinstance(answer, int):
        found["value"] = answer
    elif answer is not None:
        found["codes"] = sorted(answer)
    return found


def read(row: Mapping[str, Any]) -> Answer:
    """The answer that a row holds; None for a question that was skipped."""
    if row["codes"] is not None:
        return list(row["codes"])
    found: int | str | None = row["value"] if row["words"] is None else row["words"]
    return found
