"""Words of a restricted instrument, entered as its licence holder gave them."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.errors import InvalidError
from app.research.errors.instruments import InstrumentLockedError
from app.research.instrument_models import InstrumentWording
from app.research.instruments import wording as words
from app.research.instruments.licences import require_restricted
from app.research.instruments.structure import Instrument
from app.research.instruments.wording import Wording
from app.research.instruments.wording_access import LockState

#: Where a request holds the parts of a wording.
_POINTERS: Final[dict[str | int, str]] = {"items": "/items", "options": "/option_sets"}

# The licence is locked, so that two who enter words follow each other, and ending waits.
_LICENCE = """
    SELECT l.id FROM research.instrument_licences l
    WHERE l.id = research.licence_in_force(%(instrument)s) FOR NO KEY UPDATE
"""

_NEWEST = """
    SELECT version, words FROM research.readable_wordings
    WHERE instrument = %(instrument)s AND language = %(language)s ORDER BY version DESC LIMIT 1
"""


async def enter(
    session: AsyncSession, instrument: Instrument, given: Wording, *, by: UUID
) -> Wording:
    """Keep words as the next version in their language; the same words again are no new version.
    Raises LicenceNotNeededError, InstrumentLockedError, or InvalidError for what is missing."""
    require_restricted(instrument)
    for fault in words.faults(given, instrument):
        raise InvalidError(fault.says, pointer=_POINTERS[fault.path[0]])
    parameters = {"instrument": instrument.name, "language": given.language}
    licences = await db.fetch_within(session, _LICENCE, parameters)
    if not licences:
        raise InstrumentLockedError(instrument.title, LockState.LOCKED)
    newest = await db.fetch_within(session, _NEWEST, parameters)
    version = newest[0]["version"] if newest else 0
    if newest and _same(newest[0]["words"], given.in_version(version)):
        return given.in_version(version)
    kept = given.in_version(version + 1)
    session.add(
        InstrumentWording(
            instrument=instrument.name,
            language=given.language,
            version=kept.version,
            structure=kept.structure,
            licence_id=licences[0]["id"],
            words=kept.model_dump(mode="json"),
            entered_by=by,
            entered_at=clock.now(),
        )
    )
    await session.flush()
    return kept


def _same(kept: dict[str, Any], given: Wording) -> bool:
    """To the last sign, and in the order of the labels, which is the order on screen."""
    return Wording.model_validate(kept).model_dump_json() == given.model_dump_json()
