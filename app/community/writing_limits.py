"""How much one member may write in a while: more than anyone does who reads what they answer."""

from typing import Final

from app.core.allowances import Allowance

TEN_MINUTES: Final = 600

_KEPT: Final = "What you wrote is still here. Please wait a few minutes, then send it again."

POSTS: Final = Allowance(
    "post", 60, TEN_MINUTES, f"That was a lot of posts in a short time. {_KEPT}"
)
REPLIES: Final = Allowance(
    "reply", 240, TEN_MINUTES, f"That was a lot of replies in a short time. {_KEPT}"
)
EDITS: Final = Allowance(
    "edit", 120, TEN_MINUTES, f"That was a lot of changes in a short time. {_KEPT}"
)
PROFILES: Final = Allowance(
    "profile",
    30,
    TEN_MINUTES,
    "That was a lot of changes to your profile in a short time. Please wait a few minutes, then "
    "save it again.",
)
BREAKS: Final = Allowance(
    "break", 30, TEN_MINUTES, "That was a lot in a short time. Your break stays as it is."
)
DELETIONS: Final = Allowance(
    "delete",
    600,
    TEN_MINUTES,
    "That was a lot in a short time. What you deleted is gone. Please wait a few minutes, then go "
    "on.",
)
REACTIONS: Final = Allowance(
    "react",
    600,
    TEN_MINUTES,
    "That was a lot in a short time. Please wait a few minutes, then press it again.",
)
#: Each makes two people's open pages read anew.
BLOCKS: Final = Allowance(
    "block",
    60,
    TEN_MINUTES,
    "That was a lot in a short time. Please wait a few minutes, then press it again.",
)
