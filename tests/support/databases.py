"""One server a test run, one migrated template, a clone a test: real commits, nothing shared."""

import itertools
import os
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import conninfo, sql

from app import postgres
from app.core import db, migrations
from app.core.db import Database

TEMPLATE = "alongside_template"
_numbers = itertools.count()
#: By server, the connection that makes and removes clones: a new one for each costs a fifth more.
_administrators: dict[str, psycopg.Connection] = {}
#: By server, copies whose tests have ended, the oldest first. Each holds some megabytes of memory.
_left: dict[str, deque[str]] = {}
LEFT_AT_MOST = 3
_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def url_of(server: str, name: str) -> str:
    """The address of another database on the same server."""
    parts = conninfo.conninfo_to_dict(server)
    host = str(parts.get("host", "")).replace("/", "%2F")
    port = parts.get("port", 5432)
    return f"postgresql://{parts['user']}@/{name}?host={host}&port={port}"


def make_template(server: str) -> None:
    """The database as the migrations make it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    migrations.upgrade(url_of(server, TEMPLATE))


@contextmanager
def administered(server: str) -> Iterator[None]:
    """While the block runs, clones of this server are made and removed on one connection."""
    with psycopg.connect(server, autocommit=True) as connection:
        _administrators[server], _left[server] = connection, deque()
        try:
            yield
        finally:
            del _administrators[server], _left[server]


def clone(server: str, template: str = TEMPLATE) -> str:
    """A fresh copy of the template; returns its address."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _administrators[server].execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )
    return url_of(server, name)


def drop(server: str, url: str) -> None:
    """End what still holds a copy open, and remove it a little later.

    The connections of a test that has just ended are still going. PostgreSQL looks only every
    100 ms whether they have gone, which was a fifth of a whole run's time.
    """
    administrator, left = _administrators[server], _left[server]
    name = str(conninfo.conninfo_to_dict(url)["dbname"])
    administrator.execute(_END_SESSIONS, (name,))
    left.append(name)
    if len(left) > LEFT_AT_MOST:
        administrator.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(left.popleft())
            )
        )


async def is_waited_for_a_lock(database: Database) -> bool:
    """Whether some statement on this database waits for another's."""
    rows = await db.fetch(
        database.pool,
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return bool(rows)


def kill(server: postgres.Server) -> None:
    """The postmaster, without a word; its children see it and go."""
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.stop()  # lets go of the lock
