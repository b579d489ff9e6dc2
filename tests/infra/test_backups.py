"""A backup brings everything back, and a restore that cannot succeed changes nothing."""

import stat
from pathlib import Path

import psycopg
import pytest

from app.core import migrations
from app.postgres import running
from app.run import backups
from tests.infra.runs import alongside


@pytest.fixture
def data(data_dir: Path) -> Path:
    """A data folder with a migrated database that holds one thing to lose."""
    with running(data_dir) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        migrations.upgrade(dsn)
        connection.execute("CREATE TABLE core.kept (word text)")
        connection.execute("INSERT INTO core.kept VALUES ('hello ä')")
    return data_dir.parent


def change(data: Path) -> None:
    with running(data / "postgres") as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE core.kept SET word = 'changed'")
        connection.execute("CREATE TABLE core.later ()")


def words_in(data: Path) -> list[str]:
    with running(data / "postgres") as dsn, psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM core.kept")]


def test_a_restore_brings_back_what_the_backup_held(data: Path) -> None:
    file = data / "safe" / "alongside.dump"
    done = alongside(data, "backup", str(file))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    change(data)
    refused = alongside(data, "restore", str(file))
    assert refused.returncode == 1
    assert "add --replace" in refused.stderr
    assert words_in(data) == ["changed"]
    done = alongside(data, "restore", "--replace", str(file))
    assert done.returncode == 0, done.stderr
    assert words_in(data) == ["hello ä"]
    kept = next((data / "backups").iterdir())
    assert str(kept) in done.stdout
    done = alongside(data, "restore", "--replace", str(kept))
    assert done.returncode == 0, done.stderr
    assert words_in(data) == ["changed"]
    assert len(list((data / "backups").iterdir())) == 2, "both are kept, also in one second"


def test_a_backup_restores_into_an_empty_database(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "alongside.dump"
    assert alongside(data, "backup", str(file)).returncode == 0
    elsewhere = data / "elsewhere"
    elsewhere.mkdir(mode=0o711)
    done = alongside(elsewhere, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert words_in(elsewhere) == ["hello ä"]
    assert alongside(elsewhere, "doctor", ALONGSIDE_MAIL="smtp").returncode == 0


def test_a_file_that_is_no_backup_changes_nothing(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"not a dump" * 1000)
    done = alongside(data, "restore", "--replace", str(file))
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert words_in(data) == ["hello ä"]


def test_a_damaged_backup_leaves_everything_as_it_was(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "alongside.dump"
    with running(data / "postgres") as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE core.many AS SELECT md5(n::text) FROM generate_series(1, 20000) n"
        )
    assert alongside(data, "backup", str(file)).returncode == 0
    # The list of what is in it stands at its beginning, and is whole.
    whole = file.read_bytes()
    file.write_bytes(whole[:-100_000])
    change(data)
    done = alongside(data, "restore", "--replace", str(file))
    assert done.returncode == 1
    assert "The backup was not restored" in done.stderr
    assert words_in(data) == ["changed"]
    elsewhere = data / "elsewhere"
    elsewhere.mkdir(mode=0o711)
    assert alongside(elsewhere, "restore", str(file)).returncode == 1
    file.write_bytes(whole)
    done = alongside(elsewhere, "restore", str(file))
    assert done.returncode == 0, f"nothing of the damaged one is there: {done.stderr}"


_SETTING = b"SET transaction_timeout = 0;\n"
_CREATE, _COPY = b"CREATE SCHEMA core;\n", b"COPY core.kept (word) FROM stdin;\n"


@pytest.mark.parametrize(
    ("version", "begins"), [(150_018, []), (160_000, []), (170_000, [_SETTING])]
)
def test_a_server_is_told_no_setting_that_it_does_not_know(
    version: int, begins: list[bytes]
) -> None:
    script = [b"SET lock_timeout = 0;\n", _SETTING, _CREATE, _COPY, _SETTING, b"\\.\n"]
    played = [*script[:1], *begins, *script[2:]]
    assert list(backups.for_version(version, script)) == played, "somebody's words stay"


def test_a_database_in_use_is_not_restored_over(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "alongside.dump"
    assert alongside(data, "backup", str(file)).returncode == 0
    with running(data / "postgres") as dsn, psycopg.connect(dsn):
        done = alongside(data, "restore", "--replace", str(file))
    assert done.returncode == 1
    assert "stop servers and workers first" in done.stderr


def test_a_place_that_cannot_be_written_is_named(data: Path) -> None:
    done = alongside(data, "backup", "/proc/nowhere/alongside.dump")
    assert done.returncode == 1
    assert "/proc/nowhere/alongside.dump cannot be written" in done.stderr
