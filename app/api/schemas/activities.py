"""What only the browser knows of what someone does."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.schemas.strict import Body
from app.research.browser_acts import MAX_ITEMS


class ReadAct(Body):
    """Posts were in view for so many whole seconds since the last of these was sent. Which posts
    they were is not told."""

    type: Literal["read"]
    seconds: int = Field(ge=1, le=86_400, strict=True)


class HelpOpenedAct(Body):
    """Help now was opened."""

    type: Literal["help_opened"]


class NoteOpenedAct(Body):
    """A folded post was opened through its content note. Which one is not told."""

    type: Literal["note_opened"]


BrowserAct = Annotated[ReadAct | HelpOpenedAct | NoteOpenedAct, Field(discriminator="type")]


class TellActivities(Body):
    """A batch of them."""

    items: list[BrowserAct] = Field(max_length=MAX_ITEMS)
