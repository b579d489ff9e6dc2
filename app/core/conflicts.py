"""Acts that stood in each other's way in the database: one of them is undone, and does it again.

There is one order of locks (app/community/README.md), so this is for what nobody thought of. What
is undone left nothing behind: rows, events and jobs are of one transaction.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import psycopg
import sqlalchemy.exc

#: A first time, and so often again. Whoever waits in a ring waits a second until it is found.
TRIES: Final = 4
#: Before the next: by chance, and longer each time, so that the same two do not meet again.
PAUSE_SECONDS: Final = 0.05

_is_repeat: ContextVar[bool] = ContextVar("is_repeat", default=False)


def origin_of(error: BaseException) -> BaseException:
    """The driver's own error, below the one that SQLAlchemy made of it."""
    if isinstance(error, sqlalchemy.exc.DBAPIError) and error.orig is not None:
        return error.orig
    return error


def is_conflict(error: BaseException) -> bool:
    """Whether the transaction was undone for another's sake, and nothing else is wrong."""
    return isinstance(
        origin_of(error),
        psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure,
    )


def is_repeat() -> bool:
    """Whether this is done again: what stands outside the transaction was done the first time."""
    return _is_repeat.get()


@contextmanager
def repeating() -> Iterator[None]:
    """Says so inside the block."""
    token = _is_repeat.set(True)
    try:
        yield
    finally:
        _is_repeat.reset(token)


async def pause(tries: int) -> None:
    """Let the other go first."""
    await asyncio.sleep(random.uniform(0, PAUSE_SECONDS * 2 ** (tries - 1)))  # noqa: S311 - no secret
