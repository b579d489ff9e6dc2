"""Once a minute: is somebody worried, and nobody looking?"""

from procrastinate import Blueprint, JobContext

from app.core.db import Database, unit_of_work
from app.core.seal import Seal
from app.core.settings import Settings
from app.identity.letters import Letterbox
from app.moderation import alerts

moderation_tasks = Blueprint()


@moderation_tasks.periodic(cron="* * * * *")
@moderation_tasks.task(name="alert", pass_context=True, queueing_lock="moderation:alert")
async def alert(context: JobContext, timestamp: int) -> None:
    """Write to whoever answers for safety. May run twice."""
    database: Database = context.additional_context["database"]
    seal: Seal = context.additional_context["seal"]
    settings: Settings = context.additional_context["settings"]
    letterbox = Letterbox(seal, settings.server.origin)
    async with unit_of_work(database) as session:
        await alerts.send(session, letterbox, zone=settings.care.time_zone)
