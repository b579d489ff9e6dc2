"""What the release before recorded comes along: events, cursors, positions, events set aside."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine, make_url, pool

from app.core import migrations
from tests.support import databases
from tests.support.aging import age

BEFORE, AFTER = "community_0007", "core_0003"
_EVENTS = "SELECT id, xid::text, type, occurred_at, topics, payload FROM core.events ORDER BY id"
_CURSORS = "SELECT subscriber, xid::text, id, failures, moved_at FROM core.cursors ORDER BY 1"
_DEAD_LETTERS = (
    "SELECT subscriber, event_id, parked_at, error FROM core.parked_events ORDER BY 1, 2"
)
_TELL = (
    "INSERT INTO core.events (type, occurred_at, topics, payload)"
    " SELECT 'thing.happened', now() - n * interval '1 day', ARRAY['wall', 'thread:' || n],"
    " jsonb_build_object('number', n) FROM generate_series(1, %s) n RETURNING id"
)
Rows = list[tuple[object, ...]]


@pytest.fixture
def former(postgres: str) -> Iterator[str]:
    """A database of the release before: 400 events, two cursors, three events set aside."""
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, BEFORE)
    with psycopg.connect(url) as connection:
        for number in (100, 300):
            connection.execute(_TELL, [number])
            connection.commit()
        connection.execute(
            "INSERT INTO core.cursors (subscriber, xid, id, failures, moved_at)"
            " SELECT 's' || id, xid, id, 1, now() FROM core.events WHERE id IN (50, 390)"
        )
        connection.execute(
            "INSERT INTO core.parked_events (subscriber, event_id, parked_at, error)"
            " SELECT 's390', id, now(), 'boom' FROM core.events WHERE id IN (7, 300, 301)"
        )
    yield url
    databases.drop(postgres, url)


def read(url: str, query: str) -> Rows:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def tell(url: str) -> int:
    with psycopg.connect(url) as connection:
        (row,) = connection.execute(_TELL, [1]).fetchall()
        return int(row[0])


def down(url: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        command.downgrade(migrations.config(connection), BEFORE)


def test_everything_that_was_recorded_comes_along(former: str) -> None:
    before = [read(former, query) for query in (_EVENTS, _CURSORS, _DEAD_LETTERS)]
    migrations.upgrade(former, AFTER)
    assert [read(former, query) for query in (_EVENTS, _CURSORS, _DEAD_LETTERS)] == before
    assert len(before[0]) == 400
    whole = read(
        former,
        "SELECT p.event_id FROM core.parked_events p JOIN core.events e ON e.id = p.event_id"
        " AND (e.xid, e.type, e.occurred_at, e.topics, e.payload)"
        " = (p.xid, p.type, p.occurred_at, p.topics, p.payload) ORDER BY 1",
    )
    assert whole == [(7,), (300,), (301,)]
    assert tell(former) == 401, "numbers go on"
    partitions = read(former, "SELECT DISTINCT tableoid::regclass::text FROM core.events")
    assert len(partitions) == 1, "what was there is not written again"


def test_what_was_recorded_before_is_kept_its_days_from_the_migration_on(former: str) -> None:
    """Whatever the times in it say: a subscriber of the new release may want it."""
    migrations.upgrade(former, AFTER)
    with psycopg.connect(former) as connection:
        connection.execute("UPDATE core.cursors SET xid = '9999999'")
        connection.execute("SELECT core.drop_event_partition(14)")
    assert len(read(former, _EVENTS)) == 400


def test_the_way_back_keeps_all_that_is_there(former: str) -> None:
    before = [read(former, query) for query in (_EVENTS, _CURSORS, _DEAD_LETTERS)]
    migrations.upgrade(former, AFTER)
    down(former)
    assert [read(former, query) for query in (_EVENTS, _CURSORS, _DEAD_LETTERS)] == before
    assert tell(former) == 401


def test_the_way_back_returns_what_was_set_aside_after_its_partition_went(former: str) -> None:
    """The release before looks for it in the outbox."""
    apart = " WHERE id IN (7, 300, 301) ORDER BY id"
    before = read(former, _EVENTS.replace(" ORDER BY id", apart))
    migrations.upgrade(former, AFTER)
    age(former, weeks=4)
    tell(former)
    with psycopg.connect(former) as connection:
        connection.execute("UPDATE core.cursors SET xid = '9999999'")
        connection.execute("SELECT core.drop_event_partition(14)")
    assert len(read(former, _EVENTS)) == 1
    down(former)
    assert read(former, _EVENTS.replace(" ORDER BY id", apart)) == before
    assert tell(former) == 402
