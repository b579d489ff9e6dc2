"""Groups as members find them: by area or online, what they are, and saying that one goes there."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from psycopg.rows import DictRow

from app.api.deps import Confirmed, Member, ReadPool, Within, WriteSession
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.groups import AreaRead, Areas, Group, GroupHostRead, OwnAttendance, OwnGroups
from app.api.schemas.strict import Flag
from app.community import members
from app.core.db import Pool
from app.core.pages import BadCursorError, Page
from app.identity.actors import Actor
from app.programme import attendance, groups, hosts, limits, memberships, organisations
from app.programme.errors import GroupClosedError, GroupNotFoundError

router = resource("groups", responses=OF_THE_COMMUNITY)

Joiner = Annotated[Actor, Depends(Within(limits.MEMBERSHIPS))]


@router.get("/areas")
async def list_areas(_: Member, pool: ReadPool) -> Areas:
    """Every area, and how many groups are open there."""
    return Areas(items=[AreaRead(**row) for row in await organisations.list_areas(pool)])


@router.get("/groups", responses=problems(BadCursorError))
async def list_groups(
    actor: Member,
    pool: ReadPool,
    area_id: UUID | None = None,
    online: Flag = False,
    cursor: Annotated[str | None, Query(max_length=600)] = None,
) -> Page[Group]:
    """A page of open groups by name: of an area, or those online, or all."""
    rows, following = await groups.list_(
        pool, actor, area_id=area_id, is_online=online, cursor=cursor
    )
    return Page[Group](items=await _shown(pool, actor, rows), next_cursor=following)


@router.get("/me/groups")
async def list_my_groups(actor: Member, pool: ReadPool) -> OwnGroups:
    """The groups I go to or run."""
    return OwnGroups(items=await _shown(pool, actor, await groups.list_own(pool, actor)))


@router.get("/me/attendances", responses=problems(BadCursorError))
async def list_my_attendances(
    actor: Confirmed,
    pool: ReadPool,
    cursor: Annotated[str | None, Query(max_length=600)] = None,
) -> Page[OwnAttendance]:
    """A page of the meetings on whose list I stand, the latest first; also when the community is
    closed to me."""
    rows, following = await attendance.list_own(pool, actor, cursor=cursor)
    return Page[OwnAttendance](items=[OwnAttendance(**row) for row in rows], next_cursor=following)


@router.get("/groups/{group_id}", responses=problems(GroupNotFoundError))
async def read_group(group_id: UUID, actor: Member, pool: ReadPool) -> Group:
    """One group, also when it has closed."""
    (group,) = await _shown(pool, actor, [await groups.show(pool, actor, group_id)])
    return group


@router.put(
    "/groups/{group_id}/membership",
    status_code=204,
    responses=problems(GroupNotFoundError, GroupClosedError),
)
async def join_group(group_id: UUID, actor: Joiner, session: WriteSession) -> None:
    """Say that I go to this group: its hosts read my name on their list. Once more changes
    nothing."""
    await memberships.join(session, actor, group_id)


@router.delete("/groups/{group_id}/membership", status_code=204)
async def leave_group(group_id: UUID, actor: Joiner, session: WriteSession) -> None:
    """Go there no longer. What was recorded of meetings stays; once more changes nothing."""
    await memberships.leave(session, actor, group_id)


async def _shown(pool: Pool, actor: Actor, rows: Sequence[DictRow]) -> list[Group]:
    """Groups with those who run them; whom one does not meet is not named."""
    running: dict[UUID, list[UUID]] = {}
    for row in await hosts.list_(pool, [row["id"] for row in rows]):
        running.setdefault(row["group_id"], []).append(row["member_id"])
    known = {member_id for some in running.values() for member_id in some}
    names = await members.names_met(pool, actor, known)
    return [
        Group(
            **{name: row[name] for name in Group.model_fields if name != "hosts"},
            hosts=[
                GroupHostRead(member_id=member_id, display_name=names[member_id])
                for member_id in running.get(row["id"], ())
                if member_id in names
            ],
        )
        for row in rows
    ]
