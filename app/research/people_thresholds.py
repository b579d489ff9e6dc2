"""How many people a row or a count must stand for before it is shown."""

from typing import Final

from app.research.special_codes import WITHHELD

#: Every combination that occurs in a file is shared by so many people: for files that stay inside
#: a signed research team.
K: Final = 5
#: Counts of persons up to this are redacted; all others are rounded to ROUNDING (OpenSAFELY,
#: "Disclosure control": redact 7 or fewer, then round to the nearest 5).
REDACTED_UP_TO: Final = 7
ROUNDING: Final = 5


def rounded(people: int) -> int:
    """A count of persons as it may be shown; WITHHELD when it is redacted."""
    if 0 < people <= REDACTED_UP_TO:
        return WITHHELD
    return (people + ROUNDING // 2) // ROUNDING * ROUNDING
