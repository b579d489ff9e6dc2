"""Cursors of this package, turned back into the values that a statement compares with."""

from collections.abc import Callable
from typing import Any

from app.core import pages
from app.core.pages import BadCursorError

Kind = Callable[[str], Any]

_LARGEST = 2**63 - 1

#: Keys of the first page of what is ordered by place, from either end.
OLDEST = (0,)
NEWEST = (_LARGEST,)


def number(part: str) -> int:
    """A whole number that PostgreSQL can hold."""
    found = int(part)
    if abs(found) > _LARGEST:
        raise ValueError(part)
    return found


def flag(part: str) -> bool:
    """Yes or no."""
    return {"True": True, "False": False}[part]


def read(cursor: str | None, *kinds: Kind) -> tuple[Any, ...] | None:
    """The key of a cursor, or None for the first page; raises BadCursorError."""
    parts = pages.decode(cursor, parts=len(kinds))
    if parts is None:
        return None
    try:
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (KeyError, ValueError, OverflowError) as error:
        raise BadCursorError from error
