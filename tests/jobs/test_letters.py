"""Whoever runs the house hears of a mail server that is away, from the first letter on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import psycopg
import pytest
from structlog.testing import capture_logs

from app.cli import letters
from app.core import mail
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import MailSettings, Settings
from app.jobs import worker
from app.run.doctor import examine
from tests.support.mail import mail_server
from tests.support.waiting import eventually


async def told(settings: Settings) -> tuple[str, str]:
    """What `doctor` says of e-mails; a command of its own, so in a thread of its own."""
    findings = await asyncio.to_thread(lambda: list(examine(settings)))
    (finding,) = [each for each in findings if each.subject == "e-mails"]
    return finding.state, finding.words


async def figures(client: httpx2.AsyncClient) -> dict[str, float]:
    """Of letters, from /metrics."""
    lines = (await client.get("/metrics")).text.splitlines()
    pairs = (line.split() for line in lines if line.startswith("alongside_letters_"))
    return {name.removeprefix("alongside_letters_"): float(value) for name, value in pairs}


@asynccontextmanager
async def at_work(settings: Settings, mail_settings: MailSettings) -> AsyncIterator[None]:
    """A worker, sending through this server."""
    with_mail = settings.model_copy(update={"mail": mail_settings})
    task = asyncio.create_task(worker.run(with_mail, subscribers=()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def write(database: Database, settings: Settings) -> None:
    """Queue a letter."""
    async with unit_of_work(database) as session:
        encryption = Encryption(settings.secrets)
        await mail.queue(session, encryption, to="rowan@example.org", subject="hello", text="words")


async def test_a_mail_server_that_is_away_is_told_from_the_first_letter(
    database: Database, settings: Settings, client: httpx2.AsyncClient
) -> None:
    assert await told(settings) == ("good", "all have left")
    assert await figures(client) == {"failing": 0, "lost": 0, "oldest_seconds": 0}
    async with mail_server() as postbox:
        closed = postbox.settings()
    await write(database, settings)
    with capture_logs() as lines:
        async with at_work(settings, closed):

            async def failed() -> bool:
                return (await figures(client))["failing"] == 1

            await eventually(failed)
    (line,) = [line for line in lines if line["event"] == "e-mail not sent"]
    assert (line["log_level"], line["tries"], line["most"]) == ("warning", 1, 8)
    assert line["error"] == "SMTPConnectError"
    assert "example.org" not in json.dumps(lines, default=str)
    found = await figures(client)
    assert (found["lost"], found["oldest_seconds"] > 0) == (0, True)
    state, words = await told(settings)
    assert (state, words.split(",")[0]) == ("bad", "1 failed and are tried again")


async def test_what_was_given_up_is_told_and_tried_again_or_dropped(
    database: Database,
    settings: Settings,
    client: httpx2.AsyncClient,
    connection: AnyConnection,
) -> None:
    await write(database, settings)
    give_up = "UPDATE procrastinate_jobs SET status = 'failed', attempts = 8"
    await connection.execute(give_up)
    assert (await told(settings))[0] == "bad"
    assert "alongside letters retry" in (await told(settings))[1]
    assert (await figures(client))["lost"] == 1
    assert await letters._write(settings, letters._RETRY) == 1
    assert (await told(settings))[0] == "good"
    async with mail_server() as postbox, at_work(settings, postbox.settings()):

        async def came() -> bool:
            return len(postbox.received) == 1

        await eventually(came)
    await write(database, settings)
    await connection.execute(give_up)
    assert await letters._write(settings, letters._DROP) == 1
    assert (await told(settings))[0] == "good"


async def test_a_letter_that_nobody_sends_asks_for_the_worker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(settings.database.url, autocommit=True) as raw:
        raw.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'core:send_letter', '{}')"
        )
        assert (await told(settings))[0] == "good"
        raw.execute("UPDATE procrastinate_events SET at = at - interval '10 minutes'")
    assert await told(settings) == ("bad", "one waits for 10 min: is `alongside worker` running?")
