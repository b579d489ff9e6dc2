"""The one road to the words of an instrument. Those of a restricted one come from the database,
which shows them only while a licence is in force; everything that shows, asks or exports an
instrument takes its words from `access`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.core import db
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.instruments import catalogue
from app.research.instruments.structure import Instrument, LicenceKind
from app.research.instruments.wording import Wording

# By name alone: the view leaves out whatever no licence in force lets us show.
_WORDS = """
    SELECT words FROM research.readable_wordings
    WHERE instrument = %s ORDER BY language, version DESC
"""

_STATES = """
    SELECT n.instrument, l.expires_on, EXISTS (SELECT FROM research.instrument_licences o
      WHERE o.instrument = n.instrument
        AND o.starts_on <= research.local_date(clock_timestamp())) AS had_one
    FROM unnest(%s::text[]) AS n (instrument)
    LEFT JOIN research.instrument_licences l
      ON l.id = research.licence_in_force(n.instrument)
"""


class LockState(StrEnum):
    """Whether an instrument's words may be shown now."""

    #: It needs no licence.
    OPEN = "open"
    #: A licence is in force, and words were entered.
    LICENSED = "licensed"
    #: A licence is in force, and there are no words yet.
    WORDLESS = "wordless"
    #: No licence was ever recorded.
    LOCKED = "locked"
    #: There was a licence, and none is in force.
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Lock:
    """How it stands, and the last day of the licence in force."""

    state: LockState
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Worded:
    """An instrument with words that may be shown now."""

    instrument: Instrument
    wording: Wording


def find(name: str, version: int | None = None) -> Instrument:
    """An instrument without its words, the newest version unless one is named; raises
    InstrumentNotFoundError."""
    for one in catalogue.shipped().versions(name):
        if version in (None, one.version):
            return one
    raise InstrumentNotFoundError


async def access(
    pool: db.Pool,
    name: str,
    *,
    version: int | None = None,
    language: str = "en",
    wording: int | None = None,
) -> Worded:
    """An instrument with its words in a language, the newest unless a version of them is named.

    Raises InstrumentNotFoundError, also for words that there are not, and InstrumentLockedError.
    """
    instrument = find(name, version)
    lock = (await of(pool, [instrument]))[name]
    if lock.state not in (LockState.OPEN, LockState.LICENSED):
        raise InstrumentLockedError(instrument.title, lock.state)
    for one in await wordings(pool, instrument):
        if one.language == language and wording in (None, one.version):
            return Worded(instrument, one)
    raise InstrumentNotFoundError(
        f"There are no such words of {instrument.title}. Please choose another language or version."
    )


async def wordings(pool: db.Pool, instrument: Instrument) -> list[Wording]:
    """The words of an instrument that may be shown now, by language, the newest first."""
    if instrument.licence.kind is not LicenceKind.RESTRICTED:
        return catalogue.shipped().shipped(instrument)
    rows = await db.fetch(pool, _WORDS, (instrument.name,))
    found = [_wording(row["words"]) for row in rows]
    return [one for one in found if one.structure == instrument.version]


async def of(pool: db.Pool, instruments: Sequence[Instrument]) -> dict[str, Lock]:
    """How it stands with each of them, by name."""
    restricted = [one for one in instruments if one.licence.kind is LicenceKind.RESTRICTED]
    found = {one.name: Lock(LockState.OPEN) for one in instruments}
    if not restricted:
        return found
    rows = await db.fetch(pool, _STATES, ([one.name for one in restricted],))
    licences = {row["instrument"]: row for row in rows}
    for one in restricted:
        row = licences[one.name]
        if row["expires_on"] is None:
            found[one.name] = Lock(LockState.EXPIRED if row["had_one"] else LockState.LOCKED)
            continue
        state = LockState.LICENSED if await wordings(pool, one) else LockState.WORDLESS
        found[one.name] = Lock(state, row["expires_on"])
    return found


def _wording(words: dict[str, Any]) -> Wording:
    return Wording.model_validate(words)
