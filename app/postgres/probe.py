"""Whether a server answers at an address, and is one we can use."""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.core.errors import PostgresError
from app.postgres.binaries import OLDEST_MAJOR

PATIENCE_SECONDS = 5


def name_of(url: str) -> str:
    """The address for people: host, port and database, never the password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as problem:
        raise PostgresError(
            "DATABASE_URL is not an address of PostgreSQL: write it as "
            "postgresql://user:password@host:5432/name, with special characters percent-encoded."
        ) from problem
    host = parts.get("host") or "localhost"
    return f"{host}:{parts.get('port') or 5432}/{parts.get('dbname') or ''}"


def check(url: str) -> int:
    """The major version of the server there; refuses one that is away or too old."""
    name = name_of(url)
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE_SECONDS) as connection:
            major = connection.info.server_version // 10_000
    except (psycopg.Error, OSError) as problem:
        why = " ".join(str(problem).split()).rpartition("failed: ")[2].removeprefix("FATAL: ")
        raise PostgresError(
            f"The database at {name} cannot be used ({why.strip()}): start it or correct "
            "DATABASE_URL, or unset DATABASE_URL to use the database that comes with Alongside."
        ) from problem
    if major < OLDEST_MAJOR:
        raise PostgresError(
            f"The database at {name} is PostgreSQL {major}, and Alongside needs {OLDEST_MAJOR} or "
            "newer: upgrade it, or point DATABASE_URL at another."
        )
    return major
