"""Where a page ended: the keys of rows, as cursors and as bounds of statements.

Posts, threads, search and news are ordered by id alone, which the database keeps rising
whatever a clock says.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core import pages
from app.core.pages import BadCursorError

#: Before and after everything: a first page is the page after one of them, not a statement of
#: its own.
FIRST: Final = UUID(int=0)
LAST: Final = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class WallPlace:
    """Where a page of the wall begins: after which of those that wait, before which of the rest.

    The horizon travels with the cursor: while someone reads on, nothing moves from one list to the
    other because time goes by.
    """

    unanswered: bool
    horizon: UUID
    waiting_after: UUID
    before: UUID

    def bounds(self) -> dict[str, UUID]:
        """As parameters of the statement."""
        return {
            "horizon": self.horizon,
            "waiting_after": self.waiting_after,
            "before": self.before,
        }

    def after(self, last: UUID, *, is_waiting: bool) -> str:
        """The cursor of the page after `last`."""
        if not self.unanswered:
            return pages.encode("newest", last)
        return pages.encode("waiting" if is_waiting else "rest", last, self.horizon)


def wall(cursor: str | None, *, unanswered: bool, horizon: UUID) -> WallPlace:
    """Where a page goes on; a first page begins at the horizon."""
    if not unanswered:
        key = pages.decode(cursor, parts=2)
        return WallPlace(False, horizon, LAST, LAST if key is None else _in("newest", key))
    key = pages.decode(cursor, parts=3)
    if key is None:
        return WallPlace(True, horizon, horizon, LAST)
    horizon = _id(key[2])
    if key[0] == "rest":
        return WallPlace(True, horizon, LAST, _id(key[1]))
    return WallPlace(True, horizon, _in("waiting", key), LAST)


def _in(order: str, key: tuple[str, ...]) -> UUID:
    if key[0] != order:
        raise BadCursorError
    return _id(key[1])


def two_lists(cursor: str | None, last_place: int) -> tuple[UUID, int]:
    """Where a page went on in two lists: before which id, and before which place."""
    key = pages.decode(cursor, parts=2)
    return (LAST, last_place) if key is None else (_id(key[0]), _place(key[1], last_place))


def only_id(cursor: str | None) -> UUID | None:
    """The key of a list ordered by id alone."""
    key = pages.decode(cursor, parts=1)
    return None if key is None else _id(key[0])


def only_number(cursor: str | None) -> int | None:
    """The key of a list ordered by a number alone."""
    key = pages.decode(cursor, parts=1)
    return None if key is None else _place(key[0], (1 << 31) - 1)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadCursorError from error


def _place(text: str, last: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > last:
        raise BadCursorError
    return int(text)
