"""Jobs: work with a time or an outside. Deferred inside the transaction that wants them."""

from datetime import datetime
from typing import Any

from procrastinate import App, Blueprint, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db

#: Never opened: it only words the statement that runs on the caller's connection.
_deferrer = App(connector=PsycopgConnector())

core_tasks = Blueprint()


async def defer(
    session: AsyncSession,
    task: str,
    *,
    at: datetime | None = None,
    only_one: str | None = None,
    **arguments: Any,
) -> None:
    """Ask for `task` when the unit of work commits; never when it rolls back.

    `only_one` names a job of which one waiting is enough. Arguments must be JSON.
    """
    connection = await db.driver(session)
    configured = _deferrer.configure_task(
        task, schedule_at=at, queueing_lock=only_one, connection=connection
    )
    await connection.execute("SAVEPOINT defer_job")
    try:
        await configured.defer_async(**arguments)
    except AlreadyEnqueued:
        await connection.execute("ROLLBACK TO SAVEPOINT defer_job")
    await connection.execute("RELEASE SAVEPOINT defer_job")
