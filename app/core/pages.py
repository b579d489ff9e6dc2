"""Paging by key: a cursor says where the last page ended, never how many rows to skip."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel

from app.core.errors import InvalidError

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None


class BadCursorError(InvalidError):
    """The cursor is not one that we gave."""

    type = "bad-cursor"
    default_detail = "That page can't be found. Please start again from the top."


#: What a part of a key stands for; raises ValueError when it can't.
Kind = Callable[[str], Any]

#: Before and after every id, and after every number that PostgreSQL holds: a first page is the page
#: after one of them, not a statement of its own.
FIRST_ID: Final = UUID(int=0)
LAST_ID: Final = UUID(int=(1 << 128) - 1)
LARGEST: Final = (1 << 63) - 1

_WHOLE = re.compile(r"[0-9]{1,19}")
_FLAGS: Final = {"True": True, "False": False}


def encode(*key: Any) -> str:
    """The key of the last row on a page as an opaque, URL-safe word."""
    return base64.urlsafe_b64encode(orjson.dumps([str(part) for part in key])).decode().rstrip("=")


def decode(cursor: str | None, *kinds: Kind) -> tuple[Any, ...] | None:
    """The key again, each part as its kind, or None for the first page; raises BadCursorError."""
    if cursor is None:
        return None
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(key, list):
            raise BadCursorError
        return tuple(kind(str(part)) for kind, part in zip(kinds, key, strict=True))
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise BadCursorError from error


def number(part: str) -> int:
    """A whole number from nought up that PostgreSQL holds."""
    if not _WHOLE.fullmatch(part) or int(part) > LARGEST:
        raise ValueError(part)
    return int(part)


def negative(part: str) -> int:
    """A number below nought, or nought: the key of what is ordered by the most first."""
    return -number(part.removeprefix("-"))


def flag(part: str) -> bool:
    """Yes or no."""
    if part not in _FLAGS:
        raise ValueError(part)
    return _FLAGS[part]
