"""Ids are UUIDs of version 7 (RFC 9562, 5.7), which sort by the time they were made; where that
time must not be told, of version 4."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from app.core import clock

_chance: ContextVar[Callable[[int], int] | None] = ContextVar("chance", default=None)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: The bits of an id that are drawn; those between and above them are its time, version and variant.
_HIGH, _LOW = 12, 62
_DRAWN: Final = ((1 << _HIGH) - 1) << 64 | ((1 << _LOW) - 1)


def new_id() -> UUID:
    """A fresh id; ids of different milliseconds sort by time, within one by chance."""
    made, chance = _of(clock.now()), _chance.get()
    if chance is None:
        return made
    return UUID(int=made.int & ~_DRAWN | chance(_HIGH) << 64 | chance(_LOW))


def earliest(moment: datetime) -> UUID:
    """Below every id made from that moment on: a bound for what is ordered by id."""
    return UUID(int=_of(moment).int & ~_DRAWN)


def random_id() -> UUID:
    """A fresh id of version 4 (RFC 9562, 5.4): it tells neither a time nor an order."""
    chance = _chance.get()
    return uuid4() if chance is None else UUID(int=chance(128), version=4)


def random_bits(count: int) -> int:
    """That many bits that nobody can guess; inside `drawn_from` they repeat themselves."""
    chance = _chance.get()
    return secrets.randbits(count) if chance is None else chance(count)


def _of(moment: datetime) -> UUID:
    # Of the moment given, not of now: tests and the demo set the clock, which the standard
    # library's uuid7 (Python 3.14) doesn't take.
    return uuid7(nanoseconds=(moment - _EPOCH) // timedelta(microseconds=1) * 1000)


@contextmanager
def drawn_from(random: Random) -> Iterator[None]:
    """Let ids and written codes repeat themselves with a seed inside the block: for the synthetic
    community alone."""
    token = _chance.set(random.getrandbits)
    try:
        yield
    finally:
        _chance.reset(token)
