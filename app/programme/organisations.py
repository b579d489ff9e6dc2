"""Organisations and areas: who runs the programme, and where. Both are named once and kept."""

from typing import TypeVar
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, text
from app.core.errors import ProblemError
from app.programme.choices import NAME_LIMIT
from app.programme.errors import (
    AreaNotFoundError,
    NameInUseError,
    OrganisationNotFoundError,
)
from app.programme.models import Organisation, ProgrammeArea

Named = TypeVar("Named", Organisation, ProgrammeArea)

_LIST_ORGANISATIONS = "SELECT id, name FROM programme.organisations ORDER BY lower(name), id"
_LIST_AREAS = """
    SELECT a.id, a.name, (SELECT count(*) FROM programme.groups g
      WHERE g.area_id = a.id AND g.closed_at IS NULL) AS group_count
    FROM programme.areas a ORDER BY lower(a.name), a.id
"""


async def add_organisation(session: AsyncSession, *, name: str) -> Organisation:
    """A new organisation; raises NameInUseError or InvalidError."""
    shown = text.clean_line(name, limit=NAME_LIMIT, pointer="/name")
    return await _keep(session, Organisation(name=shown, created_at=clock.now()))


async def add_area(session: AsyncSession, *, name: str) -> ProgrammeArea:
    """A new area; raises NameInUseError or InvalidError."""
    shown = text.clean_line(name, limit=NAME_LIMIT, pointer="/name")
    return await _keep(session, ProgrammeArea(name=shown, created_at=clock.now()))


async def rename_organisation(
    session: AsyncSession, organisation_id: UUID, *, name: str
) -> Organisation:
    """Give it another name; raises OrganisationNotFoundError or NameInUseError."""
    return await _rename(session, Organisation, organisation_id, name, OrganisationNotFoundError)


async def rename_area(session: AsyncSession, area_id: UUID, *, name: str) -> ProgrammeArea:
    """Give it another name; raises AreaNotFoundError or NameInUseError."""
    return await _rename(session, ProgrammeArea, area_id, name, AreaNotFoundError)


async def list_organisations(pool: db.Pool) -> list[DictRow]:
    """Every organisation, by name."""
    return await db.fetch(pool, _LIST_ORGANISATIONS)


async def list_areas(pool: db.Pool) -> list[DictRow]:
    """Every area with how many groups it has now, by name."""
    return await db.fetch(pool, _LIST_AREAS)


async def _rename(
    session: AsyncSession,
    kind: type[Named],
    key: UUID,
    name: str,
    missing: type[ProblemError],
) -> Named:
    found = await session.get(kind, key, with_for_update=True)
    if found is None:
        raise missing
    found.name = text.clean_line(name, limit=NAME_LIMIT, pointer="/name")
    return await _keep(session, found)


async def _keep(session: AsyncSession, one: Named) -> Named:
    session.add(one)
    try:
        await session.flush()
    except IntegrityError as error:
        raise NameInUseError from error
    return one
