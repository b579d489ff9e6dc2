"""The hash chain of the moderation log, computed apart from the database that wrote it.

The database links each line in a trigger (see the migration); this module says the same rule a
second time, so that neither can drift or be changed alone: `log_verification.check` notices.
Each line's hash is SHA-256 over its fields as netstrings, then the hash of the line before.
A netstring is `<bytes>:<text>`, and `~` for nothing, so no two lines can read alike. Which fields,
the format of the line says: lines are never hashed anew, so each format that was ever written stays
here.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

#: What the first line is linked to.
FIRST = bytes(32)
#: What the database writes now.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log, as it is stored."""

    seq: int
    format: int
    at: datetime
    act: str
    actor_id: UUID | None
    case_id: UUID
    subject_kind: str
    subject_id: UUID
    subject_version: int | None
    facts: str
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class BrokenLine:
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
    fields = _FIELDS[line.format](line)
    canonical = "".join(netstring(None if field is None else str(field)) for field in fields)
    return hashlib.sha256(canonical.encode() + prev_hash).digest()


def _first_format(line: Line) -> tuple[Any, ...]:
    """Of the time when a line was about a post and no more."""
    happened = moment(line.at)
    return (line.seq, happened, line.act, line.actor_id, line.case_id, line.subject_id, line.facts)


def _second_format(line: Line) -> tuple[Any, ...]:
    """Says its format, and the whole subject."""
    subject = (line.subject_kind, line.subject_id, line.subject_version)
    done = (line.act, line.actor_id, line.case_id)
    return (line.format, line.seq, moment(line.at), *done, *subject, line.facts)


_FIELDS: dict[int, Callable[[Line], tuple[Any, ...]]] = {1: _first_format, 2: _second_format}


def broken(line: Line, *, seq: int, prev_hash: bytes) -> BrokenLine | None:
    """What is wrong with a line that should be number `seq` after `prev_hash`; None if nothing."""
    if line.seq != seq:
        return BrokenLine(seq, "this line is missing")
    if line.prev_hash != prev_hash:
        return BrokenLine(seq, "it does not follow the line before it")
    if line.format not in _FIELDS:
        return BrokenLine(
            seq, f"it says that it was written in format {line.format}, which is unknown"
        )
    if line.hash != digest(line, prev_hash):
        return BrokenLine(seq, "its words were changed after it was written")
    return None
