"""How often one may save answers: far more than anyone taps."""

from typing import Final

from app.core.allowances import Allowance

ANSWERS: Final = Allowance(
    "answers",
    600,
    600,
    "That was a lot in a short time. Your answers are kept on this device; they are sent in a few "
    "minutes.",
)
