"""Codes that every table for researchers shares, and how a count of persons may be shown."""

from typing import Final

#: Every combination that occurs in a file is shared by so many people: for files that stay inside
#: a signed research team.
K: Final = 5
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

#: Counts of persons up to this are redacted; all others are rounded to ROUNDING (OpenSAFELY,
#: "Disclosure control": redact 7 or fewer, then round to the nearest 5).
REDACTED_UP_TO: Final = 7
ROUNDING: Final = 5


def rounded(people: int) -> int:
    """A count of persons as it may be shown; WITHHELD when it is redacted."""
    if 0 < people <= REDACTED_UP_TO:
        return WITHHELD
    return (people + ROUNDING // 2) // ROUNDING * ROUNDING
