"""What goes wrong at a start is told in one sentence with what to do, and never as a traceback."""

import socket
from pathlib import Path

import psycopg
import pytest

from app.core import migrations
from app.core.errors import PostgresError
from app.postgres import check, probe, running
from app.run import revisions
from tests.infra.runs import alongside


def sentence(data: Path, *arguments: str, **settings: str) -> str:
    """What is said on the way out; it must be one line, and a failure."""
    done = alongside(data, *arguments, **settings)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_taken_port_is_named_with_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = sentence(tmp_path, "run", PORT=str(port))
    assert f"Port {port} is taken" in said
    assert "PORT=" in said


def test_an_unreachable_database_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"postgresql://someone:hunter2@127.0.0.1:{port}/alongside"
    for command in ("run", "serve", "worker", "migrate", "doctor"):
        said = sentence(tmp_path, command, DATABASE_URL=url, ALONGSIDE_SECRET_KEY=KEY)
        assert f"127.0.0.1:{port}/alongside cannot be used (Connection refused" in said
        assert "hunter2" not in said


def test_an_address_that_is_none_says_how_one_is_written(tmp_path: Path) -> None:
    said = sentence(tmp_path, "run", DATABASE_URL="postgresql://a:b@[half/x")
    assert "postgresql://user:password@host:5432/name" in said


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    said = sentence(
        tmp_path, "migrate", DATABASE_URL="mysql://x/y", ALONGSIDE_SECRET_KEY="changeme"
    )
    assert "DATABASE_URL must start with postgresql://" in said
    assert "ALONGSIDE_SECRET_KEY must be 32 random bytes" in said


def test_data_of_a_newer_postgres_is_refused(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("99\n")
    assert "was written by PostgreSQL 99" in sentence(data_dir.parent, "run")


def test_a_place_for_files_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in ("run", "doctor"):
        said = sentence(tmp_path / "file" / "var", command)
        assert "set ALONGSIDE_DATA_DIR to a folder of your own" in said


def test_a_database_of_a_newer_alongside_is_refused(data_dir: Path) -> None:
    with running(data_dir) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        migrations.upgrade(dsn)
        connection.execute("UPDATE public.alembic_version SET version_num = 'from_the_future'")
    for command in ("migrate", "serve", "worker"):
        said = sentence(data_dir.parent, command)
        assert "last used by a newer version of Alongside (it is at from_the_future)" in said


def test_a_database_that_was_never_migrated_is_not_served(data_dir: Path) -> None:
    assert "run `alongside migrate`" in sentence(data_dir.parent, "serve")


def test_a_server_that_is_too_old_is_refused(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "OLDEST_MAJOR", 99)
    with running(data_dir) as dsn, pytest.raises(PostgresError, match="needs 99 or newer"):
        check(dsn)


def test_the_revisions_read_from_the_files_are_those_that_alembic_reads(data_dir: Path) -> None:
    assert alongside(data_dir.parent, "migrate").returncode == 0
    with running(data_dir) as dsn:
        assert revisions.of_database(dsn) == revisions.head()


KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
