"""Once a minute the worker looks for worries that nobody picks up, and for what is over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, migrations
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity.letters import Letterbox
from app.identity.roles import Role
from app.jobs.app import create_queue
from app.moderation import alerts, minute_watch, sanctions
from tests.moderation.sanctioned import suspended
from tests.people import People, SignedIn
from tests.support import databases
from tests.support.servers import working
from tests.support.waiting import eventually

ZONE = "Europe/London"
OPEN_AGAIN = "Your account is open again. Welcome back."
_LETTERS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'core:send_letter'"


@pytest.fixture
def letterbox(settings: Settings) -> Letterbox:
    return Letterbox(Encryption(settings.secrets), settings.server.origin)


@pytest.fixture
async def someone_worried(
    sky: SignedIn, ash: SignedIn, people: People, connection: AnyConnection
) -> None:
    """A post that somebody is worried about, and a lead to write to; no letter has left."""
    await people.moderator("Lead", Role.SAFEGUARDING)
    assert (await sky.worry(await ash.publish("The end of it."))).status_code == 201
    await connection.execute("DELETE FROM procrastinate_jobs")


async def letters(connection: AnyConnection) -> int:
    cursor = await connection.execute(_LETTERS)
    (row,) = await cursor.fetchall()
    return int(row["count"])


@pytest.mark.usefixtures("someone_worried")
async def test_it_writes_to_the_team_and_tells_who_is_free_again(
    database: Database,
    letterbox: Letterbox,
    connection: AnyConnection,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
) -> None:
    await suspended(rowan, sky, sam, ash)
    await connection.execute("DELETE FROM procrastinate_jobs")
    with clock.at(clock.now() + timedelta(days=15)):
        await minute_watch.look(database, letterbox, zone=ZONE)
        (first, *_) = await rowan.notices()
    assert first["text"] == OPEN_AGAIN
    assert await letters(connection) == 1, "to the lead"


async def test_letters_that_fail_keep_nobody_waiting_who_is_free_again(
    database: Database,
    letterbox: Letterbox,
    monkeypatch: pytest.MonkeyPatch,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
) -> None:
    async def fails(*_: Any, **__: Any) -> int:
        raise ConnectionError("no answer")

    await suspended(rowan, sky, sam, ash)
    monkeypatch.setattr(alerts, "send", fails)
    with clock.at(clock.now() + timedelta(days=15)):
        await minute_watch.look(database, letterbox, zone=ZONE)
        (first, *_) = await rowan.notices()
    assert first["text"] == OPEN_AGAIN


async def test_a_worker_looks_as_soon_as_it_is_there(
    database_url: str, connection: AnyConnection, someone_worried: None
) -> None:
    with working(database_url):
        cases = "SELECT count(*) FROM moderation.cases WHERE alerts = 1"

        async def alerted() -> int:
            cursor = await connection.execute(cases)
            (row,) = await cursor.fetchall()
            return int(row["count"])

        assert await eventually(alerted) == 1


@pytest.mark.usefixtures("someone_worried")
async def test_a_look_that_finds_nothing_writes_nothing(
    database: Database,
    letterbox: Letterbox,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
) -> None:
    """A suspension that goes on, and a worry that the team was told of, are looked at too."""
    await suspended(rowan, sky, sam, ash)
    async with unit_of_work(database) as session:
        await alerts.send(session, letterbox, zone=ZONE)
    async with unit_of_work(database) as session:
        assert await alerts.send(session, letterbox, zone=ZONE) == 0
        assert not await sanctions.tell_over(session)
        assert not await has_written(session)


async def has_written(session: AsyncSession) -> bool:
    """Whether this transaction has to be noted in the log of the database."""
    found = await session.scalar(text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL"))
    return bool(found)


async def test_nothing_is_asked_of_the_queue_every_minute(settings: Settings) -> None:
    async with create_queue(settings.database.url).open_async() as queue:
        every = [
            periodic.task.name
            for periodic in queue.periodic_registry.periodic_tasks.values()
            if periodic.cron.startswith("* ")
        ]
    assert every == [], "each would be flushed to the disk, also when nothing happens"


_WAITING = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES
      ('default', 'moderation:look', '{"timestamp": 0}', 'todo'),
      ('default', 'moderation:tell_over', '{"timestamp": 0}', 'todo'),
      ('default', 'moderation:erase', '{"timestamp": 0}', 'todo');
    INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, job_id, periodic_id)
    SELECT task_name, 0, id, '' FROM procrastinate_jobs
"""
_JOBS = "SELECT task_name FROM procrastinate_jobs"
_DEFERS = "SELECT task_name FROM procrastinate_periodic_defers"


@pytest.fixture
def former(postgres: str) -> Iterator[psycopg.Connection]:
    """A queue of the release before, after the migration to this one."""
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, "community_0017")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_WAITING)
        migrations.upgrade(url)
        yield connection
    databases.drop(postgres, url)


def test_what_a_former_release_asked_for_is_no_job_any_more(former: psycopg.Connection) -> None:
    assert former.execute(_JOBS).fetchall() == [("moderation:erase",)]
    assert former.execute(_DEFERS).fetchall() == [("moderation:erase",)]
