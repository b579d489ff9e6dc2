"""Which migrations this code knows and which a database has, without loading Alembic."""

import re
from functools import cache
from pathlib import Path

import psycopg

from app.core.errors import NewerDatabaseError
from app.identity.roles import MADE_BY_COMMAND
from app.run.errors import StartError

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


@cache
def known() -> dict[str, str | None]:
    """Every revision of this code, with the one before it."""
    found: dict[str, str | None] = {}
    for file in VERSIONS.glob("*.py"):
        text = file.read_text()
        own = re.search(r"^revision\b.*?= *[\"'](\w+)[\"']", text, re.MULTILINE)
        before = re.search(r"^down_revision\b.*?= *[\"'](\w+)[\"']", text, re.MULTILINE)
        if own:
            found[own.group(1)] = before.group(1) if before else None
    return found


def head() -> str:
    """The newest revision of this code."""
    (last,) = set(known()) - set(known().values())
    return last


def of_database(url: str) -> str | None:
    """The revision that the database is at; None when it is empty."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
        if not row or row[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
        return str(row[0]) if row else None


def is_empty(url: str) -> bool:
    """Whether nobody has an account in this (migrated) database."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute("SELECT NOT EXISTS (SELECT FROM identity.accounts)").fetchone()
        return bool(row and row[0])


def is_untouched(url: str) -> bool:
    """Whether nobody ever signed in, and nobody was given an account on the command line: what is
    in the database then was written by our own hand."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute("SELECT to_regclass('identity.sessions') IS NULL").fetchone()
        if row and row[0]:
            return True
        row = connection.execute(
            "SELECT NOT EXISTS (SELECT FROM identity.sessions)"
            " AND NOT EXISTS (SELECT FROM identity.role_grants WHERE reason = %s)",
            [MADE_BY_COMMAND],
        ).fetchone()
        return bool(row and row[0])


def require_current(url: str) -> None:
    """Refuse to serve a database that is older or newer than this code."""
    at = of_database(url)
    if at == head():
        return
    if at is not None and at not in known():
        raise NewerDatabaseError(at)
    raise StartError(
        "The database has not been brought up to this version of Alongside: "
        "run `alongside migrate`, then start again."
    )
