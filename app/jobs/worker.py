"""The worker: delivers events to subscribers and runs jobs, until told to stop."""

import asyncio
from collections.abc import Sequence

from app.core import event_partitions, mail
from app.core.db import Database
from app.core.delivery import BATCH, deliver
from app.core.ending import end
from app.core.events import Subscriber
from app.core.logs import logger
from app.core.seal import Seal
from app.core.settings import Settings
from app.core.wake import Bell, ring_on_notify, wakes
from app.jobs.app import create_queue
from app.jobs.subscribers import SUBSCRIBERS


async def run(settings: Settings, *, subscribers: Sequence[Subscriber] = SUBSCRIBERS) -> None:
    """Work until cancelled."""
    database = Database(settings.database)
    await database.open()
    bells = [Bell() for _ in subscribers]
    work = [
        ring_on_notify(database, *bells),
        *(_serve(database, one, bell) for one, bell in zip(subscribers, bells, strict=True)),
        event_partitions.keep_again_and_again(
            database, subscribers, keep_days=settings.care.keep_events_days
        ),
        _run_jobs(settings, database),
    ]
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end(tasks)
        await database.close()


async def _serve(database: Database, subscriber: Subscriber, bell: Bell) -> None:
    async for _ in wakes(bell):
        await drain(database, subscriber)


async def drain(database: Database, subscriber: Subscriber) -> None:
    """Deliver until nothing is left; a database that is away is asked again at the next wake."""
    try:
        while await deliver(database, subscriber) == BATCH:
            pass
    except Exception:
        logger.exception("delivery put off", subscriber=subscriber.name)


async def _run_jobs(settings: Settings, database: Database) -> None:
    context = {
        "database": database,
        "settings": settings,
        "seal": Seal(settings.secrets),
        "sender": mail.sender(settings),
    }
    while True:
        try:
            async with create_queue(settings.database.url).open_async() as queue:
                await queue.run_worker_async(
                    concurrency=4,
                    additional_context=context,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=2.0,
                    delete_jobs="successful",
                )
        except Exception:
            logger.exception("the job queue stopped and starts again")
        await asyncio.sleep(1)
