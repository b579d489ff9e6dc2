"""Once a minute: is somebody worried, and nobody looking, and whose sanction is over? Once an hour:
what is to be erased? Each night, and when asked: is the log as it was written?"""

from procrastinate import Blueprint, JobContext

from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity.letters import Letterbox
from app.moderation import alerts, erasure, log_checks, sanctions

moderation_tasks = Blueprint()


#: What jobs that an earlier release asked for are called.
_FORMER = ["alert", "tell_over"]


# One job for both: each is flushed to the disk every minute, also when nothing happens.
@moderation_tasks.periodic(cron="* * * * *")
@moderation_tasks.task(
    name="look", aliases=_FORMER, pass_context=True, queueing_lock="moderation:look"
)
async def look(context: JobContext, timestamp: int) -> None:
    """Write to whoever answers for safety; then tell members that a sanction of theirs is over. It
    ended without this. May run twice."""
    database: Database = context.additional_context["database"]
    encryption: Encryption = context.additional_context["encryption"]
    settings: Settings = context.additional_context["settings"]
    letterbox = Letterbox(encryption, settings.server.origin)
    async with unit_of_work(database) as session:
        await alerts.send(session, letterbox, zone=settings.care.time_zone)
    is_one_over = True
    while is_one_over:
        async with unit_of_work(database) as session:
            is_one_over = await sanctions.tell_over(session)


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
