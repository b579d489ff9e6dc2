"""Where a page ended: the keys of rows, as cursors and as bounds of statements.

Posts, threads, search and news are ordered by id alone, which the database keeps rising
whatever a clock says.
"""

from typing import Final
from uuid import UUID

from psycopg.rows import TupleRow

from app.community.shown import ID, IS_ANSWERED
from app.core import pages
from app.core.pages import BadCursorError

#: Before and after everything: a first page is the page after one of them, not a statement of
#: its own.
FIRST: Final = UUID(int=0)
LAST: Final = UUID(int=(1 << 128) - 1)


def wall(cursor: str | None, *, unanswered: bool) -> tuple[str, UUID]:
    """Which part of the wall a page goes on in, and before what."""
    key = pages.decode(cursor, parts=2)
    if key is None:
        return "waiting" if unanswered else "newest", LAST
    order, post_id = key
    if order not in ({"waiting", "answered"} if unanswered else {"newest"}):
        raise BadCursorError
    return order, _id(post_id)


def wall_cursor(last: TupleRow, *, unanswered: bool) -> str:
    """The cursor of the page after `last`."""
    order = "newest"
    if unanswered:
        order = "answered" if last[IS_ANSWERED] else "waiting"
    return pages.encode(order, last[ID])


def two_lists(cursor: str | None, last_place: int) -> tuple[UUID, int]:
    """Where a page went on in two lists: before which id, and before which place."""
    key = pages.decode(cursor, parts=2)
    return (LAST, last_place) if key is None else (_id(key[0]), _place(key[1], last_place))


def only_id(cursor: str | None) -> UUID | None:
    """The key of a list ordered by id alone."""
    key = pages.decode(cursor, parts=1)
    return None if key is None else _id(key[0])


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadCursorError from error


def _place(text: str, last: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > last:
        raise BadCursorError
    return int(text)
