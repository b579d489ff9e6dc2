"""Signing in, and seeing where one is signed in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.accounts import Email, Password
from app.api.schemas.strict import Body


class SignIn(Body):
    """Address, password, and the code where the account asks for one."""

    email: Email
    password: Password
    code: Annotated[str | None, Field(max_length=40)] = None


class SessionRead(BaseModel):
    """One browser that is signed in."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    description: str
    is_current: bool


class SessionList(BaseModel):
    """All of one's own, the one used last first."""

    items: list[SessionRead]
