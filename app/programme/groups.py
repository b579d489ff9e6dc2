"""Groups: started, changed and closed by the office, found and read by members."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, db, pages, text
from app.identity.actors import Actor
from app.programme import policies
from app.programme.choices import ABOUT_LIMIT, NAME_LIMIT, PLACE_LIMIT, GroupKind, GroupMode
from app.programme.errors import (
    AreaNotFoundError,
    GroupClosedError,
    GroupNotFoundError,
    HostsOnlyError,
    NameInUseError,
    OrganisationNotFoundError,
)
from app.programme.models import Group, Organisation, ProgrammeArea

#: Groups on one page of the list.
PAGE: Final = 50

_SHOWN: Final = """
    SELECT g.id, g.name, lower(g.name) AS sort_name, g.mode, g.kind, g.about, g.place,
      g.area_id, a.name AS area, g.organisation_id, o.name AS organisation,
      g.closed_at IS NOT NULL AS is_closed,
      (SELECT m.starts_at FROM programme.meetings m
        WHERE m.group_id = g.id AND m.cancelled_at IS NULL
          AND m.starts_at > %(now)s - make_interval(mins => m.minutes)
        ORDER BY m.starts_at LIMIT 1) AS next_at,
      EXISTS (SELECT FROM programme.group_members p
        WHERE p.group_id = g.id AND p.member_id = %(member)s) AS is_member,
      EXISTS (SELECT FROM programme.group_hosts h WHERE h.group_id = g.id
        AND h.account_id = %(account)s AND h.until IS NULL) AS is_host
    FROM programme.groups g
    JOIN programme.organisations o ON o.id = g.organisation_id
    LEFT JOIN programme.areas a ON a.id = g.area_id
"""
_SHOW: Final = f"{_SHOWN} WHERE g.id = %(group)s"
# One statement for each way of asking: a condition that may be absent is planned for neither.
_AFTER: Final = "(lower(g.name), g.id) > (%(name)s, %(id)s) ORDER BY lower(g.name), g.id LIMIT 51"
_OF_AREA: Final = f"{_SHOWN} WHERE g.area_id = %(area)s AND g.closed_at IS NULL AND {_AFTER}"
_ONLINE: Final = f"{_SHOWN} WHERE g.mode = 'online' AND g.closed_at IS NULL AND {_AFTER}"
_OPEN: Final = f"{_SHOWN} WHERE g.closed_at IS NULL AND {_AFTER}"
_OWN: Final = f"""
    {_SHOWN} WHERE g.closed_at IS NULL AND g.id IN (
      SELECT group_id FROM programme.group_members WHERE member_id = %(member)s
      UNION SELECT group_id FROM programme.group_hosts
        WHERE account_id = %(account)s AND until IS NULL)
    ORDER BY lower(g.name), g.id
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class GroupWords:
    """What the office writes of a group."""

    organisation_id: UUID
    area_id: UUID | None
    name: str
    mode: GroupMode
    kind: GroupKind
    about: str
    place: str


async def start(session: AsyncSession, words: GroupWords) -> Group:
    """A new group; raises OrganisationNotFoundError, AreaNotFoundError, NameInUseError or
    InvalidError."""
    return await _keep(session, Group(created_at=clock.now(), **await _cleaned(session, words)))


async def change(session: AsyncSession, group_id: UUID, words: GroupWords) -> Group:
    """New words for a group, whole; raises as `start` does, and GroupNotFoundError."""
    group = await find(session, group_id, lock=True)
    group.sqlmodel_update(await _cleaned(session, words))
    return await _keep(session, group)


async def close(session: AsyncSession, group_id: UUID) -> None:
    """The group meets no more: planned meetings are cancelled, its hosts stand down, and members
    find it no longer. What was recorded stays. Once more changes nothing."""
    group = await find(session, group_id, lock=True)
    if group.closed_at is not None:
        return
    group.closed_at = clock.now()
    session.add(group)
    await session.flush()
    connection = await db.driver(session)
    at = {"group": group_id, "now": group.closed_at}
    for statement in _CLOSE:
        await connection.execute(statement, at)


_CLOSE: Final = (
    "UPDATE programme.meetings m SET cancelled_at = %(now)s WHERE m.group_id = %(group)s"
    " AND m.cancelled_at IS NULL AND m.starts_at > %(now)s AND m.others_count = 0"
    " AND NOT EXISTS (SELECT FROM programme.attendances a WHERE a.meeting_id = m.id)",
    "UPDATE programme.group_hosts SET until = %(now)s WHERE group_id = %(group)s AND until IS NULL",
    "DELETE FROM programme.group_members WHERE group_id = %(group)s",
)


async def find(session: AsyncSession, group_id: UUID, *, lock: bool = False) -> Group:
    """The group, open or closed; raises GroupNotFoundError."""
    group = await session.get(Group, group_id, with_for_update=lock or None)
    if group is None:
        raise GroupNotFoundError
    return group


async def traits(
    session: AsyncSession, group_ids: Collection[UUID]
) -> dict[UUID, tuple[GroupKind, GroupMode]]:
    """The kind and the mode of these groups, open or closed."""
    query = select(col(Group.id), col(Group.kind), col(Group.mode)).where(
        col(Group.id).in_(group_ids)
    )
    return {
        group_id: (GroupKind(kind), GroupMode(mode))
        for group_id, kind, mode in (await session.execute(query)).all()
    }


async def access_to_run(
    session: AsyncSession, actor: Actor, group_id: UUID, *, lock: bool = False
) -> Group:
    """The group, for those who run it; raises GroupNotFoundError or HostsOnlyError."""
    group = await find(session, group_id, lock=lock)
    policies.can_run(actor, is_host=await _is_host(session, actor, group_id)).enforce(
        HostsOnlyError
    )
    return group


async def access_to_change(session: AsyncSession, actor: Actor, group_id: UUID) -> Group:
    """The same for something new; raises GroupClosedError too."""
    group = await access_to_run(session, actor, group_id, lock=True)
    policies.can_change(group).enforce(GroupClosedError)
    return group


async def show(pool: db.Pool, actor: Actor, group_id: UUID) -> DictRow:
    """One group as a member sees it; raises GroupNotFoundError."""
    rows = await db.fetch(pool, _SHOW, {**_asker(actor), "group": group_id})
    if not rows:
        raise GroupNotFoundError
    return rows[0]


async def list_(
    pool: db.Pool, actor: Actor, *, area_id: UUID | None, is_online: bool, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """A page of open groups by name: of one area, or those online, or all."""
    name, last = pages.decode(cursor, str, UUID) or ("", pages.FIRST_ID)
    asked = {**_asker(actor), "area": area_id, "name": name, "id": last}
    statement = _OF_AREA if area_id is not None else _ONLINE if is_online else _OPEN
    rows = await db.fetch(pool, statement, asked)
    if len(rows) <= PAGE:
        return rows, None
    end = rows[PAGE - 1]
    return rows[:PAGE], pages.encode(end["sort_name"], end["id"])


async def list_own(pool: db.Pool, actor: Actor) -> list[DictRow]:
    """The groups that someone goes to or runs."""
    return await db.fetch(pool, _OWN, _asker(actor))


def _asker(actor: Actor) -> dict[str, Any]:
    return {"member": actor.member_id, "account": actor.account_id, "now": clock.now()}


async def _is_host(session: AsyncSession, actor: Actor, group_id: UUID) -> bool:
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT 1 FROM programme.group_hosts"
        " WHERE group_id = %s AND account_id = %s AND until IS NULL",
        (group_id, actor.account_id),
    )
    return await cursor.fetchone() is not None


async def _cleaned(session: AsyncSession, words: GroupWords) -> dict[str, Any]:
    """The columns that the office writes; raises what `start` does but for NameInUseError."""
    if await session.get(Organisation, words.organisation_id) is None:
        raise OrganisationNotFoundError
    if words.area_id is None and words.mode is GroupMode.IN_PERSON:
        raise AreaNotFoundError("A group that meets in person needs an area. Please choose one.")
    if words.area_id is not None and await session.get(ProgrammeArea, words.area_id) is None:
        raise AreaNotFoundError
    return {
        "organisation_id": words.organisation_id,
        "area_id": words.area_id,
        "name": text.clean_line(words.name, limit=NAME_LIMIT, pointer="/name"),
        "mode": words.mode,
        "kind": words.kind,
        "about": _optional(words.about, ABOUT_LIMIT, "/about"),
        "place": _optional(words.place, PLACE_LIMIT, "/place"),
    }


async def _keep(session: AsyncSession, group: Group) -> Group:
    session.add(group)
    try:
        await session.flush()
    except IntegrityError as error:
        raise NameInUseError from error
    return group


def _optional(said: str, limit: int, pointer: str) -> str:
    return text.clean(said, limit=limit, pointer=pointer) if said.strip() else ""
