"""A private PostgreSQL from whatever binaries the machine has. README.md tells how to use it."""

from app.postgres.launcher import running, start, temporary
from app.postgres.probe import check
from app.postgres.server import Server

__all__ = ["Server", "check", "running", "start", "temporary"]
