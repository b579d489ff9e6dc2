"""How much one person may do in groups in a while: more than anyone does at a full meeting."""

from typing import Final

from app.core.allowances import Allowance

TEN_MINUTES: Final = 600

_WAIT: Final = "Please wait a few minutes, then press it again."

MEMBERSHIPS: Final = Allowance(
    "join a group", 60, TEN_MINUTES, f"That was a lot in a short time. {_WAIT}"
)
#: Ticks, cards and meetings.
HOSTING: Final = Allowance(
    "host", 600, TEN_MINUTES, f"That was a lot in a short time. What you ticked is kept. {_WAIT}"
)
