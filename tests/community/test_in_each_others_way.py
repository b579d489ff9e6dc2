"""Acts that stand in each other's way in the database: no rings of ours, and out of any other."""

import asyncio
from uuid import uuid4

import psycopg
import pytest
from prometheus_client import REGISTRY

from app.core import conflicts
from app.core.db import AnyConnection
from tests.people import SignedIn
from tests.support.waiting import eventually, waiting

# Whoever writes the words of a post passes two doors, one after the other.
_SOURCES = """
CREATE FUNCTION pg_temp_doors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1);
  PERFORM pg_advisory_xact_lock(2);
  RETURN NEW;
END $$;
CREATE TRIGGER doors BEFORE INSERT ON community.post_words
  FOR EACH ROW EXECUTE FUNCTION pg_temp_doors();
"""

# The first so many transactions that come here are undone as in a ring. A sequence counts on when
# they are.
_UNDONE = """
CREATE SEQUENCE tries;
CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('tries') <= {times} THEN
    RAISE EXCEPTION 'undone' USING ERRCODE = '{code}';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER undo AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION undo();
"""


async def _undo(
    connection: AnyConnection, *, times: int, table: str = "community.post_words", code: str
) -> None:
    await connection.execute(_UNDONE.format(times=times, table=table, code=code).encode())


async def _count(connection: AnyConnection, what: str) -> int:
    cursor = await connection.execute(f"SELECT count(*) AS found FROM {what}".encode())
    (row,) = await cursor.fetchall()
    return int(row["found"])


def _tried_again() -> float:
    route = {"route": "/api/v1/posts/{post_id}/replies"}
    return REGISTRY.get_sample_value("alongside_tried_again_total", route) or 0


async def test_a_reply_that_is_undone_in_a_ring_is_written_the_second_time(
    database_url: str, rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    """The reply holds the root and closes the ring, so it is the one that finds it and is undone:
    whoever waits for the root does not look for rings."""
    post = await rowan.publish()
    tried = _tried_again()
    await connection.execute(_SOURCES)
    async with (
        await psycopg.AsyncConnection.connect(database_url) as first,
        await psycopg.AsyncConnection.connect(database_url) as second,
    ):
        await first.execute("SELECT pg_advisory_xact_lock(1)")
        await second.execute("SET LOCAL deadlock_timeout = '1h'")
        await second.execute("SELECT pg_advisory_xact_lock(2)")
        path, key = f"/api/v1/posts/{post['id']}/replies", {"Idempotency-Key": str(uuid4())}
        sent = asyncio.create_task(sky.client.post(path, json={"body": "I hear you."}, headers=key))
        await eventually(lambda: waiting(connection), until=lambda number: number == 1)
        behind = asyncio.create_task(
            second.execute(
                "SELECT FROM community.posts WHERE id = %s FOR NO KEY UPDATE", (post["id"],)
            )
        )
        await eventually(lambda: waiting(connection), until=lambda number: number == 2)
        await first.rollback()
        await behind
        await second.rollback()
        answer = await sent
    assert answer.status_code == 201, answer.text
    assert _tried_again() == tried + 1
    assert await _count(connection, "community.posts WHERE parent_id IS NOT NULL") == 1
    assert await _count(connection, "core.events WHERE type = 'post.published'") == 2
    repeat = await sky.client.post(path, json={"body": "I hear you."}, headers=key)
    assert (repeat.status_code, repeat.json()["id"]) == (200, answer.json()["id"])


@pytest.mark.parametrize("code", ["40P01", "40001"])
async def test_what_is_undone_at_its_commit_is_done_again_whole(
    sky: SignedIn, connection: AnyConnection, code: str
) -> None:
    await _undo(connection, times=conflicts.TRIES - 1, code=code)
    post = await sky.publish("Hello again.")
    assert [found["id"] for found in await sky.wall()] == [post["id"]]
    assert await _count(connection, "core.events WHERE type = 'post.published'") == 1


async def test_what_is_undone_each_time_is_told_the_truth_and_leaves_nothing(
    sky: SignedIn, connection: AnyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    await _undo(connection, times=conflicts.TRIES, code="40P01")
    key = {"Idempotency-Key": str(uuid4())}
    capsys.readouterr()
    answer = await sky.client.post("/api/v1/posts", json={"body": "Hello."}, headers=key)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (503, "busy")
    assert "records" not in problem["title"]
    assert "still here" in problem["detail"]
    assert answer.headers["Retry-After"]
    said = "".join(capsys.readouterr())
    assert said.count("undone by a deadlock, tried again") == conflicts.TRIES - 1
    assert "undone by a deadlock" in said.replace("undone by a deadlock, tried again", "")
    assert "the database is away" not in said
    assert await sky.wall() == []
    again = await sky.client.post("/api/v1/posts", json={"body": "Hello."}, headers=key)
    assert again.status_code == 201


async def test_what_is_done_again_is_counted_once_against_an_allowance(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await _undo(connection, times=2, table="moderation.reports", code="40P01")
    flag = {"post_id": post["id"], "kind": "worried"}
    assert (await sky.client.post("/api/v1/reports", json=flag)).status_code == 201
    cursor = await connection.execute("SELECT spent FROM core.rate_limits")
    assert [row["spent"] for row in await cursor.fetchall()] == [1]


async def test_a_deadlock_while_reading_a_case_is_done_again_too(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await sky.client.post("/api/v1/reports", json={"post_id": post["id"], "kind": "worried"})
    (case,) = (await moderator.get("/cases"))["items"]
    await _undo(connection, times=1, table="moderation.log", code="40P01")
    await moderator.get(f"/cases/{case['id']}")
    assert await _count(connection, "moderation.log WHERE act = 'seen'") == 1


async def test_a_statement_that_takes_too_long_is_not_called_an_absent_database(
    rowan: SignedIn,
    sky: SignedIn,
    connection: AnyConnection,
    capsys: pytest.CaptureFixture[str],
) -> None:
    post = await rowan.publish()
    async with connection.transaction():
        await connection.execute(
            "SELECT FROM community.posts WHERE id = %s FOR UPDATE", (post["id"],)
        )
        capsys.readouterr()
        sent = asyncio.create_task(
            sky.client.post(f"/api/v1/posts/{post['id']}/replies", json={"body": "Hello."})
        )
        await eventually(lambda: waiting(connection), until=lambda number: number == 1)
        # What its statement_timeout does in the end.
        await connection.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        answer = await sent
    assert (answer.status_code, answer.json()["type"]) == (503, "busy")
    assert "took longer" in answer.json()["detail"]
    said = "".join(capsys.readouterr())
    assert "a statement took too long" in said
    assert "the database is away" not in said


async def test_a_moderator_reads_a_case_while_another_decides_it(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn, connection: AnyConnection
) -> None:
    """A line of the log names its case. Who changes the case and waits for the log must not be
    waited for by who has the log."""
    post = await rowan.publish()
    await sky.client.post("/api/v1/reports", json={"post_id": post["id"], "kind": "worried"})
    (case,) = (await moderator.get("/cases"))["items"]
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(7221017)")
        claiming = asyncio.create_task(moderator.client.post(f"/api/v1/cases/{case['id']}/claim"))
        await eventually(lambda: waiting(connection), until=lambda number: number == 1)
        await connection.execute("SET LOCAL lock_timeout = '1s'")
        await connection.execute(
            "SELECT FROM moderation.cases WHERE id = %s FOR KEY SHARE", (case["id"],)
        )
    assert (await claiming).status_code == 200


@pytest.mark.parametrize("other", ["reply", "reaction", "flag", "edit"])
async def test_two_who_waited_for_a_thread_that_someone_flags_never_wait_in_a_ring(
    database_url: str,
    rowan: SignedIn,
    sky: SignedIn,
    moss: SignedIn,
    connection: AnyConnection,
    capsys: pytest.CaptureFixture[str],
    other: str,
) -> None:
    """Its foreign key shares the version of the root that they had found before they waited."""
    root = await rowan.publish()
    reply = await moss.reply(root)
    path = f"/api/v1/posts/{reply['id']}"
    async with (
        await psycopg.AsyncConnection.connect(database_url) as changing,
        await psycopg.AsyncConnection.connect(database_url) as flagging,
    ):
        await changing.execute(
            "UPDATE community.posts SET reply_count = reply_count WHERE id = %s", (root["id"],)
        )
        capsys.readouterr()
        answering = asyncio.create_task(
            sky.client.post(f"/api/v1/posts/{root['id']}/replies", json={"body": "I hear you."})
        )
        await eventually(lambda: waiting(connection), until=lambda number: number == 1)
        beside = asyncio.create_task(
            {
                "reply": lambda: rowan.client.post(f"{path}/replies", json={"body": "Thank you."}),
                "reaction": lambda: rowan.client.put(f"{path}/reactions/i_hear_you"),
                "flag": lambda: rowan.client.post(
                    "/api/v1/reports", json={"post_id": reply["id"], "kind": "worried"}
                ),
                "edit": lambda: moss.client.put(path, json={"body": "Edited."}),
            }[other]()
        )
        if other == "flag":  # waits for nobody
            await beside
        else:
            await eventually(lambda: waiting(connection), until=lambda number: number == 2)
        await flagging.execute(
            "SELECT FROM community.posts WHERE id = %s FOR KEY SHARE", (root["id"],)
        )
        await changing.commit()
        statuses = {(await answering).status_code, (await beside).status_code}
    assert statuses <= {200, 201, 204}
    assert "undone by a deadlock" not in "".join(capsys.readouterr())
