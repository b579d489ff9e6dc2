"""The whole database in one file and back, by PostgreSQL's own tools."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from app.core import logins
from app.core.outbox_restore import make_partitions, settle_events
from app.postgres import binaries
from app.run.environment import data_folder
from app.run.errors import StartError


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
    arguments = ["--no-owner", "--exit-on-error", "--single-transaction", str(file)]
    try:
        _run("pg_restore", arguments, url)
        settle_events(url)
        make_partitions(url)
    except StartError:
        if kept:
            _run("pg_restore", [*arguments[:-1], str(kept)], url)
        raise
    return kept


def _run(tool: str, arguments: list[str], url: str | None, *, quiet: bool = False) -> None:
    """Run a tool of the newest installation. The password travels in the environment, unseen."""
    newest = max(binaries.installations(), key=lambda found: found.major)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if url:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        environment["PGPASSWORD"] = parts.pop("password", "")
        address = " ".join(f"{name}={_quoted(value)}" for name, value in parts.items())
        arguments = [f"--dbname={address}", *arguments]
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(
        [newest.tool(tool), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
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
