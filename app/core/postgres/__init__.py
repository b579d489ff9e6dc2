"""A private PostgreSQL from whatever binaries the machine has. README.md tells how to use it."""

from app.core.postgres.errors import PostgresError
from app.core.postgres.launcher import running, start, temporary
from app.core.postgres.probe import check
from app.core.postgres.server import Server

__all__ = ["PostgresError", "Server", "check", "running", "start", "temporary"]
