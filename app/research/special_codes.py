"""Codes that stand where a value is missing, the same in every table for researchers."""

from typing import Final

#: The value was there and is not shown.
WITHHELD: Final = -8
#: It was asked and not said.
NOT_ANSWERED: Final = -9
#: There is nothing to say: the field has no meaning in this row.
NOT_APPLICABLE: Final = -7
#: The whole questionnaire was declined.
DECLINED: Final = -6
#: The questionnaire was not begun, or was left before this.
NOT_REACHED: Final = -5

SPECIAL: Final = {
    WITHHELD: "withheld: too few people share it",
    NOT_ANSWERED: "not answered",
    NOT_APPLICABLE: "does not apply",
    DECLINED: "declined: the whole questionnaire",
    NOT_REACHED: "not reached: the questionnaire was not begun, or left before this",
}
