"""Ids are UUIDs of version 7 (RFC 9562, 5.7), which sort by the time they were made; where that
time must not be told, of version 4."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from random import Random
from uuid import UUID

from app.core import clock

_chance: ContextVar[Callable[[int], int]] = ContextVar("chance", default=secrets.randbits)


def new_id() -> UUID:
    """A fresh id; ids of different milliseconds sort by time, within one by chance."""
    milliseconds = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    chance = _chance.get()
    value = milliseconds << 80 | 7 << 76 | chance(12) << 64
    return UUID(int=value | 2 << 62 | chance(62))


def earliest(moment: datetime) -> UUID:
    """Below every id made from that moment on: a bound for what is ordered by id."""
    milliseconds = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62)


def random_id() -> UUID:
    """A fresh id of version 4 (RFC 9562, 5.4): it tells neither a time nor an order."""
    chance = _chance.get()
    value = chance(48) << 80 | 4 << 76 | chance(12) << 64
    return UUID(int=value | 2 << 62 | chance(62))


@contextmanager
def drawn_from(random: Random) -> Iterator[None]:
    """Let ids repeat themselves with a seed inside the block: for the synthetic community alone."""
    token = _chance.set(random.getrandbits)
    try:
        yield
    finally:
        _chance.reset(token)
