"""The hash chain of the moderation log, computed apart from the database that wrote it.

The database links each line in a trigger (see the migration); this module says the same rule a
second time, so that neither can drift or be changed alone without `log.check` noticing.
Each line's hash is SHA-256 over its fields as netstrings, then the hash of the line before.
A netstring is `<bytes>:<text>`, and `~` for nothing, so no two lines can read alike.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

#: What the first line is linked to.
FIRST = bytes(32)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log, as it is stored."""

    seq: int
    at: datetime
    act: str
    actor_id: UUID | None
    case_id: UUID
    post_id: UUID
    facts: str
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """The first line that does not hold, and why."""

    seq: int
    why: str


def netstring(text: str | None) -> str:
    """A field that says how long it is."""
    return "~" if text is None else f"{len(text.encode())}:{text}"


def moment(at: datetime) -> str:
    """A time as the trigger writes it: UTC, microseconds, always six digits."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(line: Line, prev_hash: bytes) -> bytes:
    """The hash that the line must carry when it follows `prev_hash`."""
    fields = (
        str(line.seq),
        moment(line.at),
        line.act,
        None if line.actor_id is None else str(line.actor_id),
        str(line.case_id),
        str(line.post_id),
        line.facts,
    )
    canonical = "".join(netstring(field) for field in fields)
    return hashlib.sha256(canonical.encode() + prev_hash).digest()


def broken(line: Line, *, seq: int, prev_hash: bytes) -> Break | None:
    """What is wrong with a line that should be number `seq` after `prev_hash`; None if nothing."""
    if line.seq != seq:
        return Break(seq, "this line is missing")
    if line.prev_hash != prev_hash:
        return Break(seq, "it does not follow the line before it")
    if line.hash != digest(line, prev_hash):
        return Break(seq, "its words were changed after it was written")
    return None
