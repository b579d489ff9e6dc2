"""Jobs of the studies: what an erasure leaves to be done, measures of a dataset, editions of a
report, times that no rule needs any more, and invitations."""

from uuid import UUID

from procrastinate import Blueprint, JobContext

from app.core.db import Database, unit_of_work
from app.core.settings import Settings
from app.research import browser_acts, deliveries, edition_making, erasure, evaluation_process
from app.research.exports import succession
from app.research.questionnaires import invitations

research_tasks = Blueprint()


def _database(context: JobContext) -> Database:
    database: Database = context.additional_context["database"]
    return database


@research_tasks.task(name="clear_erased", pass_context=True)
async def clear_erased(context: JobContext, study_id: str, participant_id: str) -> None:
    """Delete what an erased participant left behind, a batch a transaction. May run twice."""
    while True:
        async with unit_of_work(_database(context)) as session:
            if await erasure.clear_some(session, UUID(study_id), participant_id):
                return


@research_tasks.task(name="succeed", pass_context=True)
async def succeed(context: JobContext, dataset_id: str) -> None:
    """Make the dataset that follows one closed by an erasure. May run twice."""
    await succession.succeed(_database(context), UUID(dataset_id))


@research_tasks.task(name="evaluate", pass_context=True)
async def evaluate(context: JobContext, evaluation_id: str) -> None:
    """Compute all measures of a dataset. May run twice."""
    await evaluation_process.evaluate(_database(context), UUID(evaluation_id))


@research_tasks.task(name="make_edition", pass_context=True)
async def make_edition(context: JobContext, edition_id: str) -> None:
    """Render an edition of a report. May run twice."""
    await edition_making.make(_database(context), UUID(edition_id))


@research_tasks.periodic(cron="*/10 * * * *")
@research_tasks.task(name="forget", pass_context=True, queueing_lock="research:forget")
async def forget(context: JobContext, timestamp: int) -> None:
    """Forget which events were delivered, and exact times no rule needs any more. May run twice."""
    async with unit_of_work(_database(context)) as session:
        await deliveries.forget_passed(session)
        await browser_acts.forget_times(session)


@research_tasks.periodic(cron="*/10 * * * *")
@research_tasks.task(name="invite", pass_context=True, queueing_lock="research:invite")
async def invite(context: JobContext, timestamp: int) -> None:
    """Invite to waves and remind of them. May run twice."""
    found = context.additional_context
    settings: Settings = found["settings"]
    mailing = invitations.Mailing(found["encryption"], settings.server.origin, found["reach"])
    await invitations.send_due(_database(context), mailing)
