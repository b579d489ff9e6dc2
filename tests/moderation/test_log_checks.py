"""Checks of the log as the worker makes them: kept, read back, begun where the last one ended."""

from datetime import timedelta

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.jobs.app import create_queue, job_context
from app.moderation import log_checks, log_verification
from tests.moderation.factories import case_about
from tests.moderation.test_log import TAMPERING
from tests.people import SignedIn, id_of

WEEK = timedelta(days=7)
PATH = "/moderation/log/check"


async def test_before_the_first_check_there_is_none(sam: SignedIn) -> None:
    assert await sam.get(PATH) == {"is_running": False, "last": None}


@pytest.mark.usefixtures("lived")
async def test_a_check_that_was_asked_for_is_made_by_the_worker_and_kept(
    sam: SignedIn, settings: Settings, database: Database, connection: AnyConnection
) -> None:
    for _ in range(2):
        assert (await sam.post(PATH)).status_code == 202
    assert await sam.get(PATH) == {"is_running": True, "last": None}
    cursor = await connection.execute(
        "SELECT count(*) AS asked FROM procrastinate_jobs WHERE task_name = 'moderation:check_log'"
    )
    assert await cursor.fetchone() == {"asked": 1}
    context = job_context(settings, database)
    async with create_queue(settings.database.url).open_async() as queue:
        crons = {
            periodic.task.name: periodic.cron
            for periodic in queue.periodic_registry.periodic_tasks.values()
        }
        assert crons["moderation:check_log"] == "17 3 * * *"
        await queue.run_worker_async(
            wait=False,
            listen_notify=False,
            additional_context=context,
            install_signal_handlers=False,
            delete_jobs="successful",
        )
    found = await sam.get(PATH)
    newest = (await sam.get("/moderation/log"))["items"][0]
    assert not found["is_running"]
    last = found["last"]
    assert (last["is_intact"], last["checked"], last["head_hash"]) == (True, 7, newest["hash"])
    assert last["whole_at"] == last["checked_at"]


async def test_what_a_dead_worker_was_doing_does_not_run(
    sam: SignedIn, connection: AnyConnection
) -> None:
    await sam.post(PATH)
    await connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    assert not (await sam.get(PATH))["is_running"]


@pytest.mark.usefixtures("lived")
async def test_a_check_begins_where_the_last_one_ended(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, owner: AnyConnection, database: Database
) -> None:
    first = await sam.check_log()
    await owner.execute("UPDATE moderation.log SET at = at - interval '1 s' WHERE seq = 2")
    await case_about(id_of(await rowan.publish()), sky, sam)
    second = await sam.check_log()
    assert (second["is_intact"], second["checked"]) == (True, 9), "line 2 was checked before"
    assert second["whole_at"] == first["checked_at"]
    await owner.execute("UPDATE moderation.log SET at = at - interval '1 s' WHERE seq = 9")
    third = await sam.check_log()
    assert (third["is_intact"], third["broken_seq"]) == (False, 2), "whole, for line 9 is another"
    cursor = await owner.execute("SELECT is_whole FROM moderation.log_checks ORDER BY place")
    assert await cursor.fetchall() == [(True,), (False,), (False,)]
    assert (await log_checks.run(database)).is_whole, "since the last one found something"


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("how", TAMPERING)
async def test_once_a_week_every_line_is_read_again(
    sam: SignedIn, owner: AnyConnection, how: str
) -> None:
    statement, seq = TAMPERING[how]
    assert (await sam.check_log())["is_intact"]
    await owner.execute(statement)
    with clock.at(clock.now() + WEEK):
        found = await sam.check_log()
    assert (found["is_intact"], found["broken_seq"]) == (False, seq)


#: The newest line goes, or all of it is written anew by someone who can hash: it fits together.
REWRITTEN = {
    "the newest line dropped": "DELETE FROM moderation.log WHERE seq = 7",
    "written anew": """
        CREATE TEMP TABLE anew AS TABLE moderation.log;
        DELETE FROM moderation.log;
        SET session_replication_role = origin;
        INSERT INTO moderation.log (at, act, actor_id, case_id, subject_kind, subject_id,
          subject_version, facts)
        SELECT CASE seq WHEN 2 THEN at - interval '1 second' ELSE at END, act, actor_id, case_id,
          subject_kind, subject_id, subject_version, facts
        FROM anew ORDER BY seq""",
}


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("how", REWRITTEN)
async def test_a_log_that_was_written_anew_is_found_by_the_check_before(
    sam: SignedIn, owner: AnyConnection, database: Database, how: str
) -> None:
    await sam.check_log()
    await owner.execute(REWRITTEN[how])
    assert (await log_verification.check(database.pool)).is_intact, "a chain alone can't tell"
    found = await sam.check_log()
    assert (found["is_intact"], found["broken_seq"], found["checked"]) == (False, 7, 0)
    assert "an earlier check" in found["why"]


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE moderation.log_checks SET is_intact = true",
        "DELETE FROM moderation.log_checks",
        "TRUNCATE moderation.log_checks",
    ],
)
async def test_what_was_found_stays(
    sam: SignedIn, connection: AnyConnection, statement: str
) -> None:
    await sam.check_log()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        await connection.execute(statement)
