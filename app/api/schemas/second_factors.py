"""Setting up an authenticator app."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.api.schemas.accounts import Body, Password


class BeginSecondFactor(Body):
    """Whoever sets it up shows that it is still them."""

    password: Password


class SecondFactorBegun(BaseModel):
    """The secret, to be typed or read as a picture of `uri`. It is shown this once."""

    secret: str
    uri: str


class EnrolSecondFactor(Body):
    """The app's first code."""

    code: Annotated[str, Field(max_length=40)]


class RecoveryCodes(BaseModel):
    """Ten codes for the day the phone is gone; each works once, and they are shown this once."""

    recovery_codes: list[str]
