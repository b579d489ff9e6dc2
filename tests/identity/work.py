"""Counting work instead of timing it: statements sent to the database, passwords hashed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from pwdlib import PasswordHash


class Work:
    """What was done while counting, in order."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.hashes = 0

    @property
    def shape(self) -> tuple[int, int, list[str]]:
        """Everything an onlooker could time: savepoints end one way or the other at one cost."""
        return self.hashes, len(self.statements), self.statements


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count until the block ends. The readers of events in the background are left out."""
    work = Work()
    execute = psycopg.AsyncCursor.execute
    hash_, verify = PasswordHash.hash, PasswordHash.verify

    async def noted(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        words = re.sub(r"\s+", " ", query if isinstance(query, str) else str(query)).strip()
        if "core.events" not in words or words.startswith("INSERT"):
            work.statements.append(_plain(words))
        return await execute(self, query, *more, **named)

    def hashed(self: PasswordHash, *given: Any, **named: Any) -> str:
        work.hashes += 1
        return hash_(self, *given, **named)

    def verified(self: PasswordHash, *given: Any, **named: Any) -> bool:
        work.hashes += 1
        return verify(self, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.AsyncCursor, "execute", noted)
        patched.setattr(PasswordHash, "hash", hashed)
        patched.setattr(PasswordHash, "verify", verified)
        yield work


def _plain(statement: str) -> str:
    if statement.startswith(("RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
        return "END OF SAVEPOINT"
    return statement[:60]
