"""Setting the programme up, for the office: organisations, areas, groups and who runs them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.api.deps import Needs, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes.staff import Person, account_of
from app.api.schemas.programme import (
    AreaNamed,
    GroupWrite,
    GroupWritten,
    Named,
    Organisation,
    Organisations,
)
from app.community.errors import MemberNotFoundError
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.programme import groups, hosts, organisations
from app.programme.errors import (
    AreaNotFoundError,
    GroupClosedError,
    GroupNotFoundError,
    NameInUseError,
    NotAHostError,
    OrganisationNotFoundError,
)
from app.programme.groups import GroupWords

router = resource("programme", prefix="/programme")

Office = Annotated[Actor, Depends(Needs(Permission.PROGRAMME_GROUPS_EDIT))]

_OF_GROUPS = problems(OrganisationNotFoundError, AreaNotFoundError, NameInUseError)


@router.get("/organisations")
async def list_organisations(_: Office, pool: ReadPool) -> Organisations:
    """Every organisation, by name."""
    rows = await organisations.list_organisations(pool)
    return Organisations(items=[Organisation(**row) for row in rows])


@router.post("/organisations", status_code=201, responses=problems(NameInUseError))
async def add_organisation(body: Named, _: Office, session: WriteSession) -> Organisation:
    """A new organisation."""
    made = await organisations.add_organisation(session, name=body.name)
    return Organisation(id=made.id, name=made.name)


@router.put(
    "/organisations/{organisation_id}",
    responses=problems(OrganisationNotFoundError, NameInUseError),
)
async def rename_organisation(
    organisation_id: UUID, body: Named, _: Office, session: WriteSession
) -> Organisation:
    """Another name for it."""
    found = await organisations.rename_organisation(session, organisation_id, name=body.name)
    return Organisation(id=found.id, name=found.name)


@router.post("/areas", status_code=201, responses=problems(NameInUseError))
async def add_area(body: Named, _: Office, session: WriteSession) -> AreaNamed:
    """A new area."""
    made = await organisations.add_area(session, name=body.name)
    return AreaNamed(id=made.id, name=made.name)


@router.put("/areas/{area_id}", responses=problems(AreaNotFoundError, NameInUseError))
async def rename_area(area_id: UUID, body: Named, _: Office, session: WriteSession) -> AreaNamed:
    """Another name for it."""
    found = await organisations.rename_area(session, area_id, name=body.name)
    return AreaNamed(id=found.id, name=found.name)


@router.post("/groups", status_code=201, responses=_OF_GROUPS)
async def start_group(body: GroupWrite, _: Office, session: WriteSession) -> GroupWritten:
    """A new group."""
    made = await groups.start(session, GroupWords(**dict(body)))
    return GroupWritten(id=made.id, name=made.name)


@router.put("/groups/{group_id}", responses=_OF_GROUPS | problems(GroupNotFoundError))
async def change_group(
    group_id: UUID, body: GroupWrite, _: Office, session: WriteSession
) -> GroupWritten:
    """New words for a group, whole."""
    found = await groups.change(session, group_id, GroupWords(**dict(body)))
    return GroupWritten(id=found.id, name=found.name)


@router.delete("/groups/{group_id}", status_code=204, responses=problems(GroupNotFoundError))
async def close_group(group_id: UUID, _: Office, session: WriteSession) -> None:
    """The group meets no more; what was recorded stays. Once more changes nothing."""
    await groups.close(session, group_id)


@router.put(
    "/groups/{group_id}/hosts/{person}",
    status_code=204,
    responses=problems(GroupNotFoundError, GroupClosedError, MemberNotFoundError, NotAHostError),
)
async def add_host(
    group_id: UUID, person: Person, _: Office, pool: ReadPool, session: WriteSession
) -> None:
    """Let a host run this group. Once more changes nothing."""
    await hosts.add(session, group_id, account_id=await account_of(pool, person))


@router.delete(
    "/groups/{group_id}/hosts/{person}",
    status_code=204,
    responses=problems(GroupNotFoundError, MemberNotFoundError),
)
async def stand_host_down(
    group_id: UUID, person: Person, _: Office, pool: ReadPool, session: WriteSession
) -> None:
    """They run the group no longer. Once more changes nothing."""
    await hosts.stand_down(session, group_id, account_id=await account_of(pool, person))
