"""What one browser asks for on its socket, and what it is answered."""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from app.core.events import BadPositionError, Position
from app.core.logs import logger
from app.identity.actors import Actor
from app.realtime.connection import MALFORMED, TOO_MANY, TRY_AGAIN_LATER, Connection
from app.realtime.frames import (
    MOST_TOPICS,
    REQUEST,
    Pong,
    Refetch,
    Refused,
    StreamStart,
    Subscribe,
    Subscribed,
    Unsubscribe,
    encode,
)
from app.realtime.hub import Hub
from app.realtime.payloads import frame_of
from app.realtime.topics import NO_THREAD, ClosedTopicError, thread_of

#: How long one who is ahead of us (told by a process that reads faster) waits for us.
AHEAD_SECONDS = 3.0

_PONG = encode(Pong())

#: Which of these threads are open to somebody.
FindOpen = Callable[[Actor, Collection[UUID]], Awaitable[set[UUID]]]


class SessionHandler:
    """Answers one socket; every answer goes out in order with the frames of the hub."""

    def __init__(self, hub: Hub, connection: Connection, find_open: FindOpen) -> None:
        self._hub = hub
        self._find_open = find_open
        self._connection = connection

    def welcome(self) -> None:
        """The first frame."""
        self._say(StreamStart(position=str(self._hub.position)))

    async def hear(self, text: str) -> int | None:
        """Answer one message; a close code when this can't go on."""
        if not self._connection.may_ask():
            return TOO_MANY
        await self._connection.wire.drained()
        try:
            asked = REQUEST.validate_json(text)
        except ValueError:
            return MALFORMED
        if isinstance(asked, Subscribe):
            return await self._subscribe(asked)
        if isinstance(asked, Unsubscribe):
            self._unsubscribe(asked)
        elif not self._connection.write(_PONG):
            self._hub.drop(self._connection)
        return None

    async def _subscribe(self, asked: Subscribe) -> int | None:
        try:
            keys = await self._only_open_threads(asked, self._open_keys(asked))
        except (psycopg.Error, PoolTimeout, OSError) as error:
            logger.warning("threads can't be looked up", error=type(error).__name__)
            return TRY_AGAIN_LATER
        if not keys:
            return None
        since = await self._place_of(asked.since)
        if len(self._connection.topics.union(keys)) > MOST_TOPICS:
            return TOO_MANY
        if self._connection not in self._hub.connections:
            return None
        # No await from here on: what was missed, the answer and what follows are one stream.
        self._hub.subscribe(self._connection, keys)
        names = [self._hub.names.name_of(key) for key in keys]
        if asked.since is not None and not self._tell_missed(keys, since):
            self._say(Refetch(topics=names, position=str(self._hub.position)))
        self._say(Subscribed(ref=asked.ref, topics=names, position=str(self._hub.position)))
        return None

    def _open_keys(self, asked: Subscribe) -> list[str]:
        """Addresses of the topics that are open to this person; the others are refused."""
        keys: list[str] = []
        for topic in dict.fromkeys(asked.topics):
            try:
                keys.append(self._hub.names.key_of(topic, self._connection.actor))
            except ClosedTopicError as error:
                self._say(Refused(ref=asked.ref, topic=topic, detail=str(error)))
        return keys

    async def _only_open_threads(self, asked: Subscribe, keys: list[str]) -> list[str]:
        """Without the threads that this person may not see; those are refused, as what does not
        exist. What is hidden from now on, the hub keeps to itself."""
        wanted = {key: thread_id for key in keys if (thread_id := thread_of(key)) is not None}
        if not wanted:
            return keys
        found = await self._find_open(self._connection.actor, list(wanted.values()))
        closed = {key for key, thread_id in wanted.items() if thread_id not in found}
        for key in closed:
            self._hub.unsubscribe(self._connection, [key])
            self._say(Refused(ref=asked.ref, topic=key, detail=NO_THREAD))
        return [key for key in keys if key not in closed]

    async def _place_of(self, since: str | None) -> Position | None:
        """Where the browser says it was; None when that is no place of ours."""
        if since is None:
            return None
        try:
            position = Position.parse(since)
        except BadPositionError:
            return None
        return position if await self._hub.reach(position, seconds=AHEAD_SECONDS) else None

    def _tell_missed(self, keys: list[str], since: Position | None) -> bool:
        actor = self._connection.actor
        missed = None if since is None else self._hub.missed(keys, since, actor)
        for event in missed or ():
            topics = [self._hub.names.name_of(key) for key in event.topics if key in keys]
            if not self._connection.write(encode(frame_of(event, topics))):
                self._hub.drop(self._connection)
                break
        return missed is not None

    def _unsubscribe(self, asked: Unsubscribe) -> None:
        keys: list[str] = []
        for topic in asked.topics:
            try:
                keys.append(self._hub.names.key_of(topic, self._connection.actor))
            except ClosedTopicError:
                continue
        self._hub.unsubscribe(self._connection, keys)

    def _say(self, answer: StreamStart | Subscribed | Refused | Refetch) -> None:
        if not self._connection.write(encode(answer)):
            self._hub.drop(self._connection)
