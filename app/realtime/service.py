"""The live part of one server process: a hub, its reader, and what watches over them."""

import asyncio
from collections.abc import Collection, Coroutine
from contextlib import suppress
from uuid import UUID

from app.community import queries
from app.core import open_files
from app.core.cancel_tasks import cancel_tasks
from app.core.db import Database
from app.core.logs import logger
from app.core.notify_listener import WakeUp, wake_on_notify
from app.identity.actors import Actor
from app.realtime.expiry import watch_sessions
from app.realtime.hub import Hub
from app.realtime.metrics import watch_transactions
from app.realtime.reader import Reader

READY_SECONDS = 10.0
ADMISSIONS = 2


class Live:
    """Started and stopped with the application."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bell = WakeUp()
        self._tasks: list[asyncio.Task[None]] = []
        self.hub = Hub()
        #: After a restart every browser comes back at once. They wait here, and not in front of
        #: the connections that reading pages and the reader of events need as well.
        self.admissions = asyncio.Semaphore(ADMISSIONS)
        self._reader = Reader(database, self.hub, self._bell)

    async def start(self) -> None:
        """Begin to read; does not wait for a database that is away."""
        self._begin(wake_on_notify(self._database, self._bell))
        self._begin(self._reader.run())
        self._begin(watch_transactions(self._database.pool))
        self._begin(watch_sessions(self._database.pool, self.hub))
        self._begin(open_files.watch())

    async def stop(self) -> None:
        """Stop reading. The server has closed the sockets by then (1012)."""
        await cancel_tasks(self._tasks)
        self._tasks.clear()

    async def is_ready(self) -> bool:
        """Whether the hub knows the recent past; waits a little at the start of a process."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_SECONDS):
                await self._reader.is_ready.wait()
        return self._reader.is_ready.is_set()

    async def find_open(self, actor: Actor, thread_ids: Collection[UUID]) -> set[UUID]:
        """Which of these threads are open to somebody, a few askers at a time."""
        async with self.admissions:
            return await queries.open_threads(self._database.pool, actor, thread_ids)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(_say_if_it_died)
        self._tasks.append(task)


def _say_if_it_died(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.critical("a part of the live connection died", exc_info=task.exception())
