"""Setting the programme up: organisations, areas and groups."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body
from app.programme.choices import GroupKind, GroupMode


class Organisation(BaseModel):
    """One of those that run the programme together."""

    id: UUID
    name: str


class Organisations(BaseModel):
    """Every organisation, by name."""

    items: list[Organisation]


class Named(Body):
    """A name; each is given once."""

    name: Annotated[str, Field(max_length=400)]


class GroupWrite(Body):
    """A group, whole. One that meets in person needs an area."""

    organisation_id: UUID
    area_id: UUID | None
    name: Annotated[str, Field(max_length=400)]
    mode: GroupMode
    kind: GroupKind
    about: Annotated[str, Field(max_length=2000)]
    place: Annotated[str, Field(max_length=500)]


class AreaNamed(BaseModel):
    """An area as it was named."""

    id: UUID
    name: str


class GroupWritten(BaseModel):
    """A group that was started or changed."""

    id: UUID
    name: str
