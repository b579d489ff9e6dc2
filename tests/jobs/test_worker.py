"""Jobs are wanted by a transaction: they run when it commits, never when it did not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import procrastinate
import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import mail
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import BATCH
from app.core.encryption import Encryption
from app.core.events import Recorded, Subscriber
from app.core.queue import defer
from app.core.settings import Settings
from app.jobs import worker
from app.jobs.app import create_queue
from tests.support.waiting import eventually


class Box:
    """Keeps letters instead of sending them."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def send(self, *, to: str, subject: str, text: str) -> None:
        self.letters.append(f"{to}: {subject}")


@asynccontextmanager
async def working(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Box]:
    """A worker at work, and the box its letters land in."""
    kept = Box()
    monkeypatch.setattr(mail, "sender", lambda _: kept)
    task = asyncio.create_task(worker.run(settings, subscribers=()))
    yield kept
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def box(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Box]:
    async with working(settings, monkeypatch) as kept:
        yield kept


async def test_a_letter_leaves_when_its_act_commits_and_is_sealed_until_then(
    database: Database, settings: Settings, connection: AnyConnection, box: Box
) -> None:
    encryption = Encryption(settings.secrets)
    with pytest.raises(RuntimeError):
        async with unit_of_work(database) as session:
            await mail.queue(session, encryption, to="never@example.org", subject="no", text="no")
            raise RuntimeError
    async with unit_of_work(database) as session:
        await mail.queue(session, encryption, to="one@example.org", subject="hello", text="words")
        cursor = await connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'core:send_letter'"
        )
        assert (await cursor.fetchone()) == {"count": 0}, "invisible until the commit"

    async def letters() -> list[str]:
        return box.letters

    assert await eventually(letters) == ["one@example.org: hello"]


async def test_a_queue_that_stops_is_started_again(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def create(url: str) -> procrastinate.App:
        tries.append(url)
        if len(tries) == 1:
            raise psycopg.OperationalError
        return create_queue(url)

    monkeypatch.setattr(worker, "create_queue", create)
    async with unit_of_work(database) as session:
        encryption = Encryption(settings.secrets)
        await mail.queue(session, encryption, to="one@example.org", subject="hello", text="words")
    async with working(settings, monkeypatch) as box:

        async def letters() -> list[str]:
            return box.letters

        assert await eventually(letters) == ["one@example.org: hello"]
    assert len(tries) == 2


async def test_what_goes_wrong_while_delivering_is_put_off_and_does_not_end_the_worker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    async def deliver(_: Database, subscriber: Subscriber) -> int:
        tries.append(subscriber.name)
        if len(tries) == 1:
            raise OSError
        return BATCH if len(tries) == 2 else 0

    monkeypatch.setattr(worker, "deliver", deliver)
    subscriber = Subscriber("a.test", frozenset(), _handle)
    database = Database(settings.database)
    await worker.drain(database, subscriber)
    assert tries == ["a.test"]
    await worker.drain(database, subscriber)
    assert len(tries) == 3, "until a batch is not full"


async def _handle(_: AsyncSession, __: Sequence[Recorded]) -> None:
    raise AssertionError


async def test_a_queued_letter_cannot_be_read_in_the_database(
    database: Database, settings: Settings, connection: AnyConnection
) -> None:
    async with unit_of_work(database) as session:
        await mail.queue(
            session,
            Encryption(settings.secrets),
            to="one@example.org",
            subject="hello",
            text="words",
        )
    cursor = await connection.execute("SELECT args::text FROM procrastinate_jobs")
    (row,) = await cursor.fetchall()
    assert "one@example.org" not in row["args"]
    assert "words" not in row["args"]


async def test_one_waiting_job_of_a_kind_is_enough(
    database: Database, connection: AnyConnection
) -> None:
    for _ in range(2):
        async with unit_of_work(database) as session:
            await defer(session, "core:sweep", only_one="sweep")
            await defer(session, "core:sweep", only_one="sweep")
            await defer(session, "core:count")
    cursor = await connection.execute(
        "SELECT task_name, count(*)::int FROM procrastinate_jobs GROUP BY task_name ORDER BY 1"
    )
    assert [tuple(row.values()) for row in await cursor.fetchall()] == [
        ("core:count", 2),
        ("core:sweep", 1),
    ]


async def test_a_queue_that_starts_again_knows_its_tasks_by_the_same_names(
    settings: Settings,
) -> None:
    for _ in range(2):
        queue = create_queue(settings.database.url)
        ours = {name for name in queue.tasks if name.startswith(("core:", "identity:"))}
        assert ours == {"core:send_letter", "identity:tidy_up"}
        assert {queue.tasks[name].name for name in ours} == ours
