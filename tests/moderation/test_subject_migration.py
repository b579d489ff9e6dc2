"""What the release before wrote comes along: each case has its subject, and its log verifies."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson
import psycopg
import pytest
from alembic import command
from psycopg.rows import dict_row
from sqlalchemy import create_engine, make_url, pool

from app.core import db, migrations
from app.core.db import Database, unit_of_work
from app.core.settings import DatabaseSettings
from app.demo.stage import actor_of
from app.identity.roles import Role
from app.moderation import appeals, log, log_verification
from app.moderation.case_models import Case, SubjectKind
from app.moderation.log_models import LogAct
from app.moderation.subjects import Subject
from app.run import log_and_logins
from tests.moderation import former
from tests.support import databases


@pytest.fixture
def former_url(postgres: str) -> Iterator[str]:
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, former.BEFORE)
    with psycopg.connect(url) as connection:
        former.fill(connection)
    yield url
    databases.drop(postgres, url)


@pytest.fixture
async def database(former_url: str) -> AsyncIterator[Database]:
    migrations.upgrade(former_url)
    opened = Database(DatabaseSettings(url=former_url))
    await opened.open()
    yield opened
    await opened.close()


def rows(url: str, statement: str) -> list[dict[str, Any]]:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute(statement).fetchall()


async def append(database: Database) -> None:
    """A line as this release writes it."""
    async with unit_of_work(database) as session:
        reply = Subject(SubjectKind.REPLY, former.REPLY, 3)
        await log.append(session, former.OPEN, reply, LogAct.SEEN, actor_id=former.SAM, revision=3)


def test_each_case_decision_step_and_line_has_its_subject(former_url: str) -> None:
    migrations.upgrade(former_url)
    found = rows(former_url, "SELECT * FROM moderation.cases ORDER BY place")
    assert [
        (case["id"], case["subject_kind"], case["subject_id"], case["subject_version"])
        for case in found
    ] == [
        (former.DECIDED, "post", former.POST, 1),
        (former.AGAIN, "post", former.POST, 2),
        (former.OPEN, "reply", former.REPLY, 2),
    ], "the version that was flagged first, or decided about before"
    assert [case["post_id"] for case in found] == [former.POST, former.POST, former.REPLY]
    for table, version in (("decisions", 2), ("steps", 3)):
        (row,) = rows(former_url, f"SELECT * FROM moderation.{table}")
        kind, subject_id = {
            "decisions": ("post", former.POST),
            "steps": ("reply", former.REPLY),
        }[table]
        assert (row["subject_kind"], row["subject_id"]) == (kind, subject_id)
        assert row["subject_version"] == version
    lines = rows(former_url, "SELECT * FROM moderation.log ORDER BY seq")
    assert {(line["format"], line["subject_version"]) for line in lines} == {(1, None)}
    assert [line["subject_kind"] for line in lines] == ["post"] * 4 + ["reply"] * 2


async def test_a_log_verifies_across_the_change_of_format(
    database: Database, former_url: str
) -> None:
    assert (await log_verification.check(database.pool)).checked == former.LINES
    for _ in range(2):
        await append(database)
    found = await log_verification.check(database.pool)
    assert (found.is_intact, found.checked) == (True, former.LINES + 2), found.why
    lines = rows(former_url, "SELECT format FROM moderation.log ORDER BY seq")
    assert [line["format"] for line in lines] == [1] * former.LINES + [2, 2]
    is_intact, words = await asyncio.to_thread(
        log_and_logins.look_at_log, DatabaseSettings(url=former_url)
    )
    assert (is_intact, words.split()[0]) == (True, str(former.LINES + 2))
    by_database = rows(
        former_url, "SELECT FROM moderation.log l WHERE moderation.line_hash(l) <> l.hash"
    )
    assert by_database == [], "the database reads both formats as the code does"


@pytest.mark.parametrize("seq", [2, 6, 7])
async def test_a_touched_line_of_either_format_is_named(
    database: Database, former_url: str, seq: int
) -> None:
    await append(database)
    with psycopg.connect(former_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE moderation.log SET at = at + interval '1 us' WHERE seq = %s", (seq,)
        )
    assert (await log_verification.check(database.pool)).broken_seq == seq


async def test_decisions_and_steps_of_before_are_still_vouched_for(
    database: Database, former_url: str
) -> None:
    with psycopg.connect(former_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE moderation.decisions SET reason = 'Other words than those.'")
    assert "is not as line 2 says" in str((await log_verification.check(database.pool)).why)


async def test_an_appeal_of_before_is_read_as_one(database: Database) -> None:
    reader = actor_of(former.ASH, former.ASH, Role.MODERATOR)
    page = orjson.loads(
        await log.list_(database.pool, reader, cursor=None, only=log.LogFilter(act=LogAct.APPEALED))
    )
    assert [(line["seq"], line["act"]) for line in page["items"]] == [(4, "appealed")]
    async with unit_of_work(database) as session:
        case = await session.get_one(Case, former.AGAIN)
        asked = await appeals.in_case(session, case)
        assert asked is not None
        assert (asked.id, asked.words) == (former.ASKED, "I wrote about my cat.")
    rows_of_targets = await db.fetch(database.pool, "SELECT kind FROM moderation.targets")
    assert {row["kind"] for row in rows_of_targets} == {"worried", "breaks_rules", "appeal"}


async def test_nothing_names_another_subject_than_its_case(
    database: Database, former_url: str
) -> None:
    async with unit_of_work(database) as session:
        other = Subject(SubjectKind.POST, former.POST, 1)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await log.append(session, former.OPEN, other, LogAct.SEEN, actor_id=former.SAM)
        await session.rollback()


async def test_a_step_down_and_up_again_keeps_the_log_whole(
    database: Database, former_url: str
) -> None:
    await append(database)
    engine = create_engine(
        make_url(former_url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        command.downgrade(migrations.config(connection), former.BEFORE)
    (kept,) = rows(former_url, "SELECT post_id, revision FROM moderation.decisions")
    assert kept == {"post_id": former.POST, "revision": 2}
    migrations.upgrade(former_url)
    found = await log_verification.check(database.pool)
    assert (found.is_intact, found.checked) == (True, former.LINES + 1), found.why
