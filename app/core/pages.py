"""Paging by key: a cursor says where the last page ended, never how many rows to skip."""

import base64
import binascii
from typing import Any, Generic, TypeVar

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


def encode(*key: Any) -> str:
    """The key of the last row on a page as an opaque, URL-safe word."""
    return base64.urlsafe_b64encode(orjson.dumps([str(part) for part in key])).decode().rstrip("=")


def decode(cursor: str | None, *, parts: int) -> tuple[str, ...] | None:
    """The key again, or None for the first page; raises BadCursorError."""
    if cursor is None:
        return None
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise BadCursorError from error
    if not isinstance(key, list) or len(key) != parts:
        raise BadCursorError
    return tuple(str(part) for part in key)
