"""Attack 7: an id that is given out tells the moment at which it was made."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from app.research.attacks.findings import Finding

#: UUIDs of these versions begin with a time (RFC 9562).
TIMED: Final = (1, 6, 7)


def attack(ids: Iterable[UUID]) -> Finding:
    """How many of the ids in a package tell when they were made."""
    given = list(ids)
    timed = [one for one in given if one.version in TIMED]
    told = [moment for moment in map(moment_of, given) if moment]
    note = f"made at {min(told):%Y-%m-%d %H:%M:%S.%f}"[:-3] if told else "random"
    return Finding("ids", len(timed), len(given), 0.0, note)


def moment_of(one: UUID) -> datetime | None:
    """The moment in a version 7 id, to the millisecond."""
    return datetime.fromtimestamp((one.int >> 80) / 1000, UTC) if one.version == 7 else None
