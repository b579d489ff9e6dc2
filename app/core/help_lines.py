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
    #: What a telephone does with it.
    address: str


ALL: Final = (
    HelpLine("Someone’s life is in danger", "Call 999", "You can also go to A&E.", "tel:999"),
    HelpLine("Samaritans", "Call 116 123", "They listen at any hour. It is free.", "tel:116123"),
    HelpLine(
        "Shout",
        "Text SHOUT to 85258",
        "You text, they text back, at any hour. It is free.",
        "sms:85258?&body=SHOUT",
    ),
    HelpLine(
        "NHS 111", "Call 111, option 2", "This is the mental health team, at any hour.", "tel:111"
    ),
)
