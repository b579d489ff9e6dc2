"""A row as one hash, so that a line of the log vouches for words that it does not hold."""

import hashlib
from datetime import datetime
from typing import Any, Final

from app.moderation import chain

#: What a digest stood for in lines of format 1; from then on it says the kind of the subject too.
_BEFORE: Final = ("id", "case_id", "subject_id", "moderator_id")


def of_decision(decision: dict[str, Any], format_: int = chain.FORMAT) -> str:
    """The digest of a decision given as a row, as a line of that format holds it."""
    return _of(decision, format_, "act", "reason", "note_about", "subject_version")


def of_step(step: dict[str, Any], format_: int = chain.FORMAT) -> str:
    """The digest of a step given as a row, as a line of that format holds it."""
    return _of(step, format_, "kind", "words", "subject_version")


def of_sanction(row: dict[str, Any]) -> str:
    """The digest of a sanction, or of what became of one, given as a row: all that it says."""
    said = sorted((name, value) for name, value in row.items() if name != "place")
    return _digest(*(_said(value) for _, value in said))


def _said(value: Any) -> Any:
    return chain.moment(value) if isinstance(value, datetime) else value


def _of(row: dict[str, Any], format_: int, *said: str) -> str:
    names = (*_BEFORE, *said) if format_ == 1 else ("subject_kind", *_BEFORE, *said)
    return _digest(*(row[name] for name in names))


def _digest(*fields: Any) -> str:
    canonical = "".join(chain.netstring(None if f is None else str(f)) for f in fields)
    return hashlib.sha256(canonical.encode()).hexdigest()
