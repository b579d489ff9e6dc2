"""`alongside run` on real processes: it comes up, stays up, goes away, and comes back."""

import os
import signal
from pathlib import Path

import psycopg

from app.postgres import running, temporary
from app.run import revisions
from tests.infra.runs import create_admin, migrate, running_alongside
from tests.infra.support import is_alive, postmaster_of, rows_in, wait_until


def test_a_killed_server_and_a_killed_database_come_back_by_themselves(data_dir: Path) -> None:
    with running_alongside(data_dir.parent / "var") as run:
        assert run.answers()
        server = run.child("serve")
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not is_alive(server))
        wait_until(run.answers)
        assert run.child("serve") != server
        assert "Traceback" not in run.said
        os.kill(postmaster_of(run.data / "postgres"), signal.SIGKILL)
        wait_until(lambda: "The database" in run.said and run.answers())
        # It may be on its way back itself.
        wait_until(lambda: bool(run.children("worker")))
        worker = run.child("worker")
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: any(pid != worker for pid in run.children("worker")))


def test_each_way_to_end_leaves_nothing_running_and_the_next_start_recovers(
    data_dir: Path,
) -> None:
    data = data_dir.parent / "var"
    for number, how in enumerate((signal.SIGTERM, signal.SIGKILL, signal.SIGINT), start=1):
        with running_alongside(data) as run:
            assert rows_in(dsn_of(run.data)) == number
            # Ends it, and fails when anybody stays.
            assert run.end(how) == (-signal.SIGKILL if how == signal.SIGKILL else 0)


def test_several_server_processes_answer_on_one_port(data_dir: Path) -> None:
    data = data_dir.parent / "var"
    migrate(data)
    with running_alongside(data, "--servers", "2") as run:
        first, second = run.children("serve")
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not is_alive(first))
        assert run.answers()
        assert is_alive(second)


def test_it_ends_when_the_one_who_started_it_is_killed(data_dir: Path) -> None:
    # As make does it: a process that waits for us.
    shell = ("sh", "-c", '"$@"; exit', "sh")
    data = data_dir.parent / "var"
    migrate(data)
    with running_alongside(data, "--with-parent", below=shell) as run:
        assert run.answers()
        assert run.end(signal.SIGKILL) == -signal.SIGKILL


def test_a_server_of_ones_own_is_used_and_left_running(data_dir: Path) -> None:
    with temporary() as server:
        with running_alongside(data_dir.parent / "var", DATABASE_URL=server.dsn) as run:
            assert run.answers()
            assert not (run.data / "postgres").exists()
            assert run.end(signal.SIGTERM) == 0
        assert server.is_running
        assert revisions.of_database(server.dsn) == revisions.head()


def test_a_demo_that_was_interrupted_is_begun_again(data_dir: Path) -> None:
    data = data_dir.parent
    migrate(data)
    with running(data_dir) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE community.half_a_demo ()")
    (data / "demo-unfinished").touch()
    with running_alongside(data), psycopg.connect(dsn_of(data, "alongside")) as connection:
        row = connection.execute("SELECT to_regclass('community.half_a_demo')").fetchone()
        assert row == (None,)
        assert not (data / "demo-unfinished").exists()


def test_a_database_that_somebody_signed_in_to_is_never_begun_again(database_url: str) -> None:
    assert revisions.is_untouched(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        # Only the row counts here: whose it is belongs to tests of identity.
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO identity.sessions"
            " (id, token_hash, account_id, description, created_at, last_seen_at, ends_at)"
            " SELECT x, sha256('x'), x, 'Firefox', now(), now(), now() + interval '1 day'"
            " FROM gen_random_uuid() AS x"
        )
    assert not revisions.is_untouched(database_url)


def test_a_database_with_an_administrator_is_never_begun_again(data_dir: Path) -> None:
    data = data_dir.parent
    migrate(data)
    made = create_admin(data, email="office@example.org", password="walnut orbit cardigan")
    assert made.returncode == 0, made.stderr
    with running(data_dir) as dsn:
        assert not revisions.is_untouched(dsn)


def dsn_of(data: Path, database: str = "postgres") -> str:
    return f"postgresql://alongside@/{database}?host={data / 'postgres'}&port=5432"
