"""Which posts are hidden now, and who may hear of them.

Kept in memory, in the order of events, so that telling asks no database: the first look at the
posts comes with the start of the reader, and each event that hides or restores one moves it on.
"""

from typing import Any, Final

from app.community.events import PostHidden, PostRestored
from app.community.policies import sees_hidden
from app.core.db import AnyConnection
from app.core.events import Recorded
from app.identity.actors import Actor

#: What a page needs to fold a post, or to show it again. It says which, and nothing else.
_CHANGES: Final = frozenset({PostHidden.event_type, PostRestored.event_type})

_READ: Final = """
    SELECT id::text AS id, author_id::text AS author_id FROM community.posts
    WHERE visibility = 'hidden'
"""


async def read(connection: AnyConnection) -> dict[str, str]:
    """Hidden posts and who wrote them."""
    cursor = await connection.execute(_READ)
    return {row["id"]: row["author_id"] for row in await cursor.fetchall()}


class HiddenPosts:
    """Hidden posts and their authors, as of the last event told."""

    def __init__(self) -> None:
        self._authors: dict[str, str] = {}

    def begin(self, authors: dict[str, str]) -> None:
        """Know those that are hidden at the start."""
        self._authors = dict(authors)

    def follow(self, event: Recorded) -> None:
        """Learn what an event changes."""
        if event.type == PostHidden.event_type:
            self._authors[event.payload["post_id"]] = event.payload["author_id"]
        elif event.type == PostRestored.event_type:
            self._authors.pop(event.payload["post_id"], None)

    def concerns(self, event: Recorded) -> bool:
        """Whether it speaks of something hidden, so that not everyone may hear of it."""
        post_id = event.payload.get("post_id")
        if post_id is None:
            return False
        thread_id = event.payload["thread_id"]
        is_change = event.type in _CHANGES
        return (post_id in self._authors and not is_change) or (
            thread_id in self._authors and not (is_change and thread_id == post_id)
        )

    def may_hear(self, event: Recorded, actor: Actor) -> bool:
        """The rule of who sees what (`community.visibility`), for an event about a post: staff, and
        its author; the author of a hidden thread hears of what stands open below it."""
        if not self.concerns(event) or sees_hidden(actor):
            return True
        payload: dict[str, Any] = event.payload
        me = str(actor.member_id)
        if payload["author_id"] == me:
            return True
        is_hidden = payload["post_id"] in self._authors and event.type not in _CHANGES
        return not is_hidden and self._authors.get(payload["thread_id"]) == me
