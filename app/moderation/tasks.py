"""Once an hour: what is to be erased? Each night, and when asked: is the log as it was written?"""

from procrastinate import Blueprint, JobContext

from app.core.db import Database, unit_of_work
from app.core.settings import Settings
from app.moderation import erasure, log_checks

moderation_tasks = Blueprint()


@moderation_tasks.periodic(cron="37 * * * *")
@moderation_tasks.task(name="erase", pass_context=True, queueing_lock="moderation:erase")
async def erase(context: JobContext, timestamp: int) -> None:
    """Erase texts whose time is over. May run twice."""
    database: Database = context.additional_context["database"]
    settings: Settings = context.additional_context["settings"]
    while True:
        async with unit_of_work(database) as session:
            found = await erasure.erase(session, after_days=settings.care.erase_after_days)
        if found < erasure.BATCH:
            return


@moderation_tasks.periodic(cron="17 3 * * *")
@moderation_tasks.task(name="check_log", pass_context=True, queueing_lock=log_checks.TASK)
async def check_log(context: JobContext, timestamp: int = 0) -> None:
    """Check the log, and keep what was found. May run twice."""
    await log_checks.run(context.additional_context["database"])
