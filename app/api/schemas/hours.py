"""When the team is here, and how soon each kind of case should be looked at."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body


class TeamNow(BaseModel):
    """Whether moderators are here by the hours of the team; `words` says it to a member."""

    is_here: bool
    until: datetime | None
    next_at: datetime | None
    words: str


class Care(BaseModel):
    """What everyone may know of how this place is looked after."""

    erase_after_days: int


class TeamInterval(Body):
    """From and until which minute of a weekday; Monday is 0, and midnight at its end 1440."""

    weekday: Annotated[int, Field(ge=0, le=6, strict=True)]
    opens: Annotated[int, Field(ge=0, le=1439, strict=True)]
    closes: Annotated[int, Field(ge=1, le=1440, strict=True)]


_Minutes = Annotated[int, Field(ge=15, le=43_200, strict=True)]


class TeamTargets(Body):
    """Within how many minutes a case of each kind should be looked at."""

    worried: _Minutes
    breaks_rules: _Minutes
    appeal: _Minutes


class TeamHoursWrite(Body):
    """The hours of a week, at most six times a day, and the targets."""

    hours: Annotated[list[TeamInterval], Field(max_length=42)]
    targets: TeamTargets


class TeamHours(BaseModel):
    """The same, with the time zone that they are written in."""

    time_zone: str
    hours: list[TeamInterval]
    targets: TeamTargets
