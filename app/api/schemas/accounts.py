"""Requests and answers around joining, confirming an address and passwords."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool

from app.api.schemas.strict import Body
from app.identity.passwords import MAX_LENGTH

Email = Annotated[str, Field(min_length=1, max_length=320)]
#: The rules for a new password are the identity package's own; here only what is no password.
Password = Annotated[str, Field(min_length=1, max_length=MAX_LENGTH)]
Token = Annotated[str, Field(max_length=200)]


class Message(BaseModel):
    """A sentence for the person who asked."""

    message: str


class Register(Body):
    """Someone wants to join. Both promises are made by the person: neither has a default."""

    email: Email
    password: Password
    display_name: Annotated[str, Field(max_length=200)]
    is_adult: StrictBool
    agrees_to_rules: StrictBool


class OpenLink(Body):
    """A link from an e-mail."""

    token: Token


class NameAddress(Body):
    """An e-mail address to write to."""

    email: Email


class ResetRead(BaseModel):
    """Whose password a link is for."""

    email: str


class ResetPassword(Body):
    """A new password, by a link from an e-mail."""

    token: Token
    password: Password


class ChangePassword(Body):
    """A new password, by whoever knows the old one."""

    current_password: Password
    new_password: Password


class ChangeEmail(Body):
    """A new address; it counts once the link in its e-mail is opened."""

    password: Password
    email: Email


class CloseAccount(Body):
    """The end. `erase_study_data` also asks every study to forget."""

    password: Password
    erase_study_data: StrictBool
