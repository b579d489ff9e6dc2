"""Appointing people, with a reason each time."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from app.api.deps import Needs, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.staff import Appointment, StaffList, StaffRead
from app.community import members
from app.community.errors import MemberNotFoundError
from app.core import text
from app.core.db import Pool
from app.identity import policies, staff
from app.identity.actors import Actor
from app.identity.errors import (
    LastAdministratorError,
    NotAppointableError,
    OwnRolesError,
    RoleFamiliesError,
)
from app.identity.permissions import Permission

router = resource("staff", prefix="/staff")

MayAppoint = Annotated[Actor, Depends(Needs(Permission.IDENTITY_STAFF_APPOINT))]
MayRead = Annotated[Actor, Depends(Needs(Permission.IDENTITY_STAFF_READ))]
#: An account's id, a member's id, or a display name.
Person = Annotated[str, Path(max_length=200)]

REASON_LENGTH = 500


@router.get("")
async def list_staff(_: MayRead, pool: ReadPool) -> StaffList:
    """Everyone who holds a role beside being a member."""
    rows = await staff.list_(pool)
    names = await members.display_names(pool, [row["member_id"] for row in rows])
    return StaffList(
        items=[
            StaffRead(
                account_id=row["account_id"],
                member_id=row["member_id"],
                display_name=names[row["member_id"]],
                roles=row["roles"],
                is_second_factor_enrolled=row["is_enrolled"],
            )
            for row in rows
        ]
    )


@router.post(
    "/{person}/roles",
    status_code=204,
    responses=problems(MemberNotFoundError, OwnRolesError, RoleFamiliesError, NotAppointableError),
)
async def grant_role(
    person: Person, body: Appointment, actor: MayAppoint, pool: ReadPool, session: WriteSession
) -> None:
    """Give someone a role. Again is fine. Moderation and research exclude each other."""
    account_id = await account_of(pool, person)
    policies.check_appointment(actor, account_id)
    await staff.grant(
        session,
        account_id=account_id,
        role=body.role,
        reason=_reason(body),
        granter_id=actor.account_id,
    )


@router.delete(
    "/{person}/roles",
    status_code=204,
    responses=problems(MemberNotFoundError, OwnRolesError, LastAdministratorError),
)
async def take_role_back(
    person: Person, body: Appointment, actor: MayAppoint, pool: ReadPool, session: WriteSession
) -> None:
    """Remove a role. Again is fine."""
    account_id = await account_of(pool, person)
    policies.check_appointment(actor, account_id)
    await staff.take_back(
        session,
        account_id=account_id,
        role=body.role,
        reason=_reason(body),
        granter_id=actor.account_id,
    )


async def account_of(pool: Pool, person: str) -> UUID:
    """The open account meant; raises MemberNotFoundError."""
    try:
        key: UUID | None = UUID(person)
    except ValueError:
        key = await members.find_by_name(pool, person)
    found = None if key is None else await staff.find(pool, key)
    if found is None:
        raise MemberNotFoundError("Check how the name is written. They may have left.")
    return found


def _reason(body: Appointment) -> str:
    return text.clean(body.reason, limit=REASON_LENGTH, pointer="/reason")
