"""Once a minute one job looks for worries that nobody picks up, and for sanctions that are over."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.identity.roles import Role
from app.jobs.app import create_queue, job_context
from tests.moderation.sanctioned import suspended
from tests.people import People, SignedIn


async def test_it_is_asked_for_once_a_minute(settings: Settings) -> None:
    async with create_queue(settings.database.url).open_async() as queue:
        every = [
            periodic.task.name
            for periodic in queue.periodic_registry.periodic_tasks.values()
            if periodic.cron == "* * * * *"
        ]
    assert every == ["moderation:look"], "each is flushed to the disk, also when nothing happens"


@pytest.mark.parametrize("name", ["moderation:look", "moderation:alert", "moderation:tell_over"])
async def test_it_writes_to_the_team_and_tells_who_is_free_again(
    settings: Settings,
    database: Database,
    connection: AnyConnection,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    people: People,
    name: str,
) -> None:
    """Also as a release before has asked for it."""
    await suspended(rowan, sky, sam, ash)
    await people.moderator("Lead", Role.SAFEGUARDING)
    assert (await sky.worry(await ash.publish("The end of it."))).status_code == 201
    await connection.execute("DELETE FROM procrastinate_jobs")
    with clock.at(clock.now() + timedelta(days=15)):
        async with create_queue(settings.database.url).open_async() as queue:
            queue.periodic_registry.periodic_tasks.clear()
            await queue.configure_task("moderation:look").defer_async(timestamp=0)
            await connection.execute("UPDATE procrastinate_jobs SET task_name = %s", (name,))
            await queue.run_worker_async(
                wait=False,
                listen_notify=False,
                additional_context=job_context(settings, database),
                install_signal_handlers=False,
                delete_jobs="never",
            )
        (first, *_) = await rowan.notices()
    assert first["text"] == "Your account is open again. Welcome back."
    cursor = await connection.execute("SELECT task_name, status::text FROM procrastinate_jobs")
    found = [(row["task_name"], row["status"]) for row in await cursor.fetchall()]
    assert (name, "succeeded") in found
    assert {task for task, _ in found} > {name}, "a letter to the team"
