"""The hourly tidying, run by the worker's own queue."""

from datetime import timedelta

from app.core import clock, limits
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.jobs.app import create_queue, job_context
from tests.people import someone


async def test_the_queue_knows_it_and_runs_it_to_the_end(
    database: Database, settings: Settings, connection: AnyConnection
) -> None:
    with clock.at(clock.now() - timedelta(days=8)):
        await someone(database, settings, is_verified=False)
        await limits.spend(database.pool, "door", limit=1, per_seconds=60)
    kept = await someone(database, settings, is_verified=False)
    context = job_context(settings, database)
    async with create_queue(settings.database.url).open_async() as queue:
        assert "identity:tidy_up" in {
            periodic.task.name for periodic in queue.periodic_registry.periodic_tasks.values()
        }
        await queue.configure_task("identity:tidy_up").defer_async(timestamp=0)
        await queue.run_worker_async(
            wait=False,
            listen_notify=False,
            additional_context=context,
            install_signal_handlers=False,
        )
    cursor = await connection.execute(
        "SELECT id FROM identity.accounts WHERE closed_at IS NULL ORDER BY id"
    )
    assert await cursor.fetchall() == [{"id": kept.account_id}]
    cursor = await connection.execute("SELECT key FROM core.rate_limits")
    assert await cursor.fetchall() == [], "nobody's tries are kept for ever"
    # The hour's own may have come due meanwhile.
    cursor = await connection.execute(
        "SELECT status FROM procrastinate_jobs WHERE args ->> 'timestamp' = '0'"
    )
    assert [row["status"] for row in await cursor.fetchall()] == ["succeeded"]
