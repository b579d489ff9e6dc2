"""The worker: delivers events to subscribers, runs jobs, and looks each minute for worries and for
sanctions that are over, until told to stop."""

import asyncio
from collections.abc import Sequence

from app.core import delivery_round, event_partitions, open_files
from app.core.cancel_tasks import cancel_tasks
from app.core.db import Database
from app.core.delivery import BATCH, deliver
from app.core.encryption import Encryption
from app.core.events import Subscriber
from app.core.logs import logger
from app.core.notify_listener import WakeUp, wake_on_notify, wakes
from app.core.settings import Settings
from app.identity.letters import Letterbox
from app.jobs.app import create_queue, job_context
from app.jobs.subscribers import SUBSCRIBERS
from app.moderation import minute_watch

#: A worker's sign of life for the job queue; each is a write.
HEARTBEAT_SECONDS = 60.0


async def run(settings: Settings, *, subscribers: Sequence[Subscriber] = SUBSCRIBERS) -> None:
    """Work until cancelled."""
    database = Database(settings.database)
    await database.open()
    bell = WakeUp()
    work = [
        wake_on_notify(database, bell),
        _serve(database, subscribers, bell),
        event_partitions.keep_again_and_again(
            database, subscribers, keep_days=settings.care.keep_events_days
        ),
        minute_watch.look_again_and_again(
            database,
            Letterbox(Encryption(settings.secrets), settings.server.origin),
            zone=settings.care.time_zone,
        ),
        _run_jobs(settings, database),
        open_files.watch(),
    ]
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await cancel_tasks(tasks)
        await database.close()


async def _serve(database: Database, subscribers: Sequence[Subscriber], bell: WakeUp) -> None:
    """A round at each wake. Whoever has a backlog, or failed, goes on alone meanwhile, so that it
    holds up none of the others."""
    alone: dict[str, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        async for _ in wakes(bell):
            alone = {name: task for name, task in alone.items() if not task.done()}
            free = [one for one in subscribers if one.name not in alone]
            for one in await _round(database, free):
                alone[one.name] = group.create_task(drain(database, one))


async def _round(database: Database, subscribers: Sequence[Subscriber]) -> list[Subscriber]:
    """Who is left to be taken alone, after all with a few events have taken theirs together."""
    try:
        found = await delivery_round.look(database, subscribers)
    except Exception as error:
        logger.warning("delivery put off", error=type(error).__name__)
        return []
    if not found.together:
        return found.alone
    return [*found.alone, *await delivery_round.take_together(database, found.together)]


async def drain(database: Database, subscriber: Subscriber) -> None:
    """Deliver until nothing is left; a database that is away is asked again at the next wake."""
    try:
        while await deliver(database, subscriber) == BATCH:
            pass
    except Exception:
        logger.exception("delivery put off", subscriber=subscriber.name)


async def _run_jobs(settings: Settings, database: Database) -> None:
    context = job_context(settings, database)
    while True:
        try:
            async with create_queue(settings.database.url).open_async() as queue:
                await queue.run_worker_async(
                    concurrency=4,
                    additional_context=context,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=2.0,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=3 * HEARTBEAT_SECONDS,
                    delete_jobs="successful",
                )
        except Exception:
            logger.exception("the job queue stopped and starts again")
        await asyncio.sleep(1)
