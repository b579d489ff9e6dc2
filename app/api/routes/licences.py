"""Licences of restricted instruments, and the words of their holders."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.api.deps import Needs, ReadSession, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes.instruments import Name
from app.api.schemas.licences import (
    LicenceEndWrite,
    LicenceRead,
    Licences,
    LicenceWrite,
    WordingRead,
    WordingWrite,
)
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research.errors.instruments import (
    InstrumentLockedError,
    InstrumentNotFoundError,
    LicenceNotFoundError,
    LicenceNotNeededError,
)
from app.research.instruments import licences, licensed_wordings, wording_access

router = resource("instruments", prefix="/instruments/{name}")

Licenser = Annotated[Actor, Depends(Needs(Permission.RESEARCH_INSTRUMENTS_LICENSE))]


@router.get("/licences", responses=problems(InstrumentNotFoundError))
async def list_licences(name: Name, _: Licenser, session: ReadSession) -> Licences:
    """Every licence that was recorded, the newest first."""
    found = await licences.ledger(session, wording_access.find(name))
    return Licences(items=[LicenceRead.of(line) for line in found])


@router.post(
    "/licences",
    status_code=201,
    responses=problems(InstrumentNotFoundError, LicenceNotNeededError),
)
async def record_licence(
    name: Name, body: LicenceWrite, administrator: Licenser, session: WriteSession
) -> LicenceRead:
    """Record a licence: number, what it covers, from when until when. It stays on record."""
    made = await licences.record(
        session,
        wording_access.find(name),
        licence_number=body.licence_number,
        scope=body.scope,
        starts_on=body.starts_on,
        expires_on=body.expires_on,
        by=administrator.account_id,
    )
    return LicenceRead.of((made, None))


@router.post(
    "/licences/{licence_id}/end",
    status_code=204,
    responses=problems(InstrumentNotFoundError, LicenceNotFoundError),
)
async def end_licence(
    name: Name,
    licence_id: UUID,
    body: LicenceEndWrite,
    administrator: Licenser,
    session: WriteSession,
) -> None:
    """End a licence now; without another one, the words are locked at once. Again is fine."""
    await licences.end(
        session,
        wording_access.find(name),
        licence_id,
        reason=body.reason,
        by=administrator.account_id,
    )


@router.post(
    "/wordings",
    status_code=201,
    responses=problems(InstrumentNotFoundError, InstrumentLockedError, LicenceNotNeededError),
)
async def enter_wording(
    name: Name, body: WordingWrite, administrator: Licenser, session: WriteSession
) -> WordingRead:
    """Enter the words of the licence holder in a language, as their next version."""
    instrument = wording_access.find(name, body.structure)
    kept = await licensed_wordings.enter(
        session, instrument, body.wording(instrument), by=administrator.account_id
    )
    return WordingRead(instrument=name, language=kept.language, version=kept.version)
