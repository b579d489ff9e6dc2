"""Where a page ended: the keys of rows, as cursors and as bounds of statements.

Posts, threads, search and news are ordered by id alone, which the database keeps rising
whatever a clock says.
"""

from dataclasses import dataclass
from uuid import UUID

from app.core import pages


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
        _, before = pages.decode(cursor, _newest, UUID) or (None, pages.LAST_ID)
        return WallPlace(False, horizon, pages.LAST_ID, before)
    key = pages.decode(cursor, _order, UUID, UUID)
    if key is None:
        return WallPlace(True, horizon, horizon, pages.LAST_ID)
    order, last, horizon = key
    if order == "rest":
        return WallPlace(True, horizon, pages.LAST_ID, last)
    return WallPlace(True, horizon, last, pages.LAST_ID)


def _newest(part: str) -> str:
    return _among(part, "newest")


def _order(part: str) -> str:
    return _among(part, "waiting", "rest")


def _among(part: str, *orders: str) -> str:
    if part not in orders:
        raise ValueError(part)
    return part
