"""The hub of one process: which socket listens to what, and what was told lately.

Everything here happens between two awaits, so a subscription and what it missed are one step:
no frame can fall between them or come twice.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Collection, Iterable
from contextlib import suppress
from uuid import UUID

from app.core.events import START, Position, Recorded
from app.identity.actors import Actor
from app.realtime import block_cache, metrics, revocation
from app.realtime.block_cache import BlockCache
from app.realtime.connection import Connection
from app.realtime.frames import Refetch, encode
from app.realtime.hidden_posts import HiddenPosts
from app.realtime.payloads import frame_of, is_told
from app.realtime.topics import CASES, TopicNames

#: Events kept in memory for those who come back. The outbox is not asked: a thousand browsers
#: that reconnect after a restart would each ask, and further back a page is read anew anyway.
RECENT = 4_000
#: More missed frames than this, and reading anew is cheaper for both sides.
MOST_MISSED = 500
#: Sockets of one account in this process. A browser has one a window; more is a program.
MOST_SOCKETS = 30


class Hub:
    """Sockets by topic, and the recent past."""

    def __init__(self, position: Position = START, *, recent: int = RECENT) -> None:
        #: All events up to here have been told.
        self.position = position
        #: All events after here that concern browsers are in `_recent`.
        self._known_from = position
        self._recent: deque[Recorded] = deque()
        self._most_recent = recent
        #: What browsers call the topics.
        self.names = TopicNames()
        #: Follows what is told: hidden posts and who wrote them.
        self.hidden = HiddenPosts()
        #: Follows it too: who has blocked or muted whom.
        self.apart = BlockCache()
        self._by_topic: dict[str, set[Connection]] = {}
        self.connections: set[Connection] = set()
        self._by_account: Counter[UUID] = Counter()
        self._moved = asyncio.Event()
        self._goodbyes: set[asyncio.Task[None]] = set()

    def begin(self, position: Position) -> None:
        """Know that all before `position` is too far back."""
        self.position = self._known_from = position

    def has_room(self, actor: Actor) -> bool:
        """Whether one account may open another socket here."""
        return self._by_account[actor.account_id] < MOST_SOCKETS

    def enter(self, connection: Connection, *, admitted_at: Position) -> None:
        """Take in a socket whose sign-in was looked up when the hub stood at `admitted_at`."""
        self.connections.add(connection)
        self._by_account[connection.actor.account_id] += 1
        metrics.SOCKETS.inc()
        for event in self._recent:
            if event.position > admitted_at:
                self._revoke(event, (connection,))

    def leave(self, connection: Connection) -> None:
        """Forget a socket; may be said twice."""
        if connection in self.connections:
            self.connections.discard(connection)
            metrics.SOCKETS.dec()
            account_id = connection.actor.account_id
            self._by_account[account_id] -= 1
            if not self._by_account[account_id]:
                del self._by_account[account_id]
        self.unsubscribe(connection, list(connection.topics))

    def subscribe(self, connection: Connection, keys: Iterable[str]) -> None:
        """Send what happens on these topics from now on."""
        for key in keys:
            self._by_topic.setdefault(key, set()).add(connection)
            connection.topics.add(key)

    def unsubscribe(self, connection: Connection, keys: Iterable[str]) -> None:
        """Send no more of these."""
        for key in keys:
            connection.topics.discard(key)
            listeners = self._by_topic.get(key)
            if listeners is not None:
                listeners.discard(connection)
                if not listeners:
                    del self._by_topic[key]

    def missed(self, keys: Collection[str], since: Position, actor: Actor) -> list[Recorded] | None:
        """What was told on these topics after `since`; None when that is too far back. What is
        hidden by now is not told any more, though it was open then. Whose pages show other people
        since then reads them anew."""
        if not self._known_from <= since <= self.position:
            return None
        found: list[Recorded] = []
        for event in reversed(self._recent):
            if event.position <= since:
                break
            if str(actor.member_id) in block_cache.changes_pages_of(event):
                return None
            if not is_told(event) or revocation.is_personal(event):
                continue
            if _concerns(event, keys) and self._may_hear(event, actor):
                found.append(event)
        return None if len(found) > MOST_MISSED else found[::-1]

    async def reach(self, position: Position, *, seconds: float) -> bool:
        """Wait until everything up to `position` was told: another process may be ahead of us."""
        if self.position >= position:
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.position < position:
                    await self._moved.wait()
        return self.position >= position

    def publish(self, event: Recorded) -> int:
        """Tell everyone who listens; returns how many sockets were told."""
        self.position = event.position
        self.hidden.follow(event)
        self.apart.follow(event)
        if is_told(event) or revocation.concerns_rights(event) or block_cache.is_change(event):
            self._remember(event)
        self._moved.set()
        self._moved = asyncio.Event()
        self._revoke(event, self.connections)
        self._renew(event)
        if not is_told(event) or revocation.is_personal(event):
            return 0
        return self._fan_out(event)

    def drop(self, connection: Connection) -> None:
        """Let go of a client that is gone or does not read."""
        self.leave(connection)
        metrics.DROPPED.inc()
        connection.wire.abort()

    def dismiss(self, connection: Connection, code: int) -> None:
        """Tell it nothing more, and close it with this code."""
        self.leave(connection)
        goodbye = asyncio.get_running_loop().create_task(connection.end(code))
        self._goodbyes.add(goodbye)
        goodbye.add_done_callback(self._goodbyes.discard)

    def _remember(self, event: Recorded) -> None:
        self._recent.append(event)
        if len(self._recent) > self._most_recent:
            self._known_from = self._recent.popleft().position

    def _revoke(self, event: Recorded, among: Collection[Connection]) -> None:
        """Take away at once what the event takes away."""
        if not revocation.concerns_rights(event):
            return
        for connection in revocation.hit_by(event, among):
            if revocation.is_personal(event):
                connection.write(encode(frame_of(event, ["me"])))
            self.dismiss(connection, revocation.code_of(event))

    def _may_hear(self, event: Recorded, actor: Actor) -> bool:
        if self.names.is_elsewhere(event):
            return False
        return self.hidden.may_hear(event, actor) and self.apart.may_hear(event, actor)

    def _is_restricted(self, event: Recorded) -> bool:
        """Whether somebody may not hear of it."""
        known = (self.names.is_elsewhere, self.hidden.concerns, self.apart.concerns)
        return any(concerns(event) for concerns in known)

    def _renew(self, event: Recorded) -> None:
        """Let pages read anew that show other people from now on, in the words of any gap: why is
        told to nobody."""
        members = block_cache.changes_pages_of(event)
        if not members:
            return
        for connection in tuple(self.connections):
            if str(connection.actor.member_id) not in members:
                continue
            topics = sorted(self.names.name_of(key) for key in connection.topics if key != CASES)
            renewed = Refetch(topics=topics, position=str(event.position))
            if topics and not connection.write(encode(renewed)):
                self.drop(connection)

    def _fan_out(self, event: Recorded) -> int:
        gone: list[Connection] = []
        told = 0
        is_restricted = self._is_restricted(event)
        for topics, listeners in self._audiences(event.topics):
            audience = listeners
            if is_restricted:
                audience = [one for one in listeners if self._may_hear(event, one.actor)]
            frame = encode(frame_of(event, topics))
            told += len(audience)
            gone.extend(one for one in audience if not one.write(frame))
        for connection in gone:
            self.drop(connection)
        metrics.FRAMES.inc(told)
        return told

    def _audiences(self, keys: Iterable[str]) -> Iterable[tuple[list[str], Collection[Connection]]]:
        """Sockets by the topics of theirs an event is on: a browser that is still catching up on
        one topic must not be told there that it is further than it is."""
        present = [key for key in keys if key in self._by_topic]
        if len(present) < 2:
            return [([self.names.name_of(key)], self._by_topic[key]) for key in present]
        heard: dict[Connection, tuple[str, ...]] = {}
        for key in present:
            for connection in self._by_topic[key]:
                heard[connection] = (*heard.get(connection, ()), self.names.name_of(key))
        groups: dict[tuple[str, ...], list[Connection]] = {}
        for connection, names in heard.items():
            groups.setdefault(names, []).append(connection)
        return [(list(names), audience) for names, audience in groups.items()]


def _concerns(event: Recorded, keys: Collection[str]) -> bool:
    return any(topic in keys for topic in event.topics)
