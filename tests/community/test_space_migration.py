"""What happened before the release is told as of its space, and leads to who began the thread."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic import command
from psycopg.rows import tuple_row
from sqlalchemy import create_engine, make_url, pool

from app.core import events, migrations
from tests.support import databases
from tests.wall import WALL_ID

BEFORE, AFTER = "community_0009", "community_0010"
ROWAN, SKY, ROOT, REPLY, GONE = (f"00000000-0000-7000-8000-00000000000{sign}" for sign in "abcde")

_FILL = """
    INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash, is_demo,
      adult_affirmed_at, rules_agreed_at, created_at)
    SELECT i, i, decode(md5(i::text), 'hex'), '\\x00', '!', false, now(), now(), now()
    FROM unnest(%(members)s::uuid[]) i;
    INSERT INTO community.members (id, display_name, display_key, about, show_notes_open, joined_at)
    SELECT i, left(i::text, 20) || n, i::text, '', false, now()
    FROM unnest(%(members)s::uuid[]) WITH ORDINALITY AS m (i, n);
    INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, body_source,
      body_html, revision, created_at, visibility)
    VALUES (%(root)s, %(wall)s, %(root)s, NULL, %(rowan)s, 'x', 'x', 1, now(), 'visible'),
      (%(reply)s, %(wall)s, %(root)s, %(root)s, %(sky)s, 'x', 'x', 1, now(), 'visible');
"""
_TELL = """
    INSERT INTO core.events (type, occurred_at, topics, payload)
    VALUES (%s, now(), %s, jsonb_build_object('type', %s::text) || %s::jsonb)
"""


def _post(post_id: str, thread_id: str) -> str:
    return f'{{"post_id": "{post_id}", "thread_id": "{thread_id}", "author_id": "{SKY}"}}'


@pytest.fixture
def former(postgres: str) -> Iterator[str]:
    """A community of the release before, and what was told in it."""
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, BEFORE)
    people = {"rowan": ROWAN, "sky": SKY, "members": [ROWAN, SKY]}
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_FILL, {"root": ROOT, "reply": REPLY, "wall": WALL_ID, **people})
        for type_, post, thread in (
            ("post.withdrawn", REPLY, ROOT),
            ("post.withdrawn", GONE, GONE),
        ):
            topics = ["wall", f"thread:{thread}"]
            connection.execute(_TELL, (type_, topics, type_, _post(post, thread)))
        connection.execute(
            _TELL, ("break.taken", [f"me:{SKY}"], "break.taken", f'{{"member_id": "{SKY}"}}')
        )
    yield url
    databases.drop(postgres, url)


def rows(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, row_factory=tuple_row) as connection:
        found = "SELECT type, topics, payload FROM core.events ORDER BY id"
        return connection.execute(found).fetchall()


def test_what_was_told_before_names_its_space(former: str) -> None:
    told = rows(former)
    for _ in range(2):
        migrations.upgrade(former, AFTER)
        reply, gone, rest = rows(former)
        for _, topics, payload in (reply, gone):
            assert topics[0] == f"space:{WALL_ID}"
            assert payload["space_id"] == str(WALL_ID)
            assert events.registry()["post.withdrawn"].model_validate(payload)
        assert reply[2]["thread_author_id"] == ROWAN
        assert "thread_author_id" not in gone[2], "nobody is left there to ask"
        assert rest == told[2]
        engine = create_engine(
            make_url(former).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
        )
        with engine.connect() as connection:
            command.downgrade(migrations.config(connection), BEFORE)
        assert rows(former) == told
    migrations.upgrade(former, "heads")


def test_there_is_one_wall(former: str) -> None:
    migrations.upgrade(former, AFTER)
    with (
        psycopg.connect(former) as connection,
        pytest.raises(psycopg.errors.UniqueViolation),
    ):
        connection.execute(
            "INSERT INTO community.spaces VALUES (gen_random_uuid(), 'wall', 'Another')"
        )
