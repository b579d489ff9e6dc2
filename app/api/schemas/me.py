"""The signed-in person, as their own pages need them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from app.api.schemas.strict import Body
from app.community.choices import BreakLength
from app.identity.permissions import Permission
from app.identity.roles import Role


class SecondFactorState(BaseModel):
    """Whether one is needed, set up, and shown on this sign-in."""

    is_required: bool
    is_enrolled: bool
    is_passed: bool


class MySettings(BaseModel):
    """What the person chose."""

    show_notes_open: bool


class Break(BaseModel):
    """A rest from the community."""

    ends_at: datetime


class Restriction(BaseModel):
    """What a sanction restricts; `until` is null for good."""

    until: datetime | None


class MyStanding(BaseModel):
    """What moderators decided that holds now; each null where it does not. `suspended`: the
    community is shut, `no_posting`: they don't write, `read_first`: a moderator reads first."""

    suspended: Restriction | None
    no_posting: Restriction | None
    read_first: Restriction | None


class WelcomingHost(BaseModel):
    """Who welcomes, as members see them."""

    id: UUID
    display_name: str


class Welcome(BaseModel):
    """What a newcomer's wall begins with. Without a host it is the team who welcomes."""

    host: WelcomingHost | None


class TakeBreak(Body):
    """How long to rest."""

    length: BreakLength


class Me(BaseModel):
    """Everything about oneself that pages show; nobody else is ever sent this."""

    account_id: UUID
    member_id: UUID
    display_name: str
    about: str
    email: str
    roles: list[Role]
    permissions: list[Permission]
    second_factor: SecondFactorState
    #: Whether a study may note what only this browser knows: reading, Help now, opened notes.
    is_recorded: bool
    #: Whether some study knows the member; it may have questions for them.
    takes_part: bool
    joined_at: datetime
    #: The break they are on now.
    on_break: Break | None
    #: Until when moderators decided that they are not here, or don't write, or are read first.
    standing: MyStanding
    #: Whether they ever put a post on the wall.
    has_posted: bool
    #: For newcomers, until they close it or have written something.
    welcome: Welcome | None
    settings: MySettings


class ChangeMySettings(Body):
    """What the person changes."""

    show_notes_open: StrictBool | None = None


class ChangeMe(Body):
    """What to change about oneself; what is left out stays as it is."""

    display_name: Annotated[str | None, Field(max_length=200)] = None
    about: Annotated[str | None, Field(max_length=20_000)] = None
    settings: ChangeMySettings | None = None
