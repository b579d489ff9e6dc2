"""Where a page ended: the keys of rows, as cursors and as bounds of statements.

The wall, threads, search and news are ordered by id alone, which the database keeps rising
whatever a clock says.
"""

from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from psycopg.rows import TupleRow

from app.community.shown import ID, IS_ANSWERED
from app.core import pages
from app.core.pages import BadCursorError


class Key(NamedTuple):
    """A place in an order by time, then id."""

    at: datetime
    id: UUID


#: Before and after everything: a first page is the page after one of them, not a statement of
#: its own.
FIRST: Final = Key(datetime(1, 1, 1, tzinfo=UTC), UUID(int=0))
LAST: Final = Key(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=(1 << 128) - 1))


def wall(cursor: str | None, *, unanswered: bool) -> tuple[str, UUID]:
    """Which part of the wall a page goes on in, and before what."""
    key = pages.decode(cursor, parts=2)
    if key is None:
        return "waiting" if unanswered else "newest", LAST.id
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


def by_time(cursor: str | None) -> Key:
    """The key of a list whose newest comes first."""
    key = pages.decode(cursor, parts=2)
    return LAST if key is None else Key(_time(key[0]), _id(key[1]))


def only_id(cursor: str | None) -> UUID | None:
    """The key of a list ordered by id alone."""
    key = pages.decode(cursor, parts=1)
    return None if key is None else _id(key[0])


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadCursorError from error


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadCursorError from error
    if time.tzinfo is None:
        raise BadCursorError
    return time
