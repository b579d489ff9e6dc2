"""Migrations go up from nothing, down step by step, up again, and the tables agree with them."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import create_engine, event, make_url, pool

from app.core import migrations
from app.core.errors import NewerDatabaseError
from tests.support import databases


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    url = databases.clone(postgres, "template0")
    yield url
    databases.drop(postgres, url)


def schemas(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public)'"
        )
        return {name for (name,) in rows}


def left_in_public(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace"
        )
        return sorted(name for (name,) in rows if "alembic_version" not in name)


def test_every_step_goes_down_and_up_again(empty_url: str) -> None:
    steps = [*ScriptDirectory.from_config(migrations.config()).walk_revisions()]
    migrations.upgrade(empty_url)
    full = schemas(empty_url)
    engine = create_engine(
        make_url(empty_url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    for step in steps:
        with engine.connect() as connection:
            command.downgrade(migrations.config(connection), str(step.down_revision or "base"))
    assert schemas(empty_url) == set()
    assert left_in_public(empty_url) == []
    migrations.upgrade(empty_url)
    assert schemas(empty_url) == full


def test_the_tables_agree_with_the_migrations(database_url: str) -> None:
    engine = create_engine(
        make_url(database_url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        command.check(migrations.config(connection))


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("UPDATE public.alembic_version SET version_num = 'from_the_future'")
        )
    with pytest.raises(NewerDatabaseError, match="newer version"):
        migrations.upgrade(database_url)


def test_a_second_migration_waits_for_the_first_however_long_it_takes(database_url: str) -> None:
    engine = create_engine(
        make_url(database_url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    waited_with: list[str] = []

    def before(
        _: object, cursor: psycopg.Cursor[tuple[str]], statement: str, *rest: object
    ) -> None:
        if "pg_advisory_lock(" in statement:
            for name in ("lock_timeout", "statement_timeout"):
                shown = cursor.connection.execute(sql.SQL(f"SHOW {name}")).fetchone()
                waited_with.extend(shown or ())

    event.listen(engine, "before_cursor_execute", before)
    with engine.connect() as connection:
        command.upgrade(migrations.config(connection), "head")
        assert waited_with == ["0", "0"]
        shown = connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
        assert shown == "5s", "once it is its turn, it never holds the community up"
