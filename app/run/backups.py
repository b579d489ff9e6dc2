"""The whole database in one file and back, by PostgreSQL's own tools."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryFile
from typing import IO, Final, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from app.core import logins
from app.core.outbox_restore import make_partitions, settle_events
from app.postgres import binaries
from app.run.environment import data_folder
from app.run.errors import StartError

#: `transaction_timeout` came with PostgreSQL 17.
_TRANSACTION_TIMEOUT_SINCE: Final = 170_000


def write(url: str, file: Path) -> int:
    """A consistent picture of the database in `file`; returns its size. Nothing half is left."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    arguments = ["--format=custom", "--no-owner", f"--file={fresh}"]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", arguments, url)
        fresh.rename(file)
    except OSError as problem:
        raise StartError(f"{file} cannot be written ({problem.strerror}).") from problem
    finally:
        fresh.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, *, replace: bool) -> Path | None:
    """Put `file` in place of what is there, all of it or nothing; returns where that was kept."""
    if not file.is_file():
        raise StartError(f"{file} is not there: name a file that `alongside backup` wrote.")
    _run("pg_restore", ["--list", str(file)], None, quiet=True)
    kept = None
    with psycopg.connect(url, autocommit=True) as connection:
        _refuse_when_in_use(connection)
        if _schemas(connection):
            if not replace:
                raise StartError(
                    "The database is not empty: add --replace to put the backup in its place "
                    "(what is there is backed up first)."
                )
            # To the microsecond: a second restore must not write over what the first one kept.
            stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
            kept = data_folder() / "backups" / f"before-restore-{stamp}.dump"
            write(url, kept)
            _empty(connection)
        logins.make_roles(connection)
    try:
        _play(url, file)
        settle_events(url)
        make_partitions(url)
    except StartError as problem:
        if kept:
            _put_back(url, kept, problem)
        raise
    return kept


def _put_back(url: str, kept: Path, problem: StartError) -> None:
    """What was there before a restore that did not succeed; raises StartError with its place."""
    try:
        empty(url)
        _play(url, kept)
    except StartError as again:
        raise StartError(
            f"{problem} What was there could not be put back: it is whole in {kept}. Keep that "
            "file, put right what is said here, and restore it."
        ) from again


def _play(url: str, file: Path) -> None:
    """Play a backup as a script, in one transaction. `pg_restore` alone would set what servers
    before 17 do not know, when it comes with a newer PostgreSQL than the server."""
    script: list[str | Path] = [_newest("pg_restore"), "--no-owner", "--file=-", file]
    address, environment = _connection(url)
    player: list[str | Path] = [
        *(_newest("psql"), address, "--no-psqlrc", "--quiet", "--single-transaction"),
        *("--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"),
    ]
    with psycopg.connect(url) as connection:
        version = connection.info.server_version
    with (
        TemporaryFile() as said,
        subprocess.Popen(script, stdin=DEVNULL, stdout=PIPE, stderr=said) as reading,
        subprocess.Popen(player, env=environment, stdin=PIPE, stdout=DEVNULL, stderr=said) as into,
    ):
        lines, stdin = cast("IO[bytes]", reading.stdout), cast("IO[bytes]", into.stdin)
        try:
            stdin.writelines(for_version(version, lines))
        except BrokenPipeError:
            reading.kill()  # psql has ended: what it said tells why
        if reading.wait() != 0:
            into.kill()  # before its input ends, which would keep what came so far
        with suppress(BrokenPipeError):
            stdin.close()
        done = into.wait()
        said.seek(0)
        why = " ".join(said.read().decode(errors="replace").split())[-400:]
    if reading.returncode != 0 or done != 0:
        raise StartError(f"The backup was not restored, and nothing was changed: {why}")


def for_version(version: int, script: Iterable[bytes]) -> Iterator[bytes]:
    """The script without the setting that servers before 17 do not know. Its settings end with the
    first object: a line of somebody's words is never taken out."""
    lines = iter(script)
    for line in lines:
        if line.startswith(b"CREATE "):
            yield line
            break
        if version >= _TRANSACTION_TIMEOUT_SINCE or not line.startswith(b"SET transaction_timeout"):
            yield line
    yield from lines


def _newest(tool: str) -> Path:
    return max(binaries.installations(), key=lambda found: found.major).tool(tool)


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """The address for a tool, and its environment. The password travels there, unseen."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    environment["PGPASSWORD"] = parts.pop("password", "")
    address = " ".join(f"{name}={_quoted(value)}" for name, value in parts.items())
    return f"--dbname={address}", environment


def _run(tool: str, arguments: list[str], url: str | None, *, quiet: bool = False) -> None:
    """Run a tool of the newest installation."""
    environment = None
    if url:
        address, environment = _connection(url)
        arguments = [address, *arguments]
    done = subprocess.run(
        [_newest(tool), *arguments],
        env=environment,
        stdin=DEVNULL,
        stdout=DEVNULL if quiet else None,
        stderr=PIPE,
        text=True,
    )
    if done.returncode != 0:
        why = " ".join(done.stderr.split())[-400:]
        raise StartError(f"{tool} did not succeed, and nothing was changed: {why}")


def _quoted(value: str) -> str:
    """A value of a connection string (libpq, 32.1.1.1)."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _refuse_when_in_use(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()
    if row and row[0]:
        raise StartError(
            f"{row[0]} connections to the database are open: stop servers and workers first."
        )


def _schemas(connection: psycopg.Connection) -> list[str]:
    """Schemas with something in them, apart from PostgreSQL's own."""
    rows = connection.execute(
        "SELECT DISTINCT nspname FROM pg_namespace JOIN pg_class ON relnamespace = pg_namespace.oid"
        " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
    )
    return [str(row[0]) for row in rows]


def empty(url: str) -> None:
    """Leave nothing in the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        _empty(connection)


def _empty(connection: psycopg.Connection) -> None:
    with connection.transaction():
        for schema in _schemas(connection):
            connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))
        connection.execute("CREATE SCHEMA IF NOT EXISTS public")
