"""Meetings of before are not taken in: who agreed to activity then had read no word of them."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine, make_url, pool

from app.core import migrations
from tests.support import databases

REVISION = "research_0013"
_HELD = """
    INSERT INTO core.events (type, topics, payload, occurred_at)
    VALUES ('attendance.recorded', '{}', '{}', now())
"""
_CURSOR = "SELECT xid, id FROM core.cursors WHERE subscriber = 'research.attendance'"


@pytest.fixture
def fresh_url(postgres: str) -> Iterator[str]:
    url = databases.clone(postgres)
    yield url
    databases.drop(postgres, url)


def _migrate(url: str, act: str, to: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        getattr(command, act)(migrations.config(connection), to)


def test_the_subscriber_begins_after_what_was_told_before(fresh_url: str) -> None:
    _migrate(fresh_url, "downgrade", f"{REVISION}-1")
    with psycopg.connect(fresh_url) as connection:
        connection.execute(_HELD)
        connection.execute(_HELD)
        last = connection.execute("SELECT xid, id FROM core.events ORDER BY id DESC").fetchone()
    _migrate(fresh_url, "upgrade", REVISION)
    with psycopg.connect(fresh_url) as connection:
        assert connection.execute(_CURSOR).fetchone() == last


def test_the_way_back_leaves_no_cursor(fresh_url: str) -> None:
    with psycopg.connect(fresh_url) as connection:
        connection.execute(_HELD)
    for act, to in (("downgrade", f"{REVISION}-1"), ("upgrade", "head")):
        _migrate(fresh_url, act, to)
    _migrate(fresh_url, "downgrade", f"{REVISION}-1")
    with psycopg.connect(fresh_url) as connection:
        assert connection.execute(_CURSOR).fetchone() is None
