"""What the release before wrote comes along: read marks, order, and replies below their thread."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg.rows import dict_row
from sqlalchemy import create_engine, make_url, pool

from app.core import migrations
from tests.support import databases
from tests.wall import WALL_ID

REVISION = "community_0004"
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
MEMBER = UUID("0199c82c-c000-7000-8000-00000000aaaa")


def id_at(seconds: int, chance: int = 0) -> UUID:
    """An id as a server made it whose clock said so."""
    moment = int((NOW + timedelta(seconds=seconds)).timestamp() * 1000)
    return UUID(int=moment << 80 | 7 << 76 | 2 << 62 | chance)


def before() -> str:
    """The revision of the release before."""
    script = ScriptDirectory.from_config(migrations.config()).get_revision(REVISION)
    return str(script.down_revision)


def _post(connection: psycopg.Connection[Any], post_id: UUID, root: UUID, seconds: int) -> None:
    connection.execute(
        "INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, body_source,"
        " body_html, revision, created_at, visibility)"
        " VALUES (%s, %s, %s, %s, %s, 'Words', '<p>Words</p>', 1, %s, 'visible')",
        (
            post_id,
            WALL_ID,
            root,
            None if post_id == root else root,
            MEMBER,
            NOW + timedelta(seconds=seconds),
        ),
    )


def _fill(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash,"
        " is_demo, adult_affirmed_at, rules_agreed_at, created_at, verified_at)"
        " VALUES (%(id)s, %(id)s, '\\x01', '\\x00', '!', false, now(), now(), now(), now())",
        {"id": MEMBER},
    )
    connection.execute(
        "INSERT INTO community.members (id, display_name, display_key, about, show_notes_open,"
        " joined_at) VALUES (%s, 'Rowan', 'rowan', '', false, now())",
        (MEMBER,),
    )
    for seconds in (0, 10, 20):
        _post(connection, id_at(seconds), id_at(seconds), seconds)
    _post(connection, id_at(-120), id_at(0), -120)  # a reply by a slow clock
    connection.execute(
        "INSERT INTO community.space_seen (member_id, space_id, seen_until) VALUES (%s, %s, %s)",
        (MEMBER, WALL_ID, NOW + timedelta(seconds=15)),
    )
    for number, seconds in enumerate((10, 0, 20)):
        decided = {
            "case": id_at(seconds, number + 1),
            "post": id_at(seconds),
            "member": MEMBER,
            "at": NOW + timedelta(seconds=seconds),
        }
        connection.execute(
            "INSERT INTO moderation.cases (id, post_id, is_worried, report_count, version,"
            " opened_at) VALUES (%(case)s, %(post)s, false, 1, 1, %(at)s)",
            decided,
        )
        connection.execute(
            "INSERT INTO moderation.reports (id, case_id, reporter_id, is_worried, reason,"
            " revision, created_at)"
            " VALUES (%(case)s, %(case)s, %(member)s, false, 'spam', 1, %(at)s)",
            decided,
        )
        connection.execute(
            "INSERT INTO moderation.decisions (id, case_id, post_id, moderator_id, act, reason,"
            " revision, decided_at) VALUES (%(case)s, %(case)s, %(post)s, %(member)s, 'hide',"
            " 'It told how to.', 1, %(at)s)",
            decided,
        )
    connection.execute("UPDATE moderation.cases SET decision_id = id")


@pytest.fixture
def former(postgres: str) -> Iterator[str]:
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, before())
    with psycopg.connect(url) as connection:
        _fill(connection)
    yield url
    databases.drop(postgres, url)


def test_what_was_written_before_comes_along(former: str) -> None:
    migrations.upgrade(former, REVISION)
    with psycopg.connect(former, row_factory=dict_row) as connection:
        (seen,) = connection.execute("SELECT seen_post_id FROM community.space_seen").fetchall()
        assert seen["seen_post_id"] == id_at(10), "seen until a moment is seen up to a post"
        posts = connection.execute(
            "SELECT id FROM community.posts WHERE parent_id IS NULL ORDER BY id"
        ).fetchall()
        assert [post["id"] for post in posts] == [id_at(0), id_at(10), id_at(20)]
        assert connection.execute(
            "SELECT thread_id FROM community.posts WHERE id = %s", (id_at(-120),)
        ).fetchall() == [{"thread_id": id_at(0)}]
        connection.execute(
            "UPDATE community.posts SET i_hear_you_count = 1 WHERE id = %s", (id_at(-120),)
        )
        for table, at in (("cases", "opened_at"), ("decisions", "decided_at")):
            rows = connection.execute(
                f"SELECT {at} - %s AS after, place FROM moderation.{table} ORDER BY place",
                (NOW,),
            ).fetchall()
            assert [row["after"].seconds for row in rows] == [0, 10, 20]
            assert [row["place"] for row in rows] == [1, 2, 3]
        (made,) = connection.execute(
            "INSERT INTO moderation.cases (id, post_id, is_worried, report_count, version,"
            " opened_at) VALUES (%s, %s, false, 0, 1, %s) RETURNING place",
            (id_at(-60), id_at(0), NOW - timedelta(seconds=60)),
        ).fetchall()
        assert made["place"] == 4
        with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
            connection.execute("UPDATE moderation.decisions SET place = DEFAULT")


def test_the_step_back_keeps_what_was_seen(former: str) -> None:
    migrations.upgrade(former, REVISION)
    engine = create_engine(
        make_url(former).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        command.downgrade(migrations.config(connection), before())
    with psycopg.connect(former) as opened:
        found = opened.execute("SELECT seen_until FROM community.space_seen").fetchall()
    assert found == [(NOW + timedelta(seconds=10),)]
