"""Where somebody gets help at any hour, as the page *Help now* tells it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Who is there, and how they are reached."""

    #: For what, or who it is.
    name: str
    #: What to do: `Call 116 123`.
    act: str
    #: What it is like.
    about: str


ALL: Final = (
    HelpLine("Someone’s life is in danger", "Call 999", "You can also go to A&E."),
    HelpLine("Samaritans", "Call 116 123", "They listen at any hour. It is free."),
    HelpLine("Shout", "Text SHOUT to 85258", "You text, they text back, at any hour. It is free."),
    HelpLine("NHS 111", "Call 111, option 2", "This is the mental health team, at any hour."),
)
