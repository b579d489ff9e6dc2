"""Who does not hear of whom: blocks and mutes in memory, for the sender of frames.

As with what is hidden: read at the start of the reader, and moved on by the events themselves, so
that telling asks no database. Nobody is told that they were blocked: their pages are asked to read
anew, as after any gap.
"""

from collections.abc import Iterable
from typing import Final

from app.community.events import MemberBlocked, MemberMuted, MemberUnblocked, MemberUnmuted
from app.community.policies import sees_hidden
from app.core.db import AnyConnection
from app.core.events import Recorded
from app.identity.actors import Actor
from app.identity.events import AccountClosed

_BLOCKS: Final = frozenset({MemberBlocked.event_type, MemberUnblocked.event_type})
_MUTES: Final = frozenset({MemberMuted.event_type, MemberUnmuted.event_type})

_READ: Final = """
    SELECT 'blocks' AS of, blocker_id::text AS who, blocked_id::text AS whom FROM community.blocks
    UNION ALL SELECT 'mutes', muter_id::text, muted_id::text FROM community.mutes
"""
Pair = tuple[str, str, str]


async def read(connection: AnyConnection) -> list[Pair]:
    """Who has blocked or muted whom."""
    cursor = await connection.execute(_READ)
    return [(row["of"], row["who"], row["whom"]) for row in await cursor.fetchall()]


class _Pairs:
    """Who keeps whom away, found from either end."""

    def __init__(self) -> None:
        self.of: dict[str, set[str]] = {}
        self.by: dict[str, set[str]] = {}

    def add(self, who: str, whom: str) -> None:
        self.of.setdefault(who, set()).add(whom)
        self.by.setdefault(whom, set()).add(who)

    def remove(self, who: str, whom: str) -> None:
        for ends, one, other in ((self.of, who, whom), (self.by, whom, who)):
            others = ends.get(one, set())
            others.discard(other)
            if not others:
                ends.pop(one, None)

    def forget(self, member: str) -> None:
        for whom in tuple(self.of.get(member, ())):
            self.remove(member, whom)
        for who in tuple(self.by.get(member, ())):
            self.remove(who, member)


class BlockCache:
    """Blocks and mutes as of the last event told."""

    def __init__(self) -> None:
        self._blocks = _Pairs()
        self._mutes = _Pairs()

    def begin(self, pairs: Iterable[Pair]) -> None:
        """Know those that stand at the start."""
        self._blocks, self._mutes = _Pairs(), _Pairs()
        for of, who, whom in pairs:
            (self._blocks if of == "blocks" else self._mutes).add(who, whom)

    def follow(self, event: Recorded) -> None:
        """Learn what an event changes."""
        if event.type == AccountClosed.event_type:
            for pairs in (self._blocks, self._mutes):
                pairs.forget(event.payload.get("member_id", ""))
        if not is_change(event):
            return
        pairs = self._blocks if event.type in _BLOCKS else self._mutes
        adds = event.type in {MemberBlocked.event_type, MemberMuted.event_type}
        act = pairs.add if adds else pairs.remove
        act(event.payload["member_id"], event.payload["other_id"])

    def concerns(self, event: Recorded) -> bool:
        """Whether somebody may not hear of it."""
        known = (self._blocks.of, self._blocks.by, self._mutes.by)
        return any(one in ends for one in _people(event) for ends in known)

    def may_hear(self, event: Recorded, actor: Actor) -> bool:
        """The rule of who sees what, for an event about a post: not of whom one does not see, nor
        below their threads but for one's own replies."""
        me = str(actor.member_id)
        people = _people(event)
        if event.payload.get("author_id") == me:
            people = [one for one in people if one != event.payload.get("thread_author_id")]
        return not any(self._is_apart(me, one, actor) for one in people if one != me)

    def _is_apart(self, me: str, other: str, actor: Actor) -> bool:
        if me in self._mutes.by.get(other, ()):
            return True
        of, by = self._blocks.of.get(other, ()), self._blocks.by.get(other, ())
        return (me in of or me in by) and not sees_hidden(actor)


def is_change(event: Recorded) -> bool:
    """Whether it changes who sees whom."""
    return event.type in _BLOCKS or event.type in _MUTES


def changes_pages_of(event: Recorded) -> tuple[str, ...]:
    """Whose open pages show more or less because of it: of both, or of who muted alone."""
    if event.type in _BLOCKS:
        return (event.payload["member_id"], event.payload["other_id"])
    return (event.payload["member_id"],) if event.type in _MUTES else ()


def _people(event: Recorded) -> list[str]:
    payload = event.payload
    found = (payload.get("author_id"), payload.get("thread_author_id"), payload.get("actor_id"))
    return [one for one in found if one is not None] if "post_id" in payload else []
