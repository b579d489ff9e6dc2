"""The launcher, on real servers: start, attach, kill, recover, refuse."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest

from app.core.errors import PostgresError
from app.postgres import binaries, running, start, temporary
from app.postgres import cluster as clusters
from tests.infra.support import is_alive, postmaster_of, rows_in, wait_until

ROOT = Path(__file__).resolve().parents[2]


def test_data_is_there_again_after_a_second_start(data_dir: Path) -> None:
    with running(data_dir) as dsn:
        assert rows_in(dsn) == 1
        pid = postmaster_of(data_dir)
    assert not is_alive(pid)
    with running(data_dir) as dsn:
        assert rows_in(dsn) == 2


def test_a_second_starter_attaches_and_leaves_the_server_running(data_dir: Path) -> None:
    with running(data_dir) as first:
        with running(data_dir) as second:
            assert second == first
        assert rows_in(first) == 1


def test_a_killed_server_recovers_with_every_committed_row(data_dir: Path) -> None:
    server = start(data_dir)
    assert rows_in(server.dsn) == 1
    os.kill(postmaster_of(data_dir), signal.SIGKILL)
    wait_until(lambda: not server.is_running)
    server.stop()
    with running(data_dir) as dsn:
        assert rows_in(dsn) == 2


def test_traces_that_name_a_process_of_somebody_else_do_not_stop_a_start(data_dir: Path) -> None:
    server = start(data_dir)
    traces = (data_dir / "postmaster.pid").read_text()
    os.kill(postmaster_of(data_dir), signal.SIGKILL)
    wait_until(lambda: not server.is_running)
    server.stop()
    first_line, rest = traces.split("\n", 1)
    assert first_line != str(os.getpid())
    (data_dir / "postmaster.pid").write_text(f"{os.getpid()}\n{rest}")
    with running(data_dir) as dsn:
        assert rows_in(dsn) == 1


def test_the_server_dies_with_a_starter_that_is_killed(data_dir: Path) -> None:
    code = textwrap.dedent(
        f"""
        import time
        from pathlib import Path
        from app.postgres import start
        server = start(Path({str(data_dir)!r}))
        print("up", flush=True)
        time.sleep(600)
        """
    )
    starter = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert starter.stdout
    assert starter.stdout.readline() == b"up\n"
    pid = postmaster_of(data_dir)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    # At once: this start waits for the old server to be gone, or attaches to nothing.
    with running(data_dir) as dsn:
        assert not is_alive(pid)
        assert rows_in(dsn) == 1


def test_a_start_that_was_interrupted_leaves_nothing_half_made(data_dir: Path) -> None:
    abandoned = data_dir.with_name(f"{data_dir.name}.new-abandoned")
    (abandoned / "data").mkdir(parents=True)
    with running(data_dir) as dsn:
        assert rows_in(dsn) == 1
    assert not abandoned.exists()


def test_data_of_another_major_version_is_refused_in_one_sentence(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("99\n")
    with pytest.raises(PostgresError, match=r"written by PostgreSQL 99.* move that folder away"):
        start(data_dir)


def test_a_folder_with_other_files_is_not_touched(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "thesis.txt").write_text("years of work")
    with pytest.raises(PostgresError, match="holds files but no PostgreSQL data"):
        start(data_dir)
    assert (data_dir / "thesis.txt").read_text() == "years of work"


def test_a_setting_that_names_no_postgres_says_so(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="has no working `postgres`"):
        binaries.installations({binaries.SETTING: str(tmp_path)})


def test_a_path_longer_than_a_socket_address_works(data_dir: Path) -> None:
    deep = data_dir.parent.joinpath(*["a-folder-with-a-rather-long-name"] * 4, "postgres")
    server = start(deep)
    try:
        assert rows_in(server.dsn) == 1
        assert server.sockets != deep
        assert server.sockets.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        clusters.remove(server.cluster)
    assert not server.sockets.exists()


def test_every_system_version_from_15_on_works(data_dir: Path) -> None:
    for installation in binaries.installations():
        place = data_dir.with_name(f"postgres-{installation.major}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(binaries.SETTING, str(installation.bin))
            with running(place) as dsn, psycopg.connect(dsn) as connection:
                assert connection.info.server_version // 10_000 == installation.major
                row = connection.execute("SELECT 'ä' < 'b', lower('Ä')").fetchone()
                assert row == (False, "ä")


def test_a_throw_away_server_leaves_nothing_behind() -> None:
    with temporary() as server:
        assert rows_in(server.dsn) == 1
        pid = postmaster_of(server.cluster.data)
    assert not is_alive(pid)
    assert not server.cluster.data.parent.exists()
