"""Instruments: what they ask, how they are scored, and how a participant would see them."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from app.api.deps import Needs, ReadPool
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.instruments import (
    InstrumentDetail,
    InstrumentLine,
    Instruments,
    Questionnaire,
)
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.instruments import catalogue, wording_access

router = resource("instruments", prefix="/instruments")

InstrumentReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_INSTRUMENTS_READ))]
Name = Annotated[str, Path(max_length=40)]
Version = Annotated[int | None, Query(ge=1, le=1000)]
Language = Annotated[str, Query(max_length=10)]


@router.get("", response_model=Instruments)
async def list_instruments(_: InstrumentReader, pool: ReadPool) -> Response:
    """Every instrument in its newest version, with whether its words may be shown."""
    found = catalogue.shipped().newest()
    states = await wording_access.of(pool, found)
    lines = [
        InstrumentLine.of(one, await wording_access.wordings(pool, one), states[one.name])
        for one in found
    ]
    return shown(Instruments(items=lines))


@router.get("/{name}", response_model=InstrumentDetail, responses=problems(InstrumentNotFoundError))
async def read_instrument(
    name: Name, _: InstrumentReader, pool: ReadPool, version: Version = None
) -> Response:
    """Structure, scoring, evidence and licence of an instrument, without words."""
    instrument = wording_access.find(name, version)
    states = await wording_access.of(pool, [instrument])
    versions = [one.version for one in catalogue.shipped().versions(name)]
    words = await wording_access.wordings(pool, instrument)
    return shown(InstrumentDetail.whole(instrument, versions, words, states[name]))


@router.get(
    "/{name}/preview",
    response_model=Questionnaire,
    responses=problems(InstrumentNotFoundError, InstrumentLockedError),
)
async def preview_instrument(
    name: Name,
    _: InstrumentReader,
    pool: ReadPool,
    version: Version = None,
    language: Language = "en",
    wording: Version = None,
) -> Response:
    """Everything that a participant's screen needs. Refused while the words are locked."""
    worded = await wording_access.access(
        pool, name, version=version, language=language, wording=wording
    )
    return shown(Questionnaire.of(worded))
