"""Where a page ended: the keys of rows, as cursors and as bounds of statements."""

from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from psycopg.rows import TupleRow

from app.community.shown import CREATED_AT, ID, IS_ANSWERED
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


def wall(cursor: str | None, *, unanswered: bool) -> tuple[str, Key]:
    """Which part of the wall a page goes on in, and before what."""
    key = pages.decode(cursor, parts=3)
    if key is None:
        return "waiting" if unanswered else "newest", LAST
    order, at, post_id = key
    if order not in ({"waiting", "answered"} if unanswered else {"newest"}):
        raise BadCursorError
    return order, Key(_time(at), _id(post_id))


def wall_cursor(last: TupleRow, *, unanswered: bool) -> str:
    """The cursor of the page after `last`."""
    order = "newest"
    if unanswered:
        order = "answered" if last[IS_ANSWERED] else "waiting"
    return pages.encode(order, last[CREATED_AT].isoformat(), last[ID])


def by_time(cursor: str | None) -> Key:
    """The key of a list whose newest comes first."""
    key = pages.decode(cursor, parts=2)
    return LAST if key is None else Key(_time(key[0]), _id(key[1]))


def only_id(cursor: str | None) -> UUID | None:
    """The key of a list ordered by id alone."""
    key = pages.decode(cursor, parts=1)
    return None if key is None else _id(key[0])


def earliest_reply(thread_id: UUID) -> UUID:
    """Below every reply of a thread, for none is older than the millisecond of its root."""
    return UUID(int=thread_id.int >> 80 << 80)


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
