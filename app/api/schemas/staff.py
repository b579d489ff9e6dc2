"""Appointing people."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body
from app.identity.roles import Role

#: Every role but that of a member, which comes with the account.
GivenRole = Literal[
    Role.HOST,
    Role.MODERATOR,
    Role.SAFEGUARDING,
    Role.ADVISER,
    Role.RESEARCHER,
    Role.CHECKER,
    Role.ADMINISTRATOR,
]


class Appointment(Body):
    """A role, and why it is given or removed; the reason stays on record."""

    role: GivenRole
    reason: Annotated[str, Field(max_length=2000)]


class StaffRead(BaseModel):
    """Someone who holds a role beside being a member."""

    account_id: UUID
    member_id: UUID
    display_name: str
    roles: list[Role]
    is_second_factor_enrolled: bool


class StaffList(BaseModel):
    """Everyone who holds one."""

    items: list[StaffRead]
